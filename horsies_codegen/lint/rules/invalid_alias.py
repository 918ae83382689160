"""``aliases`` is no list of task names, or holds the task's own name.

Aliases are the names that a task had before: rows that were queued under them are still served.

Bad::

    @app.task("send_email", aliases=["send_email"])
    def send_email(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("send_email", aliases=["mail"])
    def send_email(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC405", __doc__)
