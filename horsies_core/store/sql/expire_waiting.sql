-- End waiting tasks whose good_until has passed; nobody has to claim them for that.
WITH late AS (
    SELECT id FROM {schema}.task WHERE worker IS NULL AND good_until IS NOT NULL AND good_until <= now()
    ORDER BY good_until LIMIT 500 FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM {schema}.task USING late WHERE task.id = late.id
    RETURNING task.*
), ended AS (
    INSERT INTO {schema}.history
        (id, created_at, good_until, state, priority, attempt, losses, queue, name, fingerprint, payload, error_code, result,
         past_attempts)
    SELECT id, created_at, good_until, 'EXPIRED', priority, attempt, losses, queue, name, fingerprint, payload,
           %(error_code)s, %(result)s, past_attempts
    FROM gone
    RETURNING id
), heard AS (
    DELETE FROM {schema}.waiter USING ended WHERE task = ended.id RETURNING task, channel
)
SELECT (SELECT count(*) FROM ended) AS ended, (SELECT count(pg_notify(channel, task::text)) FROM heard) AS heard
