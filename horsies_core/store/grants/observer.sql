-- Runs `horsies status` and dashboards: counts, names and times; no payload and no result.
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.migration, {schema}.worker, {schema}.queue_limit, {schema}.contract TO {role};
GRANT SELECT (id, created_at, due_at, good_until, worker, claimed_at, started_at, claims, priority, attempt, losses, limited,
              cancelled, queue, name, fingerprint, refused_by) ON {schema}.task TO {role};
GRANT SELECT (id, created_at, started_at, finished_at, good_until, worker, state, priority, attempt, losses, queue, name,
              fingerprint, error_code) ON {schema}.history TO {role};
