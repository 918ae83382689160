"""The worker: a supervisor, its slots, and the children in them.

Who is who. The *supervisor* is one thread in one loop; it never waits for a child or for the database. The *clerk* speaks with
the database, one operation at a time: what may have to wait in a thread of its own, a turn in the loop. The *ear* hears rings:
its thread connects, the loop reads. The *template* is a
process with the task modules loaded, forked before there were threads; it forks the *children*, kills them and reports their
ends. A *slot* is one child, one pair of pipes and one deadline: it is killed alone.

One attempt: claimed by the clerk in a batch → `desk` (stock) → `crew` hands it to a slot → the child decodes, calls, checks,
encodes (`attempt`) → `desk` decides with `policy` → the next turn writes it. Deaths, deadlines, cancelling and shutdown are
reports like a normal finish.

What is known about a start. A child writes the number of its order into shared memory right before user code (`marks`), so
after the death of a child the supervisor knows exactly. After the death of the whole worker only the database knows:

- a task that is not known to be short (`pace`: at least five runs, mean below 10 ms), or was lost before, is durably marked as
  started before user code runs: with the claim itself if a child waits for it, else by a write of its own. If
  its worker dies, it is retried by its policy or fails as WORKER_CRASHED, never silently run again;
- a short task may wait in a child's line and start unmarked; if it runs for more than 30 ms it is marked then. If the worker
  dies in between, it counts as not started and is run again. Tasks that must not be, ever, are told apart by
  an idempotency of their own, as with every queue.

Invariants. A child never touches the queue's tables. No child outlives its supervisor (a parent-death signal down the chain
supervisor → template → child, and pipes that end). A kill takes the child's process group, and nobody else. Behind a task that
takes long nobody waits: what its child has not read is taken back out of the pipe. A report that the database did not
take is kept and sent again; what was claimed or written unnoticed is found by comparing after the connection is back. A worker
that lost its lease stops what it does and begins again under a new number.

Speed (``benchmarks/speed``, two cores). A no-op task in a backlog costs some 25 µs in the supervisor and 20 in its child: frames
by the packet, replies by the buffer, reports and the next claim by the turn. A turn is one round trip, BEGIN and COMMIT included.
A task at rest costs the supervisor five turns (look, report, flag, look, late look), of which two stand between the ring and
the result; both are sent and heard by the loop, since after a rest each change of threads takes a tenth of a millisecond. What a
round of the loop looks at grows with the children and not with their tasks: 32 children have 1,500 in their lines.

Fairness. Queues are claimed in the order of priority; those of one priority take turns in being the first, claim by claim. What
is claimed of a more urgent queue passes the stock. Within a queue the order is that of the claims: a stock of 0.1 s.

Left aside: `ProcessPoolExecutor` (killing one child breaks the pool); children that claim for themselves (faster, but each
needs a connection, and a killed one loses its batch); several tasks in one packet (a long one would hold the others).

Needs Linux: SOCK_SEQPACKET, memfd and PR_SET_PDEATHSIG.
"""
