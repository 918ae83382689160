"""Which of several bindings of one name counts: conditions read without running anything."""

from __future__ import annotations

from enum import IntEnum

from horsies_codegen.parse.expression import Binary, Constant, Expr, Items, Subscript, Unary, dotted
from horsies_codegen.parse.statement import Guard, GuardKind, Guards


class Standing(IntEnum):
    """How a binding stands at run time. The higher, the sooner it counts."""

    DEAD = 0
    CHECKING = 1
    """Only type checkers see it."""
    MAYBE = 2
    FALLBACK = 3
    """In an ``except``: counts where the ``try`` could not be followed."""
    LIVE = 4


def standing(guards: Guards, python: tuple[int, int]) -> Standing:
    """How a binding under these conditions stands."""
    return min((_standing(guard, python) for guard in guards), default=Standing.LIVE)


def is_tried(guards: Guards) -> bool:
    """Whether a binding stands in a ``try`` that has handlers."""
    return any(guard.kind is GuardKind.TRY for guard in guards)


def _standing(guard: Guard, python: tuple[int, int]) -> Standing:
    match guard.kind:
        case GuardKind.TRY:
            return Standing.LIVE
        case GuardKind.EXCEPT:
            return Standing.FALLBACK
        case GuardKind.IF | GuardKind.ELSE if guard.test is not None:
            return _tested(guard.test, python, holds=guard.kind is GuardKind.IF)
        case _:
            return Standing.MAYBE


def _tested(test: Expr, python: tuple[int, int], *, holds: bool) -> Standing:
    checking = _type_checking(test)
    if checking is not None:
        return Standing.CHECKING if checking is holds else Standing.LIVE
    truth = _truth(test, python)
    if truth is None:
        return Standing.MAYBE
    return Standing.LIVE if truth is holds else Standing.DEAD


def _type_checking(test: Expr) -> bool | None:
    """True for ``TYPE_CHECKING``, False for ``not TYPE_CHECKING``, None for any other test."""
    match test:
        case Unary(operator="not", operand=operand):
            inner = _type_checking(operand)
            return None if inner is None else not inner
        case _:
            name = dotted(test)
            return True if name is not None and name.rpartition(".")[2] == "TYPE_CHECKING" else None


def _truth(test: Expr, python: tuple[int, int]) -> bool | None:
    match test:
        case Constant(value=bool() as value):
            return value
        case Unary(operator="not", operand=operand):
            inner = _truth(operand, python)
            return None if inner is None else not inner
        case Binary(operator="and", left=left, right=right):
            return _both(_truth(left, python), _truth(right, python))
        case Binary(operator="or", left=left, right=right):
            return _either(_truth(left, python), _truth(right, python))
        case Binary(operator=operator, left=left, right=right):
            return _version_test(left, operator, right, python)
        case _:
            return None


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return True if left and right else None


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left or right:
        return True
    return False if left is False and right is False else None


def _version_test(left: Expr, operator: str, right: Expr, python: tuple[int, int]) -> bool | None:
    """``sys.version_info >= (3, 12)``, ``sys.version_info[0] == 3``."""
    wanted = _numbers(right)
    if wanted is None:
        return None
    if dotted(left) in ("sys.version_info", "version_info"):
        return _compare(python[: len(wanted)], operator, wanted[: len(python)])
    match left:
        case Subscript(value=value, items=(Constant(value=0),)) if dotted(value) in (
            "sys.version_info",
            "version_info",
        ):
            return _compare(python[:1], operator, wanted)
        case _:
            return None


def _numbers(expression: Expr) -> tuple[int, ...] | None:
    match expression:
        case Constant(value=int() as number):
            return (number,)
        case Items(items=items):
            found = tuple(item.value for item in items if isinstance(item, Constant) and isinstance(item.value, int))
            return found if len(found) == len(items) else None
        case _:
            return None


def _compare(have: tuple[int, ...], operator: str, wanted: tuple[int, ...]) -> bool | None:
    match operator:
        case ">=":
            return have >= wanted
        case ">":
            return have > wanted
        case "<":
            return have < wanted
        case "<=":
            return have <= wanted
        case "==":
            return have == wanted
        case "!=":
            return have != wanted
        case _:
            return None
