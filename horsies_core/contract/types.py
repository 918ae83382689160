"""Type nodes: the small closed set that every parameter and result type is written in.

A node says what JSON may stand on the wire, and which Python type stands for it; it never says which class of the
user's that was, except as the identity of a named definition, which is for people and is left out of the fingerprint.
Nodes are immutable and compare by value. Consumers match exhaustively and end in ``assert_never``.

A named type (model, dataclass, TypedDict, enum, NewType, ...) is a `Definition`; nodes refer to it by `Ref`, so types
may be recursive. The table from name to definition belongs to the contract.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias, TypeGuard, assert_never, cast, get_args

Number: TypeAlias = int | float | Decimal
"""A bound. An `int` for int types, a `float` (or int) for float types, a `Decimal` for decimal types."""

NumberKind = Literal["int", "float", "decimal"]
ArrayKind = Literal["list", "set", "frozenset", "deque", "sequence", "iterable", "tuple"]
MapKind = Literal["dict", "mapping"]
TemporalKind = Literal["date", "time", "datetime", "timedelta"]
BytesEncoding = Literal["utf8", "base64", "base64url", "hex"]
ObjectKind = Literal["model", "dataclass", "typeddict"]
ExtraKeys = Literal["ignore", "forbid", "allow"]
AliasKind = Literal["alias", "newtype", "root"]


def is_array_kind(text: str) -> TypeGuard[ArrayKind]:
    """Whether the text names an array kind."""
    return text in get_args(ArrayKind)


@dataclass(frozen=True, slots=True)
class NullType:
    """JSON null; Python None."""


@dataclass(frozen=True, slots=True)
class BoolType:
    """true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberType:
    """An int, a finite float, or a Decimal (accepted as number or text, emitted as text)."""

    kind: NumberKind
    ge: Number | None = None
    gt: Number | None = None
    le: Number | None = None
    lt: Number | None = None
    multiple_of: Number | None = None
    max_digits: int | None = None
    decimal_places: int | None = None

    def __post_init__(self) -> None:
        for bound in ("ge", "gt", "le", "lt", "multiple_of"):
            value = getattr(self, bound)
            if value is not None:
                object.__setattr__(self, bound, _bound(self.kind, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class StringType:
    """A string. ``format`` is a key of `horsies_core.contract.formats.STRING_FORMATS`, or None for a plain ``str``.

    Lengths count code points. ``pattern`` is searched, not anchored.
    """

    format: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BytesType:
    """``bytes`` in a JSON string, in the encoding named. Lengths count bytes."""

    encoding: BytesEncoding = "utf8"
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalType:
    """A date, time, datetime or timedelta as ISO 8601 text. Bounds are ISO text too."""

    kind: TemporalKind
    zone: Literal["aware", "naive"] | None = None
    when: Literal["past", "future"] | None = None
    ge: str | None = None
    gt: str | None = None
    le: str | None = None
    lt: str | None = None


@dataclass(frozen=True, slots=True)
class JsonType:
    """Any JSON value (pydantic's ``JsonValue``)."""


@dataclass(frozen=True, slots=True)
class LiteralType:
    """One of a few scalars, each held as canonical JSON text so that ``1`` and ``true`` stay apart."""

    values: tuple[str, ...]

    def python_values(self) -> tuple[str | int | float | bool | None, ...]:
        """The values as Python scalars."""
        return tuple(json.loads(value) for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayType:
    """A JSON array of one item type. Sets and frozensets hold no item twice."""

    item: TypeNode
    kind: ArrayKind = "list"
    min_items: int | None = None
    max_items: int | None = None

    @property
    def is_unique(self) -> bool:
        """Whether an item may stand only once."""
        return self.kind in ("set", "frozenset")


@dataclass(frozen=True, slots=True)
class TupleType:
    """A JSON array of fixed places: ``tuple[int, str]``."""

    items: tuple[TypeNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapType:
    """A JSON object used as a dictionary. Keys are strings on the wire; ``key`` says which."""

    key: TypeNode
    value: TypeNode
    kind: MapKind = "dict"
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class UnionType:
    """One of several types; ``tag`` names the wire property that tells object members apart, if there is one.

    Build with `union`, which flattens, removes repetitions and collapses a union of one.
    """

    members: tuple[TypeNode, ...]
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class JsonTextType:
    """JSON text of an inner type within a string (pydantic's ``Json[T]``)."""

    inner: TypeNode


@dataclass(frozen=True, slots=True)
class Ref:
    """A named definition of the contract's table."""

    name: str


@dataclass(frozen=True, slots=True)
class UnresolvedType:
    """A hole: a type that cannot be part of a contract. ``code`` is the finding's code, ``reason`` says why.

    Drafts may hold it, finished contracts never do: a law refuses it.
    """

    reason: str
    code: str = "HC003"


TypeNode: TypeAlias = (
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
    | Ref
    | UnresolvedType
)


@dataclass(frozen=True, slots=True)
class Default:
    """The value that stands for an absent field or parameter: canonical JSON text, or None if computed at run time."""

    json_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property of an object.

    ``accept`` holds the wire names that a reader takes, the preferred one first; ``emit`` is the one that a writer
    uses, None if the field is never written. ``default`` is None for a required field.
    """

    name: str
    type: TypeNode
    accept: tuple[str, ...]
    emit: str | None
    default: Default | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDefinition:
    """A pydantic model, a dataclass or a TypedDict.

    ``opaque`` says that after-validators check more than is written here.
    """

    name: str
    kind: ObjectKind
    fields: tuple[Field, ...]
    extra: ExtraKeys = "ignore"
    extra_type: TypeNode | None = None
    opaque: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumDefinition:
    """An enum: member names with their wire values (canonical JSON text)."""

    name: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleDefinition:
    """A NamedTuple: a JSON array whose places have names; trailing ones with a default may be left out."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasDefinition:
    """Another name of a type: a PEP 695 alias, a NewType, or a RootModel."""

    name: str
    kind: AliasKind
    target: TypeNode
    opaque: bool = False


Definition: TypeAlias = ObjectDefinition | EnumDefinition | TupleDefinition | AliasDefinition


def _bound(kind: NumberKind, value: Number) -> Number:
    """One spelling for equal bounds, so that ``ge=1`` and ``ge=1.0`` on a float are one contract.

    Equal nodes must be written equally: fingerprints are kept by node.
    """
    if kind == "decimal":
        return _plain_decimal(value if isinstance(value, Decimal) else Decimal(str(value)))
    if kind == "float":
        return float(value) + 0.0  # no negative zero
    if value != int(value):
        raise ValueError(f"{value} bounds no int: pydantic takes whole numbers there")
    return int(value)


def _plain_decimal(value: Decimal) -> Decimal:
    """The decimal without trailing zeros, a sign on zero or an exponent that only moves the point."""
    if not value.is_finite() or not value:
        return value if value else Decimal(0)
    sign, digits, exponent = value.as_tuple()
    kept = list(digits)
    power = int(exponent)
    while kept[-1] == 0:
        kept.pop()
        power += 1
    if 0 < power <= _PLAIN_POWER:
        kept, power = [*kept, *[0] * power], 0
    return Decimal((sign, tuple(kept), power))


_PLAIN_POWER = 30


def canonical_json(value: object) -> str:
    """JSON text with sorted keys and no spaces.

    Raises ValueError for NaN and infinities, TypeError for values that JSON does not have.
    """
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def literal(*values: str | float | bool | None) -> LiteralType:
    """A literal type of Python scalars, repetitions removed, order kept."""
    return LiteralType(tuple(dict.fromkeys(canonical_json(value) for value in values)))


def union(members: tuple[TypeNode, ...], tag: str | None = None) -> TypeNode:
    """A union, flattened (untagged members only), without repetitions; the member itself if there is only one."""
    flat = tuple(dict.fromkeys(_flattened(members)))
    if len(flat) == 1:
        return flat[0]
    return UnionType(flat, tag)


def _flattened(members: tuple[TypeNode, ...]) -> Iterator[TypeNode]:
    for member in members:
        if isinstance(member, UnionType) and member.tag is None:
            yield from member.members
        else:
            yield member


def children(node: TypeNode) -> tuple[TypeNode, ...]:
    """The nodes directly inside a node."""
    if type(node) in _LEAVES:  # most nodes, and asked of each a dozen times a task
        return ()
    match node:
        case ArrayType(item=inner) | JsonTextType(inner=inner):
            return (inner,)
        case TupleType(items=inner) | UnionType(members=inner):
            return inner
        case MapType(key=key, value=value):
            return (key, value)
        case (
            NullType()
            | BoolType()
            | NumberType()
            | StringType()
            | BytesType()
            | TemporalType()
            | JsonType()
            | LiteralType()
            | Ref()
            | UnresolvedType()
        ):
            return ()
        case _:
            assert_never(node)


def definition_children(definition: Definition) -> tuple[TypeNode, ...]:
    """The nodes directly inside a definition."""
    match definition:
        case ObjectDefinition(fields=fields, extra_type=extra_type):
            own = tuple(field.type for field in fields)
            return own if extra_type is None else (*own, extra_type)
        case TupleDefinition(fields=fields):
            return tuple(field.type for field in fields)
        case AliasDefinition(target=target):
            return (target,)
        case EnumDefinition():
            return ()
        case _:
            assert_never(definition)


def mapped(node: TypeNode, change: Callable[[TypeNode], TypeNode]) -> TypeNode:
    """The node after a change to it and to every node inside it, inner ones first, not following references."""
    match node:
        case ArrayType(item=item):
            return change(replace(node, item=mapped(item, change)))
        case TupleType(items=items):
            return change(TupleType(tuple(mapped(item, change) for item in items)))
        case MapType(key=key, value=value):
            return change(replace(node, key=mapped(key, change), value=mapped(value, change)))
        case UnionType(members=members, tag=tag):
            return change(UnionType(tuple(mapped(member, change) for member in members), tag))
        case JsonTextType(inner=inner):
            return change(JsonTextType(mapped(inner, change)))
        case _:
            return change(node)


def mapped_definition(definition: Definition, change: Callable[[TypeNode], TypeNode]) -> Definition:
    """The definition with every node directly inside it changed."""
    match definition:
        case ObjectDefinition(fields=fields, extra_type=extra_type):
            return replace(
                definition,
                fields=tuple(replace(field, type=change(field.type)) for field in fields),
                extra_type=None if extra_type is None else change(extra_type),
            )
        case TupleDefinition(fields=fields):
            return replace(definition, fields=tuple(replace(field, type=change(field.type)) for field in fields))
        case AliasDefinition(target=target):
            return replace(definition, target=change(target))
        case EnumDefinition():
            return definition
        case _:
            assert_never(definition)


_LEAVES: frozenset[type] = frozenset(
    {NullType, BoolType, NumberType, StringType, BytesType, TemporalType, JsonType, LiteralType, Ref, UnresolvedType}
)
"""The nodes that have no others inside them."""


def walk(node: TypeNode) -> Iterator[TypeNode]:
    """The node and every node inside it, not following references."""
    yield node
    for child in children(node):
        if type(child) in _LEAVES:
            yield child
        else:
            yield from walk(child)


def walk_into(waiting: list[TypeNode], definitions: Mapping[str, Definition], seen: set[str]) -> Iterator[TypeNode]:
    """The nodes and every node inside them, following references, but into no definition twice, nor into those in ``seen``.

    Every law and rule on types asks this of every task, so it calls as little as it can.
    """
    while waiting:
        node = waiting.pop()
        yield node
        kind = type(node)
        if kind is Ref:
            name = cast("Ref", node).name
            if name not in seen and name in definitions:
                seen.add(name)
                waiting.extend(definition_children(definitions[name]))
        elif kind not in _LEAVES:
            waiting.extend(children(node))
