"""A send leaves out an argument that its task requires.

The runtime refuses such a send where it stands. It shows up most when a parameter was added to a task without a default:
here at every caller, in the change that adds it. Looked at are the sends of HC129; one with ``**`` among its arguments may
pass anything, so nothing is said of it.

Bad::

    @app.task("ship")
    def ship(*, order_id: int, carrier: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(order_id=order_id)

Good::

    @app.task("ship")
    def ship(*, order_id: int, carrier: str = "post") -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(order_id=order_id)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.sending import about, nearest
from horsies_codegen.resolve.model import Resolution, ResolvedSend
from horsies_core.contract.arguments import NOT_GIVEN


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every send without a required argument. One that is only misspelt, or given by position, is reported as that."""
    for send in resolution.sends:
        missing = () if send.positional else tuple(_missing(send))
        if missing:
            what = f"argument{'s' * (len(missing) != 1)} {', '.join(map(repr, missing))} of task {send.task!r}"
            remedy = f"pass {', '.join(f'{name}=...' for name in missing)}, or give the parameter a default"
            yield about(send, RULE.finding(f"{what}: {NOT_GIVEN}", send.callee, remedy, task=send.task))


def _missing(send: ResolvedSend) -> Iterator[str]:
    given = {argument.name for argument in send.arguments}
    misspelt = {nearest(name, send) for name in given.difference(send.parameters)}
    return (name for name in send.required if name not in given and name not in misspelt)


RULE = Rule("HC130", "missing-argument", Kind.RULE, __doc__, check=check)
