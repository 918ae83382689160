-- Many tasks came at once: ring everybody who serves one of their queues.
WITH rung AS (
    UPDATE {schema}.sleeper SET asleep = false
    WHERE worker IN (
        SELECT worker FROM {schema}.sleeper
        WHERE asleep AND queues && %(queues)s::text[]
        FOR UPDATE SKIP LOCKED
    )
    RETURNING worker
)
SELECT count(pg_notify(%(bell)s::text || worker, '')) AS rung FROM rung
