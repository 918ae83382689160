"""Types with their names looked up: what a node stands for, in one contract's table of definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
    Definition,
    EnumDefinition,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
)

Table: TypeAlias = Mapping[str, Definition]

Resolved: TypeAlias = (
    NullType
    | BoolType
    | NumberType
    | StringType
    | BytesType
    | TemporalType
    | JsonType
    | LiteralType
    | ArrayType
    | TupleType
    | MapType
    | UnionType
    | JsonTextType
    | UnresolvedType
    | ObjectDefinition
    | TupleDefinition
)
"""A node with no name in front: references and aliases followed, enums written as the literals they are on the wire."""

AnyType: TypeAlias = TypeNode | ObjectDefinition | TupleDefinition
"""A node, or a definition that stands in its place (after a split by the value of one property)."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A type together with the table that its names are looked up in."""

    node: AnyType
    table: Table

    def at(self, node: AnyType) -> Typed:
        """Another type of the same contract."""
        return Typed(node, self.table)

    @property
    def resolved(self) -> Resolved:
        """What the type stands for."""
        return resolve(self.node, self.table)


def resolve(node: AnyType, table: Table) -> Resolved:
    """Follows references and aliases. An alias of itself, or an unknown name, resolves to a hole."""
    seen: set[str] = set()
    while isinstance(node, Ref):
        definition = table.get(node.name)
        if definition is None or node.name in seen:
            return UnresolvedType(f"nothing is defined as {node.name!r}")
        seen.add(node.name)
        match definition:
            case AliasDefinition(target=target):
                node = target
            case EnumDefinition(members=members):
                return LiteralType(tuple(dict.fromkeys(value for _, value in members)))
            case ObjectDefinition() | TupleDefinition():
                return definition
    return node


def is_opaque(node: AnyType, table: Table) -> bool:
    """Whether validators on the way to the resolved type check more than the contract says."""
    seen: set[str] = set()
    while isinstance(node, Ref) and node.name not in seen:
        seen.add(node.name)
        definition = table.get(node.name)
        if isinstance(definition, AliasDefinition) and not definition.opaque:
            node = definition.target
        else:
            return isinstance(definition, ObjectDefinition | AliasDefinition) and definition.opaque
    return isinstance(node, ObjectDefinition) and node.opaque
