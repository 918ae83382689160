"""The default of a parameter is computed at run time.

A default is part of the contract: it is what an absent argument means. ``datetime.now()`` would mean the moment at which
a worker started.

Bad::

    import time

    @app.task("expire")
    def expire(*, at: float = time.time()) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("expire")
    def expire(*, at: float | None = None) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import refusal

RULE = refusal("HC008", __doc__)
