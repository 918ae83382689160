"""``@app.task`` is given a keyword that is no option.

A misspelt option would be a setting that silently does not hold. ``good_until`` is refused here on purpose: a deadline
belongs to one send, not to every send.

Bad::

    @app.task("resize", timeout=60)
    def resize(*, image_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("resize", timeout_ms=60_000)
    def resize(*, image_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (safe): ``name=...``, as other queues have it, becomes the name. Fix (unsafe): the option that is spelled
nearly so; a timeout in seconds as ``timeout_ms``.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC112", __doc__)
