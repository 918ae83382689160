INSERT INTO {schema}.worker (host, pid, processes, queues, names, readers, terms, lease_until)
VALUES (%(host)s, %(pid)s, %(processes)s, %(queues)s, %(names)s, %(readers)s, %(terms)s::jsonb, now() + %(lease)s::interval)
RETURNING id
