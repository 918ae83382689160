"""A function is decorated by the ``task`` of an app that cannot be followed to ``Horsies(...)``.

Whether it is a task, and of which app, is not known, so it is in no contract.

Bad::

    import os

    apps = {"shop": Horsies()}
    chosen = apps[os.environ["APP"]]

    @chosen.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    app = Horsies()

    @app.task("send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC115", "unknown-app", Kind.REFUSAL, __doc__)
