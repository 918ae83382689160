"""Pure decisions: no clock, no randomness of its own, no I/O. What they need is given to them.

`states` is the state machine as one table. A change of state is a value (`transition`) with one constructor per legal change;
whatever happens to an attempt is a value too (`report`): a normal finish, a deadline, a death, a shutdown. `decide` turns the
one into the other, for a worker and for the recovery of a dead one alike, so there is one place that knows when a task
is tried again.

Retry and timeout follow the worker's code (`terms`), not the producer's copy: the row holds neither.

Invariants. Every report on every claim gives exactly one transition, and a legal one. An attempt that counts ends in
a retry or in the history. A task that kills whoever runs it ends after a bounded number of attempts: a start is durably marked
before user code runs, at the latest after the first loss, and losses are counted.
"""
