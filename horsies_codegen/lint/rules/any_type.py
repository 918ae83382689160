"""A type is ``Any`` or ``object``.

It promises that every value travels, and only JSON does. Where any JSON is meant, say ``JsonValue``.

Bad::

    from typing import Any

    @app.task("log")
    def log(*, event: Any) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("log")
    def log(*, event: JsonValue) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): ``JsonValue``. Nothing else could ever be sent.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC202", __doc__)
