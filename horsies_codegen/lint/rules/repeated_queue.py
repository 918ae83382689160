"""An app declares a queue twice.

The two may differ in priority and limit; the app refuses to be made.

Bad::

    app = Horsies(
        AppConfig(
            queue_mode=QueueMode.CUSTOM,
            queues=[QueueConfig(name="slow"), QueueConfig(name="slow", priority=1)],
        )
    )

    @app.task("page", queue_name="slow")
    def page() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="slow", priority=1)]))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import app_law

RULE = app_law("HC408", "repeated-queue", __doc__)
