-- As ring_all, within the caller's own transaction: every server of the queues is rung and no flag is taken down.
SELECT count(pg_notify(%(bell)s::text || worker, '')) AS rung
FROM {schema}.sleeper WHERE queues && %(queues)s::text[]
