"""``queue_name`` names a queue that the app does not declare.

In CUSTOM mode queues are declared in the configuration. A task for any other is refused when it is registered.

Bad::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="critcal")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))

    @app.task("page", queue_name="critical")
    def page(*, on_call: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.laws import Locus


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every queue name that an app in CUSTOM mode does not declare."""
    for task in resolution.tasks:
        app = resolution.apps.get(task.app)
        queue = task.draft.options.queue_name
        if app is None or app.queue_mode != "CUSTOM" or app.queue_names is None or not isinstance(queue, str):
            continue
        if queue not in app.queue_names:
            near = difflib.get_close_matches(queue, app.queue_names, n=1)
            declared = f"the app declares {', '.join(app.queue_names) or 'none'}"
            yield RULE.finding(
                f"the app declares no queue {queue!r}",
                task.origins.place(Locus("option", "queue_name")),
                f"did you mean {near[0]!r}?" if near else declared,
            )


RULE = Rule("HC401", "unknown-queue", Kind.RULE, __doc__, check=check)
