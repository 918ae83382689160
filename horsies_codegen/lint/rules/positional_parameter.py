"""A parameter of a task can be passed by position.

The queue transmits arguments by name, so the names in the signature are the wire contract. A parameter that can be
passed by position invites ``task.send(1)``, which has no name to travel under; the decorator refuses it as well.

Bad::

    @app.task("ship")
    def ship(order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Good::

    @app.task("ship")
    def ship(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

Fix (unsafe): put a bare ``*`` before the parameters. Calls that pass by position have to be changed by hand.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC101", __doc__)
