"""A task returns something that is no ``TaskResult``, or nothing at all.

A worker stores such an attempt as failed, with ``RETURN_NOT_TASK_RESULT``: the work was done, and whoever waits is told that
it was not.

Bad::

    @app.task("report")
    def report(*, month: str) -> TaskResult[str, TaskError]:
        if not month:
            return
        return f"report of {month}"

Good::

    @app.task("report")
    def report(*, month: str) -> TaskResult[str, TaskError]:
        if not month:
            return TaskResult(err=TaskError(error_code="NO_MONTH"))
        return TaskResult(ok=f"report of {month}")

Fix (unsafe): wrap what is returned in ``TaskResult(ok=...)``. Whoever calls the function directly gets that too.
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every way out of a task that certainly gives no ``TaskResult``, where the task says that it gives one."""
    for task in resolution.tasks:
        if task.draft.returns.result is None:
            continue
        for raw in task.raw_returns:
            yield RULE.finding(
                f"task function {task.draft.function} returns {raw.what}, not a TaskResult",
                raw.place,
                "return TaskResult(ok=...) or TaskResult(err=TaskError(...))",
                task=task.draft.name if isinstance(task.draft.name, str) else None,
            )


RULE = Rule("HC125", "raw-return", Kind.RULE, __doc__, check=check)
