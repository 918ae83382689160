-- Ring one sleeping worker that serves the task. The ring takes the sleeper's flag down with it, so that the next task does not
-- ring again; a flag that another producer is just taking down is left alone, because that producer rings.
WITH rung AS (
    UPDATE {schema}.sleeper SET asleep = false
    WHERE worker = (
        SELECT worker FROM {schema}.sleeper
        WHERE asleep AND %(queue)s::text = ANY (queues) AND %(name)s::text = ANY (names)
        LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING worker
)
SELECT count(pg_notify(%(bell)s::text || worker, '')) AS rung FROM rung
