"""Objects on the wire, whatever Python type stands for them: what a writer writes under which names, what a reader takes.

A model with known fields and a dictionary with free keys are the same kind of thing here, so that each may replace the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from horsies_core.contract.compare.membership import key_text
from horsies_core.contract.compare.resolved import AnyType, Table, Typed, resolve
from horsies_core.contract.types import (
    Default,
    Field,
    JsonType,
    LiteralType,
    MapType,
    ObjectDefinition,
    StringType,
    TypeNode,
)


@dataclass(frozen=True, slots=True)
class Property:
    """One property that is written: its type, whether it always is, and what its absence stands for."""

    type: TypeNode
    always: bool
    default: Default | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Free keys with their values."""

    key: TypeNode
    value: TypeNode


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer of objects writes. ``rest`` never has a name of ``named``; ``never`` holds names it never has either."""

    named: Mapping[str, Property]
    rest: Rest | None
    never: frozenset[str]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reader of objects takes. ``rest`` is None where unknown keys are dropped (or refused, if ``closed``)."""

    fields: tuple[Field, ...]
    rest: Rest | None
    closed: bool
    least: int
    most: int | None

    @property
    def names(self) -> frozenset[str]:
        """Every name that a field is read from."""
        return frozenset(name for field in self.fields for name in field.accept)


ANY_KEY = StringType()


def written_by(node: ObjectDefinition | MapType, table: Table) -> Written:
    """How a writer of the type writes objects."""
    if isinstance(node, MapType):
        return _written_map(node, table)
    named = {
        field.emit: Property(field.type, field.required, field.default)
        for field in node.fields
        if field.emit is not None
    }
    always = sum(item.always for item in named.values())
    is_open = node.extra == "allow"
    return Written(
        named=named,
        rest=Rest(ANY_KEY, node.extra_type or JsonType()) if is_open else None,
        never=frozenset(name for field in node.fields for name in field.accept) - named.keys(),
        least=always,
        most=None if is_open else len(named),
    )


def _written_map(node: MapType, table: Table) -> Written:
    keys = finite_keys(node.key, table)
    least = node.min_items or 0
    if keys is None:
        return Written({}, Rest(node.key, node.value), frozenset(), least, node.max_items)
    most = len(keys) if node.max_items is None else min(node.max_items, len(keys))
    return Written({key: Property(node.value, least >= len(keys)) for key in keys}, None, frozenset(), least, most)


def finite_keys(key: AnyType, table: Table) -> tuple[str, ...] | None:
    """All keys of a map whose keys are literals; None if they are not."""
    node = resolve(key, table)
    return tuple(dict.fromkeys(key_text(value) for value in node.values)) if isinstance(node, LiteralType) else None


def taken_by(node: ObjectDefinition | MapType, *, open_objects: bool) -> Taken:
    """How a reader of the type takes objects."""
    if isinstance(node, MapType):
        return Taken((), Rest(node.key, node.value), False, node.min_items or 0, node.max_items)
    rest = Rest(ANY_KEY, node.extra_type or JsonType()) if node.extra == "allow" else None
    return Taken(node.fields, rest, node.extra == "forbid" and not open_objects, 0, None)


def with_tag(node: AnyType, tag: str, table: Table) -> AnyType:
    """A member of a tagged union as its writers write it: the tag is always there, defaulted or not."""
    resolved = Typed(node, table).resolved
    if not isinstance(resolved, ObjectDefinition):
        return node
    if all(field.required for field in resolved.fields if field.emit == tag):
        return node
    return replace_field(resolved, tag, required=True)


def replace_field(
    node: ObjectDefinition, emitted: str, *, required: bool | None = None, as_type: TypeNode | None = None
) -> ObjectDefinition:
    """The object with the field of this written name always written, or written with another type."""
    fields = tuple(
        Field(
            name=field.name,
            type=field.type if as_type is None else as_type,
            accept=field.accept,
            emit=field.emit,
            default=field.default,
            required=field.required if required is None else required,
        )
        if field.emit == emitted
        else field
        for field in node.fields
    )
    return _with_fields(node, fields)


def without_field(node: ObjectDefinition, emitted: str) -> ObjectDefinition:
    """The object as written when the field of this name is left out."""
    return _with_fields(node, tuple(field for field in node.fields if field.emit != emitted))


def _with_fields(node: ObjectDefinition, fields: tuple[Field, ...]) -> ObjectDefinition:
    return ObjectDefinition(
        name=node.name,
        kind=node.kind,
        fields=fields,
        extra=node.extra,
        extra_type=node.extra_type,
        opaque=node.opaque,
    )
