"""``timeout_ms`` is no whole number of milliseconds from 1,000 to seven days.

The usual mistake is to count seconds: ``timeout_ms=30`` would kill every run before it began.

Bad::

    @app.task("resize", timeout_ms=30)
    def resize(*, image_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("resize", timeout_ms=30_000)
    def resize(*, image_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (unsafe): a thousand times as much, for a number from 1 to 999: it was meant in seconds.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC403", __doc__)
