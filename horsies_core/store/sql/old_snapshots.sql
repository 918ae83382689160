-- Sessions that keep dead rows from being cleaned away: their snapshot has been open for long.
SELECT pid, application_name, state, extract(epoch FROM now() - xact_start)::float8 AS open_s
FROM pg_stat_activity
WHERE backend_xmin IS NOT NULL AND xact_start < now() - %(age)s::interval
  AND datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 5
