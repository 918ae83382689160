-- One claim at a time for a limited queue. A statement of its own: the next one's snapshot must come after the lock, or it
-- would count the tasks in work as they were while this one waited. In the order of names, against deadlock.
SELECT queue FROM {schema}.queue_limit WHERE queue = ANY (%(queues)s::text[]) ORDER BY queue FOR UPDATE
