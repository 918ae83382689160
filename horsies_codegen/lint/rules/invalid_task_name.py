"""A task's name is no string, is empty, too long, or holds characters that names may not hold.

Names travel through file names, URLs, logs and the database. Allowed are 1 to 200 characters without slashes, control
characters and stray white space.

Bad::

    @app.task("mail/send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("mail.send")
    def send(*, to: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): the function's name, where the task has none or an empty one.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC109", __doc__)
