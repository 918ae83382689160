-- One worker whose lease ran out. Nobody is dead until the server has been up for a lease: while it was down no one could renew.
-- And a worker whose own lease ran out judges nobody, itself least of all: what held it up may have held them all up.
SELECT id, terms FROM {schema}.worker
WHERE lease_until < now() AND pg_postmaster_start_time() < now() - %(lease)s::interval
    AND (%(by)s::bigint IS NULL OR EXISTS (SELECT FROM {schema}.worker WHERE id = %(by)s::bigint AND lease_until >= now()))
ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED
