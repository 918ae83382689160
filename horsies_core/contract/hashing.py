"""Which types can stand in a set: Python must hash what is decoded, whatever JSON may stand there.

Sources: the data model's rules for ``__hash__`` and ``__eq__``, the table of ``dataclass(eq=, frozen=, unsafe_hash=)``, and
pydantic's ``frozen``, which makes a hash of a model's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias, assert_never

from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Definition,
    EnumDefinition,
    JsonTextType,
    JsonType,
    MapType,
    ObjectDefinition,
    Ref,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
    mapped,
)

HashedBy: TypeAlias = frozenset[str] | None
"""The fields whose hashes make that of a value; empty for a hash of its own, None where a value has no hash."""

_LIST = "a list has no hash; write tuple[X, ...]"
_FREEZE = {
    "model": "freeze it with model_config = ConfigDict(frozen=True)",
    "dataclass": "freeze it with @dataclass(frozen=True)",
    "typeddict": "write a frozen model or dataclass",
}


class Hashes:
    """How the named types of a table are hashed: each is asked for only when a set holds it."""

    def __init__(self) -> None:
        self.unseen: set[TypeNode] = set()
        """What stands for another type on the wire: the value itself is of a class that is not read."""
        self._ask: dict[str, Callable[[], HashedBy]] = {}

    def note(self, name: str, ask: Callable[[], HashedBy]) -> None:
        """Remember how to find out about a class."""
        self._ask[name] = ask

    def of(self, definition: Definition) -> HashedBy:
        """How a class is hashed."""
        if definition.name in self._ask:
            return self._ask[definition.name]()
        match definition:
            case EnumDefinition():
                return frozenset()
            case TupleDefinition(fields=fields):
                return frozenset(field.name for field in fields)
            case _:
                return None


def hash_problem(item: TypeNode, table: Mapping[str, Definition], hashes: Hashes) -> str | None:
    """Why no set could hold every value of that type, in words; None where it can. ``table`` is complete."""
    return _problem(item, table, hashes, frozenset())


def refused_in_sets(node: TypeNode, table: Mapping[str, Definition], hashes: Hashes) -> TypeNode:
    """The node with a hole for each item that its sets cannot hold."""

    def refused(inner: TypeNode) -> TypeNode:
        if not isinstance(inner, ArrayType) or not inner.is_unique:
            return inner
        problem = hash_problem(inner.item, table, hashes)
        return inner if problem is None else replace(inner, item=unhashable(problem))

    return mapped(node, refused)


def unhashable(problem: str) -> UnresolvedType:
    """The hole for an item that has the problem."""
    return UnresolvedType(f"a set cannot hold this type: {problem}", "HC203")


def _problem(node: TypeNode, table: Mapping[str, Definition], hashes: Hashes, seen: frozenset[str]) -> str | None:
    if node in hashes.unseen:
        return None
    match node:
        case ArrayType(kind="list" | "sequence" | "deque"):
            return _LIST
        case ArrayType(kind="set"):
            return "a set has no hash; write frozenset[X]"
        case MapType():
            return "a dict has no hash; write a frozen model or dataclass"
        case JsonType():
            return "JSON arrays and objects have no hash; write the scalars that are meant"
        case ArrayType(item=inner) | JsonTextType(inner=inner):
            return _problem(inner, table, hashes, seen)
        case TupleType(items=parts) | UnionType(members=parts):
            return _first(parts, table, hashes, seen)
        case Ref(name=name) if name not in seen and name in table:
            return _named_problem(table[name], table, hashes, seen | {name})
        case _:
            return None


def _first(
    parts: tuple[TypeNode, ...], table: Mapping[str, Definition], hashes: Hashes, seen: frozenset[str]
) -> str | None:
    problems = (_problem(part, table, hashes, seen) for part in parts)
    return next((problem for problem in problems if problem is not None), None)


def _named_problem(
    definition: Definition, table: Mapping[str, Definition], hashes: Hashes, seen: frozenset[str]
) -> str | None:
    if isinstance(definition, AliasDefinition) and definition.kind != "root":
        return _problem(definition.target, table, hashes, seen)
    hashed = hashes.of(definition)
    shown = definition.name.partition(":")[2]
    if hashed is None:
        return f"{shown} has no hash; {_remedy(definition)}"
    for name, part in _parts(definition):
        problem = _problem(part, table, hashes, seen) if name in hashed else None
        if problem is not None:
            return f"{shown}.{name}: {problem}"
    return None


def _parts(definition: Definition) -> tuple[tuple[str, TypeNode], ...]:
    match definition:
        case ObjectDefinition(fields=fields) | TupleDefinition(fields=fields):
            return tuple((field.name, field.type) for field in fields)
        case AliasDefinition(target=target):
            return (("root", target),)
        case EnumDefinition():
            return ()
        case _:
            assert_never(definition)


def _remedy(definition: Definition) -> str:
    match definition:
        case ObjectDefinition(kind=kind):
            return _FREEZE[kind]
        case AliasDefinition():
            return _FREEZE["model"]
        case EnumDefinition() | TupleDefinition():
            return "define __hash__ beside __eq__"
