"""Sets in a stable order: a set has none of its own, and equal payloads must be equal bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from jsonschema_rs import Draft202012Validator
from pydantic_core import to_json

from horsies_core.contract.schema import definition_schema, type_schema
from horsies_core.contract.task import reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Definition,
    EnumDefinition,
    MapType,
    ObjectDefinition,
    Ref,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    definition_children,
    walk,
)


def holds_set(node: TypeNode, table: Mapping[str, Definition]) -> bool:
    """Whether a set may stand anywhere in a value of this type."""
    definitions = reachable((node,), table)
    roots = (node, *(child for definition in definitions for child in definition_children(definition)))
    return any(isinstance(inner, ArrayType) and inner.is_unique for root in roots for inner in walk(root))


def sort_sets(value: Any, node: TypeNode, table: Mapping[str, Definition]) -> object:
    """The same JSON value with the items of every set ordered by their text."""
    match node:
        case ArrayType(item=item) if isinstance(value, list):
            items = [sort_sets(inner, item, table) for inner in cast("list[object]", value)]
            return sorted(items, key=to_json) if node.is_unique else items
        case TupleType(items=places) if isinstance(value, list):
            return _sort_places(cast("list[object]", value), places, table)
        case MapType(value=inner) if isinstance(value, dict):
            return {key: sort_sets(below, inner, table) for key, below in cast("dict[str, object]", value).items()}
        case UnionType(members=members):
            return (
                sort_sets(value, _member_of(value, members, table), table) if isinstance(value, list | dict) else value
            )
        case Ref(name=name):
            return _sort_in_definition(value, table[name], table)
        case _:
            return value


def _sort_in_definition(value: object, definition: Definition, table: Mapping[str, Definition]) -> object:
    match definition:
        case ObjectDefinition(fields=fields) if isinstance(value, dict):
            types = {field.emit: field.type for field in fields if field.emit is not None}
            body = cast("dict[str, object]", value)
            return {key: sort_sets(inner, types[key], table) if key in types else inner for key, inner in body.items()}
        case TupleDefinition(fields=fields) if isinstance(value, list):
            return _sort_places(cast("list[object]", value), tuple(field.type for field in fields), table)
        case AliasDefinition(target=target):
            return sort_sets(value, target, table)
        case ObjectDefinition() | TupleDefinition() | EnumDefinition():
            return value


def _sort_places(value: list[object], places: tuple[TypeNode, ...], table: Mapping[str, Definition]) -> object:
    sorted_places = [sort_sets(inner, place, table) for inner, place in zip(value, places, strict=False)]
    return sorted_places + value[len(places) :]


def _member_of(value: Any, members: tuple[TypeNode, ...], table: Mapping[str, Definition]) -> TypeNode:
    """The first member that the value fits, as a reader would choose."""
    for member in members:
        definitions = {item.name: definition_schema(item, "emit", table) for item in reachable((member,), table)}
        if Draft202012Validator({**type_schema(member, "emit", table), "$defs": definitions}).is_valid(value):
            return member
    return members[0]
