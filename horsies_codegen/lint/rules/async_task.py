"""A task is an ``async def`` function.

A worker runs each task in a process of its own, where there is no event loop to share. The producer's side has
``send_async`` and ``get_async``.

Bad::

    @app.task("fetch")
    async def fetch(*, url: str) -> TaskResult[str, TaskError]:
        return TaskResult(ok=url)

Good::

    @app.task("fetch")
    def fetch(*, url: str) -> TaskResult[str, TaskError]:
        return TaskResult(ok=url)

Fix (unsafe): ``def``, where nothing is awaited. Whoever awaits a direct call has to be changed by hand.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC105", __doc__)
