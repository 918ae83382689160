-- Everything that a worker holds. There is no index for it on purpose: it is asked after a lost connection and
-- after a death, never in between.
SELECT id, name, queue, fingerprint, payload, claims, attempt, losses,
       extract(epoch FROM good_until)::float8 AS good_until, started_at IS NOT NULL AS marked
FROM {schema}.task WHERE worker = %(worker)s::bigint
ORDER BY id
LIMIT %(most)s
