"""The constraints of a type, in words: what a payload is checked for beyond its Python types."""

from __future__ import annotations

from collections.abc import Iterator

from horsies_core.contract.types import (
    ArrayType,
    BytesType,
    MapType,
    NullType,
    NumberType,
    StringType,
    TemporalType,
    TypeNode,
    UnionType,
)

_COMPARED = (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))
_IN_TIME = (("ge", "from"), ("gt", "after"), ("le", "until"), ("lt", "before"))


def bounds(node: TypeNode) -> tuple[str, ...]:
    """Each constraint of a node; those of an optional one are its own, those inside other types stand with these."""
    match node:
        case UnionType(members=members):
            inner = [member for member in members if not isinstance(member, NullType)]
            return bounds(inner[0]) if len(inner) == 1 else ()
        case NumberType():
            return tuple(_of_number(node))
        case StringType():
            return tuple(_of_text(node))
        case BytesType(min_length=least, max_length=most):
            return tuple(_counted(least, most, "byte"))
        case ArrayType(min_items=least, max_items=most):
            return tuple(_counted(least, most, "item"))
        case MapType(min_items=least, max_items=most):
            return tuple(_counted(least, most, "key"))
        case TemporalType():
            return tuple(_of_time(node))
        case _:
            return ()


def _of_number(node: NumberType) -> Iterator[str]:
    yield from (f"{words} {bound:,}" for name, words in _COMPARED if (bound := getattr(node, name)) is not None)
    if node.multiple_of is not None:
        yield f"a multiple of {node.multiple_of:,}"
    if node.max_digits is not None:
        yield f"at most {node.max_digits} digits"
    if node.decimal_places is not None:
        yield f"at most {node.decimal_places} decimal places"


def _of_text(node: StringType) -> Iterator[str]:
    if node.format in _SPOKEN:
        yield _SPOKEN[node.format]
    yield from _counted(node.min_length, node.max_length, "character")
    if node.pattern is not None:
        yield f"matching {node.pattern}"


def _of_time(node: TemporalType) -> Iterator[str]:
    if node.zone is not None:
        yield "with a time zone" if node.zone == "aware" else "without a time zone"
    if node.when is not None:
        yield f"in the {node.when}"
    yield from (f"{words} {bound}" for name, words in _IN_TIME if (bound := getattr(node, name)) is not None)


def _counted(least: int | None, most: int | None, what: str) -> Iterator[str]:
    if least is not None and least == most:
        yield f"exactly {_many(least, what)}"
        return
    if least is not None:
        yield f"at least {_many(least, what)}"
    if most is not None:
        yield f"at most {_many(most, what)}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


_SPOKEN = {
    "email": "an e-mail address",
    "name-email": "a name and an e-mail address",
    "uri": "a URL",
    "regex": "a regex",
}
"""Formats of plain strings that their Python type does not tell."""
