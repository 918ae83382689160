"""A type has no JSON form.

Functions, files, connections and live objects belong to a process. Send what the other process needs to make its own.

Bad::

    from collections.abc import Callable

    @app.task("run")
    def run(*, what: Callable[[], None]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("run")
    def run(*, what: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC203", __doc__)
