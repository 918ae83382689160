INSERT INTO {schema}.waiter (task, channel) VALUES (%(id)s, %(channel)s) ON CONFLICT DO NOTHING
