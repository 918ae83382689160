"""How fast horsies is, as ratios: every figure is taken in one run with what limits it, on one server, taking turns.

``python -m benchmarks.speed`` measures; ``--quick`` takes a short look, ``--only NAME`` one measurement, ``--peers`` races
the other queues that ``make bench-peers`` has installed. The server is the benchmark's own (`server`): ``fsync`` and
``synchronous_commit`` on. The worker under test is started by its command line and stores results, checks contracts and
fences every write. What Postgres itself allows is measured by bare clients on bare tables (`limits`).

A drain is timed by the database's clock, from the commit that enqueues to the commit that ends the last task. Ratios are
formed repeat by repeat, so that a slow moment of the machine weighs on both sides; the table gives their median and their range.
"""
