"""What ``Annotated`` says about a type, put on the node that it constrains.

Constraints are read by the attributes they carry (``ge``, ``min_length``, ``pattern``, ...), which annotated_types and
pydantic share, so neither is imported. As in pydantic, a constraint on an optional type constrains the type that is
there when there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, cast

from horsies_core.contract.types import (
    ArrayType,
    BytesType,
    JsonTextType,
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
from horsies_core.task.live.temporal import iso_text

BOUNDS = ("ge", "gt", "le", "lt", "multiple_of")
LENGTHS = ("min_length", "max_length")
DECIMALS = ("max_digits", "decimal_places")

_UUID_VERSIONS = range(1, 9)
_PATH_FORMATS = {"file": "file-path", "dir": "directory-path"}
_HARMLESS = frozenset(
    {
        "Strict",
        "AfterValidator",
        "AllowInfNan",
        "FailFast",
        "_PydanticGeneralMetadata",
        "Predicate",
        "Not",
        "Unit",
        "Doc",
        "DocInfo",
        "Deprecated",
        "deprecated",
    }
)
_HOOKS = frozenset(
    {
        "BeforeValidator",
        "PlainValidator",
        "WrapValidator",
        "PlainSerializer",
        "WrapSerializer",
        "SerializeAsAny",
        "GetPydanticSchema",
        "EncodedBytes",
        "EncodedStr",
    }
)
_NO_JSON = frozenset({"SkipValidation", "InstanceOf", "_OnErrorOmit"})


def constrain(node: TypeNode, metadata: Iterable[object], tag_of: Callable[[TypeNode, object], TypeNode]) -> TypeNode:
    """The node under one ``Annotated``; ``tag_of`` makes a tagged union of a node and a discriminator."""
    for item in metadata:
        for constraint in _expanded(item):
            node = _apply(node, constraint, tag_of)
    return node


def _expanded(item: Any) -> Iterator[Any]:
    """Groups of constraints, one by one: ``Interval``, ``Len``, pydantic's ``Field`` and ``StringConstraints``."""
    name = type(item).__name__
    if name == "FieldInfo":
        yield from item.metadata
        yield _FieldFacts(item)
    elif name in ("Interval", "Len", "StringConstraints"):
        facts = {key: getattr(item, key) for key in (*BOUNDS, *LENGTHS, "pattern") if hasattr(item, key)}
        yield _Facts(facts if facts.get("min_length") != 0 else {**facts, "min_length": None})
    else:
        yield item


