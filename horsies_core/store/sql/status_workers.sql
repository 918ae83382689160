SELECT id, host, pid, processes, queues, started_at, lease_until, lease_until >= now() AS alive
FROM {schema}.worker ORDER BY id
