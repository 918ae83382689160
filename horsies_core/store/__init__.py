"""The only place that speaks SQL: statements, migrations, operations, connections, notifications.

Every statement stands in ``sql/``, one verb a file, its reason in its comments. An *operation* (`operation`) is a
generator of statements, so that one text serves blocking and async callers. psycopg's errors become the store's at one point
(`translation`).

The tables. ``task`` holds live tasks only; one that ends moves to ``history`` in the statement that ends it. A partial
index holds exactly what may be claimed, in the order of claiming, another one what is delayed. The state of a live task is
no column but follows from ``worker`` and ``started_at``; so marking a task as running touches no index and no index tempts the
planner to walk the rows in work.

Invariants. Every write after a claim is fenced by ``(id, worker, claims)``: a stale one changes nothing and is counted. The
lease is the worker's row, not each task's. The clock is the database's: delays, expiry, leases; no other clock is
compared with it. Ids are made by producers (`ids`), so repeating a send is harmless. Payloads and results are text that
nothing here parses.

Wake-ups. A worker with room and nothing to do puts up its flag in ``sleeper``; an insert looks for one on its way, and only if
there is one a second statement takes the flag down and notifies that worker. With nobody asleep no notification is sent, because
NOTIFY serialises commits. A producer that found somebody asleep the last time expects it again and rings within the insert: a
round trip less at rest, where nobody else commits. The
same holds for results: who waits is in ``waiter``, and a finish notifies only them. Both are hints: a lost one costs a poll.

Speed (``benchmarks/speed``, ``docs/performance.md``). A turn of a worker is one transaction in one write: finish, put back, claim.
Array parameters are text literals (`arrays`), COPY lines are written once for what a batch has in common (`copying`). Own
connections are spoken to over libpq (`exchange`), because psycopg's cursors cost as much as all else in a send, and its pipeline a
wait for each statement; values go through psycopg's adapters all the same. Connections of the caller's are used as psycopg's.
"""
