-- One worker whose lease ran out. Nobody is dead until the server has been up for a lease: while it was down no one could renew.
SELECT id, terms FROM {schema}.worker
WHERE lease_until < now() AND pg_postmaster_start_time() < now() - %(lease)s::interval
ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED
