-- Cancels tasks, beside what the role may do as a producer. To end a waiting task is to move its row, so this role could delete
-- and read any.
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, DELETE, UPDATE (cancelled) ON {schema}.task TO {role};
GRANT INSERT, SELECT (id) ON {schema}.history TO {role};
GRANT SELECT, DELETE ON {schema}.waiter TO {role};
