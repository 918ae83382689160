-- One task with options: delayed, with a last moment, with an idempotency key; and at most one ring. The ring takes the sleeper's flag down with it, so that the next task does not ring
-- again; a flag that another producer is just taking down is left alone, because that producer rings.
-- A task that exists is left as it is: the id is the producer's, so sending it again after a lost connection is harmless.
WITH added AS (
    INSERT INTO {schema}.task (id, name, queue, priority, fingerprint, payload, due_at, good_until)
    SELECT %(id)s::uuid, %(name)s::text, %(queue)s::text, %(priority)s::smallint, %(fingerprint)s::text, %(payload)s::text,
           nullif(greatest(coalesce(%(run_at)s::timestamptz, now() + %(delay)s::interval), now()), now()),
           %(good_until)s::timestamptz
    WHERE %(key)s::text IS NULL OR EXISTS (
        SELECT FROM {schema}.idempotency_key WHERE name = %(name)s AND key = %(key)s AND task = %(id)s
    )
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), rung AS (
    UPDATE {schema}.sleeper SET asleep = false
    WHERE worker = (
        SELECT worker FROM {schema}.sleeper
        WHERE asleep AND %(queue)s::text = ANY (queues) AND %(name)s::text = ANY (names)
        LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING worker
)
SELECT (SELECT count(*) FROM added) AS added, (SELECT count(pg_notify(%(bell)s::text || worker, '')) FROM rung) AS rung