class _Facts:
    """Constraints by name."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.__dict__.update({key: value for key, value in facts.items() if value is not None})


class _FieldFacts:
    """What ``Field`` says beside constraints and changes the wire."""

    def __init__(self, field: Any) -> None:
        self.discriminator = getattr(field, "discriminator", None)
        aliases = (field.alias, field.validation_alias, field.serialization_alias)
        self.alias = next((alias for alias in aliases if alias is not None), None)
        self.exclude = bool(field.exclude)


def _apply(node: TypeNode, item: Any, tag_of: Callable[[TypeNode, object], TypeNode]) -> TypeNode:
    if item is None or isinstance(item, str) or isinstance(node, UnresolvedType):
        return node
    if isinstance(item, _FieldFacts):
        return node if item.discriminator is None else tag_of(node, item.discriminator)
    name = _name_of(item)
    if name == "Discriminator":
        return tag_of(node, item.discriminator)
    if name in _NO_JSON or (name == "PathType" and item.path_type not in _PATH_FORMATS):
        return UnresolvedType(f"{name} has no JSON form that horsies knows", "HC203")
    if name == "UrlConstraints" and not _urls_are_annotated():
        return UnresolvedType("UrlConstraints in Annotated may change what stands on the wire", "HC006")
    if name in _HOOKS:
        return UnresolvedType(f"{name} changes by code what stands on the wire", "HC007")
    if name == "UuidVersion":
        return _with_format(node, f"uuid{item.uuid_version}")
    if name == "PathType":
        return _with_format(node, _PATH_FORMATS[item.path_type])
    if name == "Json":
        return JsonTextType(node)
    if name == "Timezone":
        return _with_zone(node, item.tz)
    facts = _facts(item)
    if facts:
        return _constrained(node, facts)
    if isinstance(item, _Facts) or name in _HARMLESS or name == "UrlConstraints":
        return node
    return UnresolvedType(f"{name} in Annotated may change what stands on the wire", "HC006")


def _urls_are_annotated() -> bool:
    """Whether this pydantic (before 2.10) makes ``HttpUrl`` of one class of URLs and constraints, instead of a class."""
    return not getattr(sys.modules["pydantic"].AnyUrl, "__module__", "").startswith("pydantic.")


def _name_of(item: object) -> str:
    """The class of a piece of metadata; ``Json`` and its like stand there as the class itself."""
    return item.__name__ if isinstance(item, type) else type(item).__name__


def _facts(item: Any) -> dict[str, Any]:
    keys = (*BOUNDS, *LENGTHS, *DECIMALS, "pattern")
    return {key: value for key in keys if (value := getattr(item, key, None)) is not None and not callable(value)}


def _with_format(node: TypeNode, name: str) -> TypeNode:
    return replace(node, format=name) if isinstance(node, StringType) else _misplaced(node, name)


def _with_zone(node: TypeNode, zone: object) -> TypeNode:
    if not isinstance(node, TemporalType) or zone not in (None, ...):
        return _misplaced(node, "Timezone")
    return replace(node, zone="naive" if zone is None else "aware")


def _constrained(node: TypeNode, facts: dict[str, Any]) -> TypeNode:
    match node:
        case UnionType(members=members, tag=None) if sum(not isinstance(item, NullType) for item in members) == 1:
            return union(tuple(item if isinstance(item, NullType) else _constrained(item, facts) for item in members))
        case NumberType():
            return _with(node, facts, (*BOUNDS, *(DECIMALS if node.kind == "decimal" else ())))
        case StringType():
            pattern = facts.get("pattern")
            if isinstance(pattern, re.Pattern) and pattern.flags != re.UNICODE:
                return UnresolvedType("the flags of this pattern have no place in a schema", "HC004")
            return _with(node, _text_pattern(facts), (*LENGTHS, "pattern"))
        case BytesType():
            return _with(node, facts, LENGTHS)
        case ArrayType() | MapType():
            return _with(node, {_ITEMS.get(key, key): value for key, value in facts.items()}, tuple(_ITEMS.values()))
        case TemporalType():
            return _with(node, _temporal_bounds(facts), BOUNDS[:4])
        case _:
            return _misplaced(node, ", ".join(facts))


_ITEMS = {"min_length": "min_items", "max_length": "max_items"}


def _with(node: Any, facts: dict[str, Any], allowed: tuple[str, ...]) -> TypeNode:
    for key in facts:
        if key not in allowed:
            return _misplaced(node, key)
    try:
        constrained: TypeNode = replace(node, **facts)
    except (TypeError, ValueError, ArithmeticError) as error:
        return UnresolvedType(f"the constraint cannot be read: {error}", "HC006")
    return constrained


def _text_pattern(facts: dict[str, Any]) -> dict[str, Any]:
    pattern: Any = facts.get("pattern")
    return {**facts, "pattern": cast("Any", pattern).pattern} if isinstance(pattern, re.Pattern) else facts


def _temporal_bounds(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        key: iso_text(value) if isinstance(value, date | time | timedelta) else value for key, value in facts.items()
    }


def _misplaced(node: TypeNode, what: str) -> TypeNode:
    if isinstance(node, UnionType):
        return UnresolvedType(f"{what} does not apply to a union; write it on the members that are meant", "HC006")
    shown = "a named type" if isinstance(node, Ref) else f"a {type(node).__name__.removesuffix('Type').lower()}"
    return UnresolvedType(f"{what} does not apply to {shown}", "HC006")
