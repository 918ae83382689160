"""``exception_mapper`` is no dict of exception classes to error codes.

Bad::

    @app.task("sync", exception_mapper="SHOP_DOWN")
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("sync", exception_mapper={TimeoutError: "SHOP_DOWN"})
    def sync(*, shop_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC307", __doc__)
