-- Of tasks that were just put back, end the ones that somebody cancelled while they were held.
WITH gone AS (
    DELETE FROM {schema}.task WHERE id = ANY (%(ids)s::uuid[]) AND worker IS NULL AND cancelled
    RETURNING *
), ended AS (
    INSERT INTO {schema}.history
        (id, created_at, good_until, state, priority, attempt, losses, queue, name, fingerprint, payload, error_code, result,
         past_attempts)
    SELECT id, created_at, good_until, 'CANCELLED', priority, attempt, losses, queue, name, fingerprint, payload,
           %(error_code)s, %(result)s, past_attempts
    FROM gone
    RETURNING id
), heard AS (
    DELETE FROM {schema}.waiter USING ended WHERE task = ended.id RETURNING task, channel
)
SELECT count(pg_notify(channel, task::text)) AS heard FROM heard
