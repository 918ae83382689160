"""What metadata says about a type, put on the node that it constrains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from horsies_core.contract.types import (
    ArrayType,
    BytesType,
    MapType,
    NullType,
    NumberType,
    Ref,
    StringType,
    TemporalType,
    TypeNode,
    UnionType,
    UnresolvedType,
    union,
)
from horsies_core.contract.values import iso_text

BOUNDS = ("ge", "gt", "le", "lt", "multiple_of")
LENGTHS = ("min_length", "max_length")
DECIMALS = ("max_digits", "decimal_places")
FACTS = frozenset({*BOUNDS, *LENGTHS, *DECIMALS, "pattern"})

_ITEMS = {"min_length": "min_items", "max_length": "max_items"}


def constrained(node: TypeNode, facts: Mapping[str, object]) -> TypeNode:
    """The node under some constraints. As in pydantic, those on an optional type are those of the type that is there."""
    if not facts or isinstance(node, UnresolvedType):
        return node
    match node:
        case UnionType(members=members, tag=None) if sum(not isinstance(item, NullType) for item in members) == 1:
            return union(tuple(item if isinstance(item, NullType) else constrained(item, facts) for item in members))
        case NumberType():
            return _with(node, facts, (*BOUNDS, *(DECIMALS if node.kind == "decimal" else ())))
        case StringType():
            return _with(node, facts, (*LENGTHS, "pattern"))
        case BytesType():
            return _with(node, facts, LENGTHS)
        case ArrayType() | MapType():
            return _with(node, {_ITEMS.get(key, key): value for key, value in facts.items()}, tuple(_ITEMS.values()))
        case TemporalType():
            return _with(node, {key: _as_text(value) for key, value in facts.items()}, BOUNDS[:4])
        case _:
            return misplaced(node, ", ".join(facts))


def with_format(node: TypeNode, name: str) -> TypeNode:
    """A string in another format."""
    return replace(node, format=name) if isinstance(node, StringType) else misplaced(node, name)


def misplaced(node: TypeNode, what: str) -> UnresolvedType:
    """A constraint on a type that cannot have it."""
    if isinstance(node, UnionType):
        return UnresolvedType(f"{what} does not apply to a union; write it on the members that are meant", "HC006")
    shown = "a named type" if isinstance(node, Ref) else f"a {type(node).__name__.removesuffix('Type').lower()}"
    return UnresolvedType(f"{what} does not apply to {shown}", "HC006")


def _with(node: Any, facts: Mapping[str, object], allowed: tuple[str, ...]) -> TypeNode:
    for key in facts:
        if key not in allowed:
            return misplaced(node, key)
    try:
        result: TypeNode = replace(node, **facts)
    except (TypeError, ValueError, ArithmeticError) as error:
        return UnresolvedType(f"the constraint cannot be read: {error}", "HC006")
    return result


def _as_text(value: object) -> object:
    return iso_text(value) if isinstance(value, date | time | timedelta) else value
