"""A task's name is computed, so it cannot be told by reading.

Names are what rows in the queue hold. A name that depends on code may differ between producer and worker, and no check
can see that two tasks share it.

Bad::

    import os

    @app.task(os.environ["PREFIX"] + "send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("shop.send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.laws import NAME


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every task whose name static reading cannot tell."""
    for task in resolution.tasks:
        if task.draft.name is UNKNOWN:
            yield RULE.finding(
                f"the task name of {task.draft.function} is computed at run time",
                task.origins.place(NAME),
                'write the name as a plain string: @app.task("send_email")',
            )


RULE = Rule("HC110", "computed-task-name", Kind.RULE, __doc__, check=check)
