"""A send passes an argument that its task does not have.

The runtime refuses such a send where it stands: a key that the contract does not know would be lost in silence, and with it
what the caller wanted to say. Looked at are the sends of HC128, and the payloads that ``send_many`` is given as literals.

Bad::

    @app.task("ship")
    def ship(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(ordr_id=order_id)

Good::

    @app.task("ship")
    def ship(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(order_id=order_id)

Fix (unsafe): the parameter that is spelled nearly so.
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.sending import about, nearest, taken
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.arguments import NO_SUCH_KEY


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every argument that is no parameter, at its name."""
    for send in resolution.sends:
        for argument in send.arguments:
            if argument.name not in send.parameters:
                near = nearest(argument.name, send)
                remedy = taken(send) if near is None else f"did you mean {near!r}? {taken(send)}"
                message = f"argument {argument.name!r} of task {send.task!r}: {NO_SUCH_KEY}"
                yield about(send, RULE.finding(message, argument.place, remedy, task=send.task))


RULE = Rule("HC129", "unknown-argument", Kind.RULE, __doc__, check=check)
