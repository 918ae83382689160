"""Celery on Redis, prefork, results stored in Redis, prefetching as advised for short tasks."""

import os
import sys

from celery import Celery

app = Celery("celery_app", broker=os.environ["REDIS_URL"] + "/1", backend=os.environ["REDIS_URL"] + "/2")
app.conf.update(worker_prefetch_multiplier=128, task_ignore_result=False, worker_hijack_root_logger=False)


@app.task(name="noop")
def noop(number):
    return number


if __name__ == "__main__":
    with app.connection_or_acquire() as connection, app.amqp.producer_pool.acquire(block=True):
        for number in range(int(sys.argv[1])):
            noop.apply_async((number,), connection=connection)
