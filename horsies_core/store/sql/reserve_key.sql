-- Take the idempotency key, or say who has it. A second statement reads, because this one's snapshot may be older than the
-- row that it collided with.
INSERT INTO {schema}.idempotency_key (name, key, task, payload_digest)
VALUES (%(name)s, %(key)s, %(id)s, %(digest)s)
ON CONFLICT (name, key) DO NOTHING
