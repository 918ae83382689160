-- Retention, a bite at a time. Ids begin with the time of creation, and what ended so long ago was created before: so only the
-- old end of the primary key is looked at, however much is kept. The clock of the producer that made an id may be off: one
-- that is ahead has its outcomes kept longer by as much, and the database's own clock decides in any case.
WITH old AS (
    SELECT id FROM {schema}.history
    WHERE finished_at < now() - %(age)s::interval AND id < (
        lpad(to_hex(floor(extract(epoch FROM now() - %(age)s::interval) * 1000)::bigint), 12, '0') || repeat('0', 20)
    )::uuid
    ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
), keys AS (
    DELETE FROM {schema}.idempotency_key USING old WHERE task = old.id
), gone AS (
    DELETE FROM {schema}.history USING old WHERE history.id = old.id RETURNING history.id
)
SELECT count(*) AS deleted FROM gone
