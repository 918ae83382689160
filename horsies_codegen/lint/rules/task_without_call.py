"""``@app.task`` stands without its call.

A task needs a name. Without one nothing is registered, and Python says so only when the module is imported.

Bad::

    @app.task
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): the call, with the function's name for the task's.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC111", "task-without-call", Kind.REFUSAL, __doc__)
