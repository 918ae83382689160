-- End a task that nobody holds. One that is just being claimed is locked: this waits for the claim and then finds nothing.
WITH gone AS (
    DELETE FROM {schema}.task WHERE id = %(id)s AND worker IS NULL
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
SELECT (SELECT count(*) FROM ended) AS ended, (SELECT count(pg_notify(channel, task::text)) FROM heard) AS heard
