"""A secret type stands in a payload or a result.

Both are stored in the database and shown by tools. Send a reference to the secret and read it inside the task.

Bad::

    from pydantic import SecretStr

    @app.task("login")
    def login(*, password: SecretStr) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("login")
    def login(*, credential_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC205", __doc__)
