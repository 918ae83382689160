"""Type nodes → the Python types that a client shows, as expressions.

A client has types of its own for the user's: objects are TypedDicts with the wire names as keys, enums are Enum classes,
named tuples and NewTypes stay what they are. Scalars are the standard library's. Constraints are not shown: the
contract, which the client carries, checks them before anything is sent. A set of objects is a list: no set can hold a
TypedDict.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Literal, assert_never

from horsies_codegen.emit.expression import Either, Expression, Import, Index, Name
from horsies_codegen.emit.literals import scalar_literal
from horsies_core.contract.formats import STRING_FORMATS
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayKind,
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
    children,
    definition_children,
    walk,
)

Side = Literal["accept", "emit"]

CLIENT_MODULE = "horsies.client"
OUT_SUFFIX = "Out"
"""Behind the class name of what a task gives back, where that differs from what it takes."""

LITERAL = Name("Literal", Import("typing", "Literal"))

_ABSTRACT = "collections.abc"
_ARRAY_HEADS: dict[ArrayKind, Name] = {
    "list": Name("list"),
    "set": Name("set"),
    "frozenset": Name("frozenset"),
    "tuple": Name("tuple"),
    "deque": Name("collections.deque", Import("collections")),
    "sequence": Name("Sequence", Import(_ABSTRACT, "Sequence")),
    "iterable": Name("Sequence", Import(_ABSTRACT, "Sequence")),
}
_MAP_HEADS = {"dict": Name("dict"), "mapping": Name("Mapping", Import(_ABSTRACT, "Mapping"))}


class TypePrinter:
    """Prints type nodes, knowing what the classes of the user's types are called.

    ``prefix`` stands before every such name (``models.`` outside the module that declares them).
    """

    def __init__(
        self,
        class_names: Mapping[str, str],
        two_sided: frozenset[str],
        *,
        unhashable: frozenset[str] = frozenset(),
        prefix: str = "",
        needs: Import | None = None,
    ) -> None:
        self._class_names = class_names
        self._two_sided = two_sided
        self._unhashable = unhashable
        self._prefix = prefix
        self._needs = needs

    def class_name(self, identity: str, side: Side) -> str:
        """The class name of a definition on one side."""
        suffix = OUT_SUFFIX if side == "emit" and identity in self._two_sided else ""
        return self._class_names[identity] + suffix

    def expression(self, node: TypeNode, side: Side) -> Expression:
        """The Python type of a node. Raises ValueError for a hole."""
        match node:
            case NullType():
                return Name("None")
            case BoolType():
                return Name("bool")
            case NumberType(kind=kind):
                return Name("decimal.Decimal", Import("decimal")) if kind == "decimal" else Name(kind)
            case StringType(format=form):
                return _of_format(form)
            case BytesType(encoding=encoding):
                return Name("bytes" if encoding == "utf8" else "str")
            case TemporalType(kind=kind):
                return Name(f"datetime.{kind}", Import("datetime"))
            case JsonType():
                return Name("JsonValue", Import("horsies", "JsonValue"))
            case JsonTextType():
                return Name("str")
            case LiteralType(values=values):
                return _literal(values)
            case Ref(name=name):
                return Name(self._prefix + self.class_name(name, side), self._needs)
            case ArrayType() | TupleType() | MapType() | UnionType():
                return self._composite(node, side)
            case UnresolvedType():
                raise ValueError(f"an unresolved type has no Python type: {node.reason}")
            case _:
                assert_never(node)

    def _composite(self, node: ArrayType | TupleType | MapType | UnionType, side: Side) -> Expression:
        match node:
            case ArrayType(item=item, kind="tuple"):
                return Index(Name("tuple"), (self.expression(item, side), Name("...")))
            case ArrayType(item=item, kind=kind):
                kind = "list" if node.is_unique and not _is_hashable(item, self._unhashable) else kind
                return Index(_ARRAY_HEADS[kind], (self.expression(item, side),))
            case TupleType(items=items):
                return Index(Name("tuple"), tuple(self.expression(item, side) for item in items) or (Name("()"),))
            case MapType(key=key, value=value, kind=kind):
                return Index(_MAP_HEADS[kind], (self.expression(key, side), self.expression(value, side)))
            case UnionType(members=members):
                return _either(tuple(self.expression(member, side) for member in members))
            case _:
                assert_never(node)


def two_sided(definitions: Mapping[str, Definition]) -> frozenset[str]:
    """The definitions whose accepted and emitted Python types differ, in themselves or in what they refer to."""
    found = {name for name, definition in definitions.items() if _differs(definition)}
    while more := {
        name for name, definition in definitions.items() if name not in found and references(definition) & found
    }:
        found |= more
    return frozenset(found)


def unhashable(definitions: Mapping[str, Definition]) -> frozenset[str]:
    """The definitions whose Python types in a client no set can hold: objects, and what has one in its place."""
    found = {name for name, definition in definitions.items() if isinstance(definition, ObjectDefinition)}
    while more := {
        name
        for name, definition in definitions.items()
        if name not in found and not all(_is_hashable(child, found) for child in definition_children(definition))
    }:
        found |= more
    return frozenset(found)


def _is_hashable(node: TypeNode, without: Set[str]) -> bool:
    match node:
        case ArrayType(item=item, kind="tuple" | "frozenset"):
            return _is_hashable(item, without)
        case ArrayType() | MapType() | JsonType():
            return False
        case Ref(name=name):
            return name not in without
        case JsonTextType():
            return True
        case _:
            return all(_is_hashable(child, without) for child in children(node))


def references(definition: Definition) -> frozenset[str]:
    """The names of the definitions that a definition refers to."""
    nodes = (node for child in definition_children(definition) for node in walk(child))
    return frozenset(node.name for node in nodes if isinstance(node, Ref))


def _differs(definition: Definition) -> bool:
    match definition:
        case ObjectDefinition(fields=fields):
            return any(field.accept[:1] != (field.emit,) for field in fields)
        case EnumDefinition() | TupleDefinition() | AliasDefinition():
            return False
        case _:
            assert_never(definition)


def _of_format(form: str | None) -> Name:
    if form is None:
        return Name("str")
    module, _, name = STRING_FORMATS[form].python.partition(":")
    return Name(name) if module == "builtins" else Name(f"{module}.{name}", Import(module))


def _literal(values: tuple[str, ...]) -> Expression:
    """``Literal[...]``; null stands beside it as None, and a float, which Literal cannot hold, as ``float``."""
    scalars = [json.loads(value) for value in values]
    listed = tuple(Name(scalar_literal(scalar)) for scalar in scalars if isinstance(scalar, str | int))
    members: list[Expression] = [Index(LITERAL, listed)] if listed else []
    if any(isinstance(scalar, float) for scalar in scalars):
        members.append(Name("float"))
    if None in scalars:
        members.append(Name("None"))
    return _either(tuple(members))


def _either(members: tuple[Expression, ...]) -> Expression:
    """A union, flat and without repetitions, None at its end as people write it."""
    flattened = (item for member in members for item in (member.members if isinstance(member, Either) else (member,)))
    unique = tuple(dict.fromkeys(flattened))
    ordered = tuple(sorted(unique, key=lambda member: member == Name("None")))
    return ordered[0] if len(ordered) == 1 else Either(ordered)
