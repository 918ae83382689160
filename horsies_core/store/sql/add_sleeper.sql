-- Put up the flag: this worker has room and found nothing.
INSERT INTO {schema}.sleeper (worker, asleep, queues, names)
VALUES (%(worker)s, true, %(queues)s, %(names)s)
ON CONFLICT (worker) DO UPDATE SET asleep = true WHERE NOT sleeper.asleep
