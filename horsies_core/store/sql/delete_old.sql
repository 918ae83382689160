-- Retention, a bite at a time. Ids begin with the time of creation, so the oldest stand first in the primary key.
WITH old AS (
    SELECT id FROM {schema}.history
    WHERE id < %(newest)s::uuid AND finished_at < now() - %(age)s::interval
    ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
), keys AS (
    DELETE FROM {schema}.idempotency_key USING old WHERE task = old.id
), gone AS (
    DELETE FROM {schema}.history USING old WHERE history.id = old.id RETURNING history.id
)
SELECT count(*) AS deleted FROM gone
