"""An app in DEFAULT mode declares queues.

In DEFAULT mode there is one queue, and the app refuses to be made. Queues of one's own need ``queue_mode=QueueMode.CUSTOM``.

Bad::

    app = Horsies(AppConfig(queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="slow")
    def page() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import app_law

RULE = app_law("HC406", "queues-in-default-mode", __doc__)
