"""A task is made by calling ``app.task(...)(function)`` instead of by decorating.

It works when it runs, and nobody who reads the source can say which function it is: neither the compiler nor the next
person. The task would be in no contract.

Bad::

    def _send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    send = app.task("send")(_send)

Good::

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC127", "task-by-call", Kind.REFUSAL, __doc__)
