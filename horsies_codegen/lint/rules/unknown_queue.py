"""``queue_name`` names a queue that the app does not declare.

In CUSTOM mode queues are declared in the configuration. A task for any other is refused when it is registered, and so is one
that names none where the app declares no queue ``default``.

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

Fix (unsafe): the queue that is spelled nearly so.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution, ResolvedTask
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.laws import Locus
from horsies_core.contract.names import DEFAULT_QUEUE


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every task of an app in CUSTOM mode that would go to a queue which the app does not declare."""
    for task in resolution.tasks:
        app = resolution.apps.get(task.app)
        queue = task.draft.options.queue_name
        if app is None or app.queue_mode != "CUSTOM" or not app.queue_names or queue is UNKNOWN:
            continue
        wanted = DEFAULT_QUEUE if queue is None else queue
        if isinstance(wanted, str) and wanted not in app.queue_names:
            yield _finding(task, wanted, app.queue_names, is_named=queue is not None)


def _finding(task: ResolvedTask, wanted: str, declared: Sequence[str], *, is_named: bool) -> Diagnostic:
    near = difflib.get_close_matches(wanted, declared, n=1)
    message = f"the app declares no queue {wanted!r}"
    if not is_named:
        message += ", to which a task goes that names none"
    place = task.origins.place(Locus("option", "queue_name")) if is_named else task.origins.decorator
    return RULE.finding(
        message, place, f"did you mean {near[0]!r}?" if near else f"the app declares {', '.join(declared)}"
    )


RULE = Rule("HC401", "unknown-queue", Kind.RULE, __doc__, check=check)
