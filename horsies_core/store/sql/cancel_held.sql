-- Ask the worker that holds a task to stop it. It hears of it by the ring, or at its next heartbeat.
WITH asked AS (
    UPDATE {schema}.task SET cancelled = true WHERE id = %(id)s AND worker IS NOT NULL RETURNING worker
)
SELECT count(pg_notify(%(bell)s::text || worker, 'cancel')) AS asked FROM asked
