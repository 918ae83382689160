"""PgQueuer over asyncpg and uvloop, batches of 100."""

import os
import sys

import asyncpg
import uvloop
from pgqueuer.db import AsyncpgDriver
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

DATABASE = os.environ["DATABASE_URL"]


async def enqueue(count):
    connection = await asyncpg.connect(DATABASE)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    for start in range(0, count, 1000):
        size = min(1000, count - start)
        await queries.enqueue(["noop"] * size, [b'{"number":1}'] * size, [0] * size)
    await connection.close()


async def work():
    connection = await asyncpg.connect(DATABASE)
    manager = QueueManager(Queries(AsyncpgDriver(connection)))

    @manager.entrypoint("noop")
    async def noop(job):
        return None

    await manager.run(batch_size=100)


if __name__ == "__main__":
    uvloop.run(work() if sys.argv[1] == "work" else enqueue(int(sys.argv[1])))
