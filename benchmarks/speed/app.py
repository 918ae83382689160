"""The app under test: the tasks that the benchmark sends. Run as ``horsies worker benchmarks.speed.app:app``."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from horsies import (
    AppConfig,
    Horsies,
    PostgresConfig,
    QueueConfig,
    QueueMode,
    Task,
    TaskError,
    TaskResult,
)

VARIABLE = "HORSIES_BENCHMARK"
"""Where the worker finds its settings, as JSON: ``url``, ``schema``, ``queues`` (name, priority, limit)."""


def build(given: dict[str, Any]) -> tuple[Horsies, dict[str, Task[Any, Any]]]:
    """An app on the benchmark's server, and its tasks by name. With ``queues`` it is in CUSTOM mode."""
    queues = [
        QueueConfig(name=name, priority=priority, max_concurrency=limit)
        for name, priority, limit in given.get("queues") or ()
    ]
    made = Horsies(
        AppConfig(
            broker=PostgresConfig(database_url=given["url"], schema=given["schema"], pool_size=16),
            queue_mode=QueueMode.CUSTOM if queues else QueueMode.DEFAULT,
            queues=queues,
        )
    )
    first = queues[0].name if queues else None

    @made.task("noop", queue_name=first)
    def noop(*, number: int) -> TaskResult[int, TaskError]:
        return TaskResult(ok=number)

    @made.task("sleep", queue_name=first)
    def sleep(*, seconds: float) -> TaskResult[float, TaskError]:
        time.sleep(seconds)
        return TaskResult(ok=time.time())

    @made.task("die", queue_name=first)
    def die() -> TaskResult[None, TaskError]:
        os._exit(3)

    tasks: dict[str, Task[Any, Any]] = {"noop": noop, "sleep": sleep, "die": die}
    for queue in queues[1:]:

        @made.task(f"noop_{queue.name}", queue_name=queue.name)
        def noop_there(*, number: int) -> TaskResult[int, TaskError]:
            return TaskResult(ok=number)

        tasks[noop_there.name] = noop_there
    return made, tasks


if VARIABLE in os.environ:
    app, _ = build(json.loads(os.environ[VARIABLE]))
