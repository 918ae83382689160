"""A container does not say what it holds: ``list``, ``dict``, ``tuple``.

Nothing of its content could be checked.

Bad::

    @app.task("index")
    def index(*, tags: list) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("index")
    def index(*, tags: list[str]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): it holds ``JsonValue``, any JSON. Narrow it when you can.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC201", __doc__)
