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

Fix (safe): put a bare ``*`` before the parameters, and name the arguments of every call in the tree that passes by position.
Unsafe where something else may call the function: it is passed on as a value, called with ``*args``, or called through
something that cannot be followed.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC101", __doc__)
