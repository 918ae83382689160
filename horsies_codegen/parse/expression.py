"""Expressions as the resolver reads them: a small tree of our own, each node with its stretch of the text.

``start`` and ``end`` are offsets in code points into the file's text, ``end`` exclusive, parentheses around the
expression left out. Nodes are tuples: made by the ten thousand, compared by value, cheap to pickle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

ItemsKind = Literal["tuple", "list", "set"]


class EllipsisType(NamedTuple):
    """The value of ``...``."""


ELLIPSIS = EllipsisType()


class Name(NamedTuple):
    """``Order``"""

    start: int
    end: int
    id: str


class Attribute(NamedTuple):
    """``models.Order``; ``attribute_start`` is where ``Order`` begins."""

    start: int
    end: int
    value: Expr
    attribute: str
    attribute_start: int


class Subscript(NamedTuple):
    """``dict[str, int]``; a slice with colons is an `Other`."""

    start: int
    end: int
    value: Expr
    items: tuple[Expr, ...]
    is_tuple: bool
    """Whether the index is written with a comma, so that ``X[a,]`` and ``X[a]`` stay apart."""


class Argument(NamedTuple):
    """One argument of a call; ``star`` is ``""``, ``"*"`` or ``"**"``; ``start`` is where the keyword or value begins."""

    start: int
    end: int
    keyword: str | None
    star: str
    value: Expr


class Call(NamedTuple):
    """``Field(gt=0)``"""

    start: int
    end: int
    function: Expr
    arguments: tuple[Argument, ...]


class Constant(NamedTuple):
    """A number, ``True``, ``False``, ``None`` or ``...``; also bytes."""

    start: int
    end: int
    value: bytes | int | float | complex | bool | EllipsisType | None


class Text(NamedTuple):
    """A string. ``tokens`` are the literals it is written in, with their offsets: more than one when they are joined."""

    start: int
    end: int
    value: str
    tokens: tuple[tuple[int, str], ...]


class Items(NamedTuple):
    """A tuple, list or set display."""

    start: int
    end: int
    kind: ItemsKind
    items: tuple[Expr, ...]


class Pairs(NamedTuple):
    """A dict display; the key of ``**other`` is None."""

    start: int
    end: int
    items: tuple[tuple[Expr | None, Expr], ...]


class Binary(NamedTuple):
    """``left operator right``; boolean operators and single comparisons too."""

    start: int
    end: int
    operator: str
    left: Expr
    right: Expr


class Unary(NamedTuple):
    """``-1``, ``not x``"""

    start: int
    end: int
    operator: str
    operand: Expr


class Starred(NamedTuple):
    """``*items``"""

    start: int
    end: int
    value: Expr


class Other(NamedTuple):
    """Any other expression, by what it is called; ``calls`` are the calls written in it, where somebody asked for them."""

    start: int
    end: int
    what: str
    calls: tuple[Call, ...] = ()


Expr: TypeAlias = (
    Name | Attribute | Subscript | Call | Constant | Text | Items | Pairs | Binary | Unary | Starred | Other
)


def dotted(expression: Expr) -> str | None:
    """The dotted name that an expression is, or None."""
    match expression:
        case Name(id=name):
            return name
        case Attribute(value=value, attribute=attribute):
            base = dotted(value)
            return None if base is None else f"{base}.{attribute}"
        case _:
            return None


def without_options(expression: Expr) -> Expr:
    """The task in ``task.with_options(...)``."""
    while (
        isinstance(expression, Call)
        and isinstance(expression.function, Attribute)
        and expression.function.attribute == "with_options"
    ):
        expression = expression.function.value
    return expression


def children(expression: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one, in source order."""
    match expression:
        case Attribute(value=value) | Starred(value=value):
            return (value,)
        case Subscript(value=value, items=items):
            return (value, *items)
        case Call(function=function, arguments=arguments):
            return (function, *(argument.value for argument in arguments))
        case Items(items=items):
            return items
        case Pairs(items=pairs):
            return tuple(part for pair in pairs for part in pair if part is not None)
        case Binary(left=left, right=right):
            return (left, right)
        case Unary(operand=operand):
            return (operand,)
        case Other(calls=calls):
            return calls
        case _:
            return ()


def moved(expression: Expr, where: Callable[[int], int]) -> Expr:
    """The same expression with every offset changed."""
    start, end = where(expression.start), where(expression.end)
    match expression:
        case Name(id=name):
            return Name(start, end, name)
        case Constant(value=constant):
            return Constant(start, end, constant)
        case Text(value=text, tokens=tokens):
            return Text(start, end, text, tuple((where(at), token) for at, token in tokens))
        case Attribute(value=value, attribute=attribute, attribute_start=at):
            return Attribute(start, end, moved(value, where), attribute, where(at))
        case Subscript(value=value, items=items, is_tuple=is_tuple):
            return Subscript(start, end, moved(value, where), _moved_all(items, where), is_tuple)
        case Call():
            return _moved_call(expression, where)
        case Items(kind=kind, items=items):
            return Items(start, end, kind, _moved_all(items, where))
        case Pairs(items=pairs):
            keys = (None if key is None else moved(key, where) for key, _ in pairs)
            return Pairs(start, end, tuple(zip(keys, _moved_all([value for _, value in pairs], where), strict=True)))
        case Binary(operator=operator, left=left, right=right):
            return Binary(start, end, operator, moved(left, where), moved(right, where))
        case Unary(operator=operator, operand=operand):
            return Unary(start, end, operator, moved(operand, where))
        case Starred(value=value):
            return Starred(start, end, moved(value, where))
        case Other(what=what, calls=calls):
            return Other(start, end, what, tuple(_moved_call(call, where) for call in calls))


def _moved_all(expressions: Sequence[Expr], where: Callable[[int], int]) -> tuple[Expr, ...]:
    return tuple(moved(expression, where) for expression in expressions)


def _moved_call(call: Call, where: Callable[[int], int]) -> Call:
    arguments = (
        Argument(where(one.start), where(one.end), one.keyword, one.star, moved(one.value, where))
        for one in call.arguments
    )
    return Call(where(call.start), where(call.end), moved(call.function, where), tuple(arguments))
