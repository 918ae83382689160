-- Sends tasks and reads where they stand and what came of them. Reads no payload, changes and deletes nothing, claims nothing.
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT INSERT (id, name, queue, priority, fingerprint, payload, due_at, good_until) ON {schema}.task TO {role};
GRANT SELECT (id, created_at, due_at, good_until, worker, started_at, priority, attempt, losses, queue, name, fingerprint,
              past_attempts) ON {schema}.task TO {role};
GRANT SELECT (id, created_at, started_at, finished_at, good_until, worker, state, priority, attempt, losses, queue, name,
              fingerprint, error_code, result, past_attempts) ON {schema}.history TO {role};
GRANT SELECT, INSERT ON {schema}.idempotency_key TO {role};
-- Wake-ups: the flag of a sleeping worker, and who waits for a result.
GRANT SELECT, UPDATE (asleep) ON {schema}.sleeper TO {role};
GRANT SELECT, INSERT, DELETE ON {schema}.waiter TO {role};
