-- One task within the caller's own transaction, which may stay open for long: it rings every worker that serves the
-- task and takes no flag down, because a flag locked by an open transaction would keep others from ringing.
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
)
SELECT (SELECT count(*) FROM added) AS added,
       (SELECT count(pg_notify(%(bell)s::text || worker, '')) FROM {schema}.sleeper
        WHERE %(queue)s::text = ANY (queues) AND %(name)s::text = ANY (names)) AS rung
