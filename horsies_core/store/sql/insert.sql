-- One task without options, as bare as an INSERT can be, because every send pays for it. Whether a worker that serves it is
-- asleep is asked on the way; the ring is a statement of its own (`ring_one`), so that a busy queue pays nothing for it, and so
-- that the global lock of NOTIFY is never held while this row is flushed to disk. No ON CONFLICT, which would look the new id up,
-- and write a second record to the WAL to confirm the row: a task that may exist goes by `insert_again`.
INSERT INTO {schema}.task (id, name, queue, priority, fingerprint, payload)
VALUES (%(id)s, %(name)s, %(queue)s, %(priority)s, %(fingerprint)s, %(payload)s)
RETURNING EXISTS (
    SELECT FROM {schema}.sleeper WHERE asleep AND %(queue)s = ANY (queues) AND %(name)s = ANY (names)
) AS has_sleeper
