"""A task has other decorators beside ``@app.task``.

One below it changes what is registered, and may hide the signature that the contract was read from. One above it wraps
what a direct call runs, but not what the worker runs.

Bad::

    from tracing import traced

    @app.task("send")
    @traced
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from tracing import traced

    @traced
    def _send(to: str) -> None:
        print(to)

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        _send(to)
        return TaskResult(ok=None)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.resolve.model import Resolution


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every decorator of a task that is not ``@app.task``."""
    for task in resolution.tasks:
        for other in task.other_decorators:
            effect = "wraps direct calls, not what the worker runs" if other.is_above else "changes what is registered"
            yield RULE.finding(
                f"the decorator {other.text} of task function {task.draft.function} {effect}",
                other.place,
                "call a decorated helper from the task instead",
            )


RULE = Rule("HC113", "other-decorator", Kind.RULE, __doc__, Level.WARNING, check)
