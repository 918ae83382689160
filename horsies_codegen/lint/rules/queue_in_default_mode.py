"""``queue_name`` is given, and the app has only the default queue.

Queues of one's own need ``queue_mode=QueueMode.CUSTOM``. In DEFAULT mode such a task is refused when it is registered.

Bad::

    app = Horsies(AppConfig())

    @app.task("page", queue_name="critical")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="critical")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus
from horsies_core.contract.names import DEFAULT_QUEUE


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every queue name but the default one in an app that has no queues of its own."""
    for task in resolution.tasks:
        app = resolution.apps.get(task.app)
        queue = task.draft.options.queue_name
        if app is not None and app.queue_mode == "DEFAULT" and isinstance(queue, str) and queue != DEFAULT_QUEUE:
            yield RULE.finding(
                f"the app is in DEFAULT mode, which has no queue {queue!r}",
                task.origins.place(Locus("option", "queue_name")),
                "configure the app with queue_mode=QueueMode.CUSTOM and queues=[QueueConfig(...)], or remove queue_name",
            )


RULE = Rule("HC402", "queue-in-default-mode", Kind.RULE, __doc__, check=check)
