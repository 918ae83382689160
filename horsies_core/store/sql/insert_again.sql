-- As `insert`, for a task that may have been stored before: one that exists is left as it is, since the id is the producer's.
INSERT INTO {schema}.task (id, name, queue, priority, fingerprint, payload)
VALUES (%(id)s, %(name)s, %(queue)s, %(priority)s, %(fingerprint)s, %(payload)s)
ON CONFLICT (id) DO NOTHING
RETURNING EXISTS (
    SELECT FROM {schema}.sleeper WHERE asleep AND %(queue)s = ANY (queues) AND %(name)s = ANY (names)
) AS has_sleeper
