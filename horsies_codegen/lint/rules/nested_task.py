"""A task is defined inside a function or a class.

A worker finds tasks by importing modules. What exists only while a function runs, no worker finds.

Bad::

    def register() -> None:
        @app.task("send")
        def send(*, to: str) -> TaskResult[None, TaskError]:
            return TaskResult(ok=None)

Good::

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC114", "nested-task", Kind.REFUSAL, __doc__)
