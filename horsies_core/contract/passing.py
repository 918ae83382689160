"""Settings that pass on from a class to what its fields hold.

Pydantic reads a TypedDict or a standard dataclass without a configuration under the one of the class that holds it, and then
under whichever came first: such a type has no wire form of its own. Bytes are written as the nearest configuration says.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from horsies_core.contract.types import (
    AliasDefinition,
    BytesEncoding,
    BytesType,
    Definition,
    Ref,
    TupleDefinition,
    TypeNode,
    mapped,
    walk,
)

HARMLESS: Mapping[str, object] = {
    "extra": "ignore",
    "alias_generator": None,
    "populate_by_name": False,
    "validate_by_name": False,
    "validate_by_alias": True,
    "ser_json_bytes": "utf8",
    "val_json_bytes": "utf8",
}
"""The settings that pass on and change the wire, each with the value that does not."""

ENCODINGS = frozenset({"ser_json_bytes", "val_json_bytes"})


def with_encoding(node: TypeNode, encoding: BytesEncoding) -> TypeNode:
    """The node with its bytes in an encoding, those within containers too; named types keep their own."""
    return mapped(node, lambda inner: replace(inner, encoding=encoding) if isinstance(inner, BytesType) else inner)


def holds_bytes(node: TypeNode) -> bool:
    """Whether bytes stand in a node, named types left aside."""
    return any(isinstance(inner, BytesType) for inner in walk(node))


def heir(node: TypeNode, table: Mapping[str, Definition], without: Set[str], settings: Set[str]) -> str | None:
    """The first named type in a node that takes over some of these settings, None if there is none.

    ``without`` names the TypedDicts and dataclasses that have no configuration of their own.
    """
    return _heir(node, table, without, bool(settings & ENCODINGS), frozenset()) if settings else None


def _heir(
    node: TypeNode, table: Mapping[str, Definition], without: Set[str], encodes: bool, seen: frozenset[str]
) -> str | None:
    for inner in walk(node):
        if not isinstance(inner, Ref) or inner.name in seen:
            continue
        if inner.name in without:
            return inner.name
        seen |= {inner.name}
        for part in _parts(table.get(inner.name)):
            found = inner.name if encodes and holds_bytes(part) else _heir(part, table, without, encodes, seen)
            if found is not None:
                return found
    return None


def _parts(definition: Definition | None) -> tuple[TypeNode, ...]:
    """What stands in a named type that settings pass through: models and enums let none through."""
    match definition:
        case TupleDefinition(fields=fields):
            return tuple(field.type for field in fields)
        case AliasDefinition(kind="alias" | "newtype", target=target):
            return (target,)
        case _:
            return ()
