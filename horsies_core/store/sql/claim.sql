-- Claim the next tasks of the served queues, in the order in which the queues are given. The join is lazy: as soon as enough
-- rows are found, later queues are not looked at and no row is locked in vain. Of a limited queue, as many as its limit still
-- allows. The first `direct` rows, and every one that was lost before, go straight to a child, alone: they are marked as
-- started in the same write, so that the mark is durable before user code runs. A worker whose lease
-- is about to run out claims nothing, and the claim holds on to the worker's row: a recovery passes it by until the claim
-- has ended, however long that takes, and then finds what was claimed. It never waits for a lock.
WITH picked AS MATERIALIZED (
    SELECT ready.id, served.limited
    FROM unnest(%(queues)s::text[], %(limited)s::boolean[]) AS served (queue, limited)
    CROSS JOIN LATERAL (
        SELECT id
        FROM {schema}.task
        WHERE queue = served.queue AND worker IS NULL AND due_at IS NULL
          AND name = ANY (%(names)s::text[]) AND NOT (fingerprint = ANY (%(refused)s::text[]))
          AND (refused_by IS NULL OR NOT refused_by && %(unfit)s::text[])
        ORDER BY priority, id
        LIMIT CASE WHEN served.limited THEN greatest(0,
            (SELECT max_concurrency FROM {schema}.queue_limit WHERE queue_limit.queue = served.queue)
            - (SELECT count(*) FROM {schema}.task AS held
               WHERE held.queue = served.queue AND held.limited AND held.worker IS NOT NULL)
        ) ELSE %(wanted)s::bigint END
        FOR UPDATE SKIP LOCKED
    ) AS ready
    WHERE EXISTS (
        SELECT FROM {schema}.worker WHERE id = %(worker)s::bigint AND lease_until > now() + %(margin)s::interval
        FOR KEY SHARE SKIP LOCKED
    )
    LIMIT %(wanted)s::bigint
), placed AS (
    SELECT id, limited, row_number() OVER () AS place FROM picked
)
UPDATE {schema}.task SET
    worker = %(worker)s::bigint,
    claimed_at = now(),
    claims = claims + 1,
    limited = placed.limited,
    started_at = CASE WHEN place <= %(direct)s::integer OR losses > 0 THEN now() END
FROM placed
WHERE task.id = placed.id
RETURNING task.id, name, queue, fingerprint, payload, claims, attempt, losses,
          extract(epoch FROM good_until)::float8 AS good_until, started_at IS NOT NULL AS marked, place
