-- User code of these tasks is about to run or runs. Touches no index.
UPDATE {schema}.task SET started_at = now()
FROM unnest(%(ids)s::uuid[], %(claims)s::integer[]) AS started (id, claims)
WHERE task.id = started.id AND task.worker = %(worker)s::bigint AND task.claims = started.claims AND started_at IS NULL
