-- How long until the next delayed task is due.
SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8 AS next_due_s FROM {schema}.task WHERE due_at IS NOT NULL
