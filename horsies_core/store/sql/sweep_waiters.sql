-- Who waited for a task that has ended, and was killed, or gave up, before it could take its entry back: the end had not seen the
-- entry yet. Whoever waits still looks for the outcome now and then, so nobody is forgotten.
WITH stray AS (
    SELECT task, channel FROM {schema}.waiter
    WHERE NOT EXISTS (SELECT FROM {schema}.task WHERE task.id = waiter.task)
    LIMIT 1000
), gone AS (
    DELETE FROM {schema}.waiter USING stray WHERE waiter.task = stray.task AND waiter.channel = stray.channel
    RETURNING waiter.task
)
SELECT count(*) AS deleted FROM gone
