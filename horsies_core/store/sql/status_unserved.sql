-- Waiting tasks that no live worker serves.
SELECT queue, name, count(*) AS count, min(created_at) AS oldest
FROM {schema}.task
WHERE worker IS NULL AND NOT EXISTS (
    SELECT FROM {schema}.worker
    WHERE lease_until >= now() AND task.name = ANY (worker.names) AND task.queue = ANY (worker.queues)
)
GROUP BY queue, name ORDER BY queue, name
