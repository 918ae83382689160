-- Move ended tasks to the history and notify whoever waits for them. Fenced: a task that is not held by this worker under this
-- claim any more is left alone, and the caller sees that from the ids that come back.
WITH report AS (
    SELECT * FROM unnest(
        %(ids)s::uuid[], %(claims)s::integer[], %(states)s::text[], %(attempts)s::smallint[],
        %(error_codes)s::text[], %(results)s::text[]
    ) AS report (id, claims, state, attempt, error_code, result)
), gone AS (
    DELETE FROM {schema}.task USING report
    WHERE task.id = report.id AND task.worker = %(worker)s::bigint AND task.claims = report.claims
    RETURNING task.id, created_at, started_at, good_until, worker, report.state, priority, report.attempt, losses, queue, name,
              fingerprint, payload, report.error_code, report.result, past_attempts
), ended AS (
    INSERT INTO {schema}.history
        (id, created_at, started_at, good_until, worker, state, priority, attempt, losses, queue, name,
         fingerprint, payload, error_code, result, past_attempts)
    SELECT id, created_at, started_at, good_until, worker, state::{schema}.terminal_state, priority, attempt, losses, queue, name,
           fingerprint, payload, error_code, result, past_attempts
    FROM gone
), heard AS (
    DELETE FROM {schema}.waiter USING gone WHERE waiter.task = gone.id RETURNING task, channel
)
SELECT (SELECT array_agg(id) FROM gone) AS ended,
       (SELECT count(pg_notify(channel, task::text)) FROM heard) AS heard
