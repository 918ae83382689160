"""``upcasters`` holds what is no upcaster of the task.

An upcaster is a function of the task's own module whose parameters are a former signature of the task, after a bare ``*``, and
which returns the payload of today for them: a ``TypedDict`` whose keys are the parameters of the task as they are now. Workers
send rows through it that were written by that signature; ``breaking`` counts them as readable.

Bad::

    def from_order_id(*, order_id: int) -> dict[str, str]:
        return {"number": str(order_id)}


    @app.task("ship", upcasters=[from_order_id])
    def ship(*, number: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    from typing import TypedDict


    class Ship(TypedDict):
        number: str


    def from_order_id(*, order_id: int) -> Ship:
        return {"number": str(order_id)}


    @app.task("ship", upcasters=[from_order_id])
    def ship(*, number: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC410", __doc__)
