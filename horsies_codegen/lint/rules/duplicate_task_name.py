"""Two tasks have the same name, or one has a name that another keeps as an alias.

A worker finds a task by its name alone. Two functions under one name in one process are refused when the second is
registered; in two modules that no process loads together they are worse: each worker runs its own.

Bad::

    @app.task("refund")
    def refund_order(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    @app.task("refund")
    def refund_parcel(*, parcel_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("refund_order")
    def refund_order(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    @app.task("refund_parcel")
    def refund_parcel(*, parcel_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC108", __doc__)
