"""Procrastinate over psycopg, 20 tasks at a time in the event loop."""

import asyncio
import os
import sys

from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector(conninfo=os.environ["DATABASE_URL"], min_size=4, max_size=20))


@app.task(name="noop")
async def noop(number):
    return None


async def enqueue(count):
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for start in range(0, count, 1000):
            await noop.batch_defer_async(*[{"number": number} for number in range(start, min(count, start + 1000))])


async def work():
    async with app.open_async():
        await app.run_worker_async(concurrency=20)


if __name__ == "__main__":
    asyncio.run(work() if sys.argv[1] == "work" else enqueue(int(sys.argv[1])))
