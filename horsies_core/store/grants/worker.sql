-- Runs tasks, and sends others from within them. Creates, alters and drops nothing.
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT ON {schema}.migration TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.task, {schema}.history, {schema}.worker, {schema}.sleeper, {schema}.waiter,
    {schema}.queue_limit, {schema}.idempotency_key, {schema}.contract TO {role};
