"""A file that may define tasks is no Python.

None of its tasks can be read until it parses. Python itself would say the same when a worker imports it.

Bad::

    @app.task("send")
    def send(*, to: str -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC001", "syntax-error", Kind.REFUSAL, __doc__)
