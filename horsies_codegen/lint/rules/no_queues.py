"""An app in CUSTOM mode declares no queue.

There would be nowhere to send to, and the app refuses to be made.

Bad::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM))

    @app.task("page", queue_name="slow")
    def page() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="default")]))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import app_law

RULE = app_law("HC407", "no-queues", __doc__)
