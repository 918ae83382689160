-- Everything about one task but its payload.
SELECT id, name, queue, priority, fingerprint, state::text AS state, created_at, NULL::timestamptz AS due_at, good_until,
       started_at, finished_at, attempt, losses, worker, error_code, past_attempts
FROM {schema}.history WHERE id = %(id)s
UNION ALL
SELECT id, name, queue, priority, fingerprint,
       CASE WHEN worker IS NULL THEN 'PENDING' WHEN started_at IS NULL THEN 'CLAIMED' ELSE 'RUNNING' END,
       created_at, due_at, good_until, started_at, NULL, attempt, losses, worker, NULL, past_attempts
FROM {schema}.task WHERE id = %(id)s
