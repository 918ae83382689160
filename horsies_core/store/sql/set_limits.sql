INSERT INTO {schema}.queue_limit (queue, max_concurrency)
SELECT * FROM unnest(%(queues)s::text[], %(limits)s::integer[])
ON CONFLICT (queue) DO UPDATE SET max_concurrency = excluded.max_concurrency
WHERE queue_limit.max_concurrency <> excluded.max_concurrency
