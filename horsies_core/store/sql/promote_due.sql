-- Delayed tasks whose time has come may be claimed. In bites, so that a million due at one moment hold nobody up.
UPDATE {schema}.task SET due_at = NULL
WHERE id IN (
    SELECT id FROM {schema}.task WHERE due_at <= now() ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
