"""A ``QueueConfig`` has a priority or a limit that it cannot have.

``priority`` is a whole number from 1 (first) to 100, ``max_concurrency`` a whole number from 1, or None for no limit.

Bad::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="slow", priority=500)]))

    @app.task("page", queue_name="slow")
    def page() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="slow", priority=100)]))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import app_law

RULE = app_law("HC409", "invalid-queue", __doc__)
