"""A send passes arguments by position.

A task takes its arguments by name only: the payload is an object, and its keys are the contract. The runtime refuses such a
send with a `PayloadError` where it stands, before anything is stored.

Looked at is every ``.send(...)``, ``.send_async(...)`` and ``.payload(...)`` of a task in the tree, in the modules that define
tasks and in all that import one. Where the name may stand for something else, nothing is said.

Bad::

    @app.task("ship")
    def ship(*, order_id: int, note: str = "") -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(order_id)

Good::

    @app.task("ship")
    def ship(*, order_id: int, note: str = "") -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def on_paid(order_id: int) -> None:
        ship.send(order_id=order_id)

Fix (unsafe): the names of the parameters, in the order in which the function declares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.sending import about, taken
from horsies_codegen.resolve.model import Resolution, ResolvedSend
from horsies_core.contract.arguments import BY_NAME_ONLY


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every send with positional arguments, at the first of them."""
    for send in resolution.sends:
        if send.positional:
            number = len(send.positional)
            message = f"{number} positional argument{'s' * (number != 1)} sent to task {send.task!r}: {BY_NAME_ONLY}"
            yield about(send, RULE.finding(message, send.positional[0], _remedy(send, number), task=send.task))


def _remedy(send: ResolvedSend, number: int) -> str:
    names = meant(send.parameters, [item.name for item in send.arguments], number)
    return taken(send) if names is None else f"pass by name: {', '.join(f'{name}=...' for name in names)}"


def meant(parameters: Sequence[str], given: Sequence[str], number: int) -> tuple[str, ...] | None:
    """The names that positional arguments would have had; None where there are too few, or one is given by name, too."""
    names = tuple(parameters[:number])
    return names if len(names) == number and not set(names) & set(given) else None


RULE = Rule("HC128", "positional-argument", Kind.RULE, __doc__, check=check)
