-- Where a task stands. One snapshot sees it in exactly one of the two tables.
SELECT state::text AS state, result, error_code, attempt, finished_at
FROM {schema}.history WHERE id = %(id)s
UNION ALL
SELECT CASE WHEN worker IS NULL THEN 'PENDING' WHEN started_at IS NULL THEN 'CLAIMED' ELSE 'RUNNING' END,
       NULL, NULL, attempt, NULL
FROM {schema}.task WHERE id = %(id)s
