"""A task takes ``*args`` or ``**kwargs``.

Its payload would have no fixed shape: nothing could be checked when it is sent, and nothing compared between versions.

Bad::

    @app.task("notify")
    def notify(**fields: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("notify")
    def notify(*, fields: dict[str, str]) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC107", __doc__)
