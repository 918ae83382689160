-- Put tasks back: retries with a delay and a past attempt more, requeued ones as they were. Fenced like an ending.
WITH report AS (
    SELECT * FROM unnest(
        %(ids)s::uuid[], %(claims)s::integer[], %(delays)s::float8[], %(counted)s::smallint[], %(lost)s::smallint[],
        %(refusals)s::text[], %(error_codes)s::text[], %(messages)s::text[]
    ) AS report (id, claims, delay_s, counted, lost, refusal, error_code, message)
)
UPDATE {schema}.task SET
    worker = NULL,
    claimed_at = NULL,
    started_at = NULL,
    limited = false,
    due_at = CASE WHEN delay_s > 0 THEN now() + make_interval(secs => delay_s) END,
    attempt = attempt + counted,
    losses = losses + lost,
    refused_by = CASE WHEN refusal IS NULL THEN refused_by ELSE array_append(array_remove(refused_by, refusal), refusal) END,
    past_attempts = CASE WHEN counted = 0 THEN past_attempts ELSE coalesce(past_attempts, '[]') || jsonb_build_object(
        'attempt', attempt + 1, 'error_code', error_code, 'message', message, 'worker', worker,
        'started_at', started_at, 'finished_at', now()
    ) END
FROM report
WHERE task.id = report.id AND task.worker = %(worker)s::bigint AND task.claims = report.claims
RETURNING task.id
