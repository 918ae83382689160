DELETE FROM {schema}.queue_limit WHERE queue = ANY (%(queues)s::text[])
