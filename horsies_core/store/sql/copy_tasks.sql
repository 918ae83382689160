COPY {schema}.task (id, name, queue, priority, fingerprint, payload, due_at, good_until) FROM STDIN (ENCODING 'UTF8')
