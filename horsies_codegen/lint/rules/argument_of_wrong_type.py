"""A send passes a literal that the type of the parameter refuses.

The runtime checks strictly, and refuses such a send where it stands: ``"7"`` is no number, and 1 no text. Only literals are
looked at (texts, numbers, ``True``, ``None``, lists and dicts of them), and only where their kind settles it: for everything
else there are type checkers, which know what the names in between stand for.

Bad::

    @app.task("ship")
    def ship(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def again() -> None:
        ship.send(order_id="7")

Good::

    @app.task("ship")
    def ship(*, order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    def again() -> None:
        ship.send(order_id=7)
"""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint.fits import fits
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.sending import about
from horsies_codegen.resolve.model import Resolution

_SHOWN = 60


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every literal that its parameter's type refuses, at the literal."""
    for send in resolution.sends:
        for argument in send.arguments:
            if argument.type is not None and not fits(argument.value, argument.type, send.definitions):
                message = (
                    f"argument {argument.name!r} of task {send.task!r} is {_shown(argument.value)}, "
                    "which its type does not allow"
                )
                yield about(send, RULE.finding(message, argument.value_place, _REMEDY, task=send.task))


_REMEDY = "pass a value of the parameter's type, or widen the type: ... | None for None"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


RULE = Rule("HC131", "argument-of-wrong-type", Kind.RULE, __doc__, check=check)
