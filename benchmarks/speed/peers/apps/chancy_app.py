"""Chancy, process executor with two processes."""

import asyncio
import os
import sys

from chancy import Chancy, Queue, Worker, job

DATABASE = os.environ["DATABASE_URL"]


@job(queue="default")
def noop(*, number: int):
    return None


async def enqueue(count):
    async with Chancy(DATABASE) as chancy:
        await chancy.migrate()
        await chancy.declare(
            Queue(
                name="default", concurrency=2, executor=Chancy.Executor.Process, polling_interval=1, eager_polling=True
            ),
            upsert=True,
        )
        jobs = [noop.job.with_kwargs(number=number) for number in range(count)]
        for start in range(0, count, 1000):
            async for _ in chancy.push_many(jobs[start : start + 1000]):
                pass


async def work():
    async with Chancy(DATABASE) as chancy, Worker(chancy) as worker:
        await worker.wait_for_shutdown()


if __name__ == "__main__":
    asyncio.run(work() if sys.argv[1] == "work" else enqueue(int(sys.argv[1])))
