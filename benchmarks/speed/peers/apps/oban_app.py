"""Oban for Python, in the event loop."""

import asyncio
import os
import sys

import uvloop
from oban import Oban, job
from oban.schema import install

DATABASE = os.environ["DATABASE_URL"]


@job(queue="default")
async def noop(number):
    return None


async def enqueue(count):
    pool = await Oban.create_pool(dsn=DATABASE)
    await install(pool)
    oban = Oban(pool=pool)
    for start in range(0, count, 1000):
        await oban.enqueue_many(*[noop.new(number) for number in range(start, min(count, start + 1000))])
    await pool.close()


async def work():
    pool = await Oban.create_pool(dsn=DATABASE)
    async with Oban(pool=pool, queues={"default": 100}):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(work() if sys.argv[1] == "work" else enqueue(int(sys.argv[1])))
