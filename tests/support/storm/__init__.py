"""The storm: tasks of every kind over several real workers while everything under them is killed at random.

    make storm                      a storm of 2,000 tasks, with a seed of the day
    make storm SEED=7 TASKS=5000    the same storm again: tasks, strikes and pauses all follow from the seed

Who is who. `plan` makes everything out of the seed, as values. `app` holds the tasks; each writes into the `journal` that its
user code began and ended. `fleet` runs the workers through the real command line, each as a database role of its own, behind a
`wire` that can be cut, two of them with clocks that are minutes off. `weather` does what the plan says: it kills children,
templates, workers, the server. `audit` has the database itself write down who changed which row. `verdict` compares all that
afterwards.

What must hold, whatever was hit: every task is in exactly one end state, or waits because it must; no payload differs from what was
sent; attempts add up; nobody ran after its expiry, or expired before it; limits were never exceeded among workers that held their
lease; every write was made by the task's holder, or by somebody who recovered it after the holder's lease was over; no process
is left.

Where a kill falls inside a process differs from run to run, because processes are not deterministic; what must hold does not
depend on it.
"""
