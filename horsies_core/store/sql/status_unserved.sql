-- Waiting tasks that no live worker serves: none has the name in one of its queues, or none that has can read the payload.
SELECT queue, name, fingerprint, sum(count)::bigint AS count, min(oldest) AS oldest, bool_or(is_known) AS is_known
FROM (
    SELECT queue, name, fingerprint, refused_by, count(*) AS count, min(created_at) AS oldest
    FROM {schema}.task WHERE worker IS NULL GROUP BY queue, name, fingerprint, refused_by
) AS waiting
CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS is_known,
           count(*) FILTER (
               WHERE NOT (waiting.fingerprint = ANY (refused)) AND coalesce(NOT (waiting.refused_by && readers), true)
           ) AS capable
    FROM {schema}.worker
    WHERE lease_until >= now() AND waiting.name = ANY (names) AND waiting.queue = ANY (queues)
) AS served
WHERE capable = 0
GROUP BY queue, name, fingerprint ORDER BY queue, name, fingerprint
