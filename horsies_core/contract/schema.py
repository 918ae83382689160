"""Contract → JSON Schema 2020-12, in our own dialect.

The dialect (`DIALECT`) is ours so that it does not move with pydantic's versions: no titles, closed parameters, and
definitions named by identity (``shop.models:Order``), which no unrelated class can change. It has two sides: ``accept``
is what a reader takes, ``emit`` is what a writer of ours produces; they differ for decimals, aliases and fields left
out. ``format`` keywords annotate; decoding by the Python type is what checks them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Literal, NamedTuple, TypeAlias, assert_never
from urllib.parse import quote

from horsies_core.contract.formats import STRING_FORMATS
from horsies_core.contract.task import TaskContract, reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
    Default,
    Definition,
    EnumDefinition,
    Field,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    Number,
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

DIALECT = 1
"""The version of the dialect. It changes only when the schema of an unchanged contract does."""

META_SCHEMA = "https://json-schema.org/draft/2020-12/schema"

Side = Literal["accept", "emit"]
Schema: TypeAlias = dict[str, object]
Table: TypeAlias = Mapping[str, Definition]
"""Definitions by name: what the keys of dictionaries refer to is written out, since every key is text on the wire."""

DECIMAL_PATTERN = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
"""A finite decimal number as text."""

_TEMPORAL_FORMATS = {"date": "date", "time": "time", "datetime": "date-time", "timedelta": "duration"}
_BYTES_FORMATS = {"utf8": "binary", "base64": "base64", "base64url": "base64url", "hex": "hex"}
_BOUND_KEYWORDS = (
    ("ge", "minimum"),
    ("gt", "exclusiveMinimum"),
    ("le", "maximum"),
    ("lt", "exclusiveMaximum"),
    ("multiple_of", "multipleOf"),
)


class _View(NamedTuple):
    """What a schema is written for: a side, with the definitions that keys may name."""

    side: Side
    table: Table


ERROR_SCHEMA: Schema = {
    "type": "object",
    "properties": {
        "error_code": {"type": "string", "minLength": 1},
        "message": {"type": ["string", "null"]},
        "data": {},
    },
    "required": ["error_code"],
    "additionalProperties": False,
}
"""The wire form of a ``TaskError``."""


def parameters_schema(contract: TaskContract, side: Side = "accept") -> Schema:
    """The schema of a task's payload: a closed object with one property a parameter."""
    required = [parameter.name for parameter in contract.parameters if parameter.default is None]
    table = contract.definition_table
    return {
        "$schema": META_SCHEMA,
        "$id": f"urn:horsies:{quote(contract.name, safe='')}:params:{side}",
        "$comment": f"horsies dialect {DIALECT}",
        "type": "object",
        "properties": {
            parameter.name: _with_default(type_schema(parameter.type, side, table), parameter.default)
            for parameter in contract.parameters
        },
        **({"required": required} if required else {}),
        "additionalProperties": False,
        **_definitions(contract, side, tuple(parameter.type for parameter in contract.parameters)),
    }


def result_schema(contract: TaskContract, side: Side = "emit") -> Schema:
    """The schema of a stored result: ``{"ok": value}`` or ``{"err": {"error_code": ..., ...}}``."""
    return {
        "$schema": META_SCHEMA,
        "$id": f"urn:horsies:{quote(contract.name, safe='')}:result:{side}",
        "$comment": f"horsies dialect {DIALECT}",
        "oneOf": [
            _envelope("ok", type_schema(contract.result, side, contract.definition_table)),
            _envelope("err", ERROR_SCHEMA),
        ],
        **_definitions(contract, side, (contract.result,)),
    }


def type_schema(node: TypeNode, side: Side, table: Table) -> Schema:
    """The schema of one node, whose definitions stand in the table. Raises ValueError for a hole."""
    return _schema(node, _View(side, table))


def _schema(node: TypeNode, view: _View) -> Schema:
    match node:
        case NullType():
            return {"type": "null"}
        case BoolType():
            return {"type": "boolean"}
        case NumberType():
            return _number(node, view.side)
        case StringType():
            return _string(node)
        case BytesType():
            return _bytes(node)
        case TemporalType():
            return {"type": "string", "format": _TEMPORAL_FORMATS[node.kind]}
        case JsonType():
            return {}
        case LiteralType():
            return _enumeration(node.values)
        case ArrayType():
            return _array(node, view)
        case TupleType():
            return _tuple(tuple(_schema(item, view) for item in node.items), len(node.items))
        case MapType():
            return _map(node, view)
        case UnionType():
            keyword = "anyOf" if node.tag is None else "oneOf"
            return {keyword: [_schema(member, view) for member in node.members]}
        case JsonTextType():
            return {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": _schema(node.inner, view),
            }
        case Ref():
            return {"$ref": definition_pointer(node.name)}
        case UnresolvedType():
            raise ValueError(f"an unresolved type has no schema: {node.reason}")
        case _:
            assert_never(node)


def definition_pointer(name: str) -> str:
    """The ``$ref`` of a definition, escaped as JSON Pointer and URI fragment."""
    return "#/$defs/" + quote(name.replace("~", "~0").replace("/", "~1"), safe=":(),~.")


def definition_schema(definition: Definition, side: Side, table: Table) -> Schema:
    """The schema of one named type. Raises ValueError for a hole in it."""
    view = _View(side, table)
    match definition:
        case ObjectDefinition():
            return _object(definition, view)
        case EnumDefinition(members=members):
            return _enumeration(tuple(dict.fromkeys(value for _, value in members)))
        case TupleDefinition(fields=fields):
            items = tuple(_with_default(_schema(field.type, view), field.default) for field in fields)
            return _tuple(items, sum(field.required for field in fields) if side == "accept" else len(fields))
        case AliasDefinition(target=target):
            return _schema(target, view)
        case _:
            assert_never(definition)


def _envelope(key: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {key: schema}, "required": [key], "additionalProperties": False}


def _definitions(contract: TaskContract, side: Side, roots: tuple[TypeNode, ...]) -> Schema:
    used = reachable(roots, contract.definition_table)
    if not used:
        return {}
    return {
        "$defs": {
            definition.name: definition_schema(definition, side, contract.definition_table) for definition in used
        }
    }


def _with_default(schema: Schema, default: Default | None) -> Schema:
    if default is None or default.json_text is None:
        return schema
    return {**schema, "default": json.loads(default.json_text)}


def _number(node: NumberType, side: Side) -> Schema:
    bounds: Schema = {
        keyword: _json_number(bound)
        for attribute, keyword in _BOUND_KEYWORDS
        if (bound := getattr(node, attribute)) is not None
    }
    if node.kind == "int":
        return {"type": "integer", **bounds}
    if node.kind == "float":
        return {"type": "number", **bounds}
    text: Schema = {"type": "string", "pattern": DECIMAL_PATTERN}
    return text if side == "emit" else {"anyOf": [{"type": "number", **bounds}, text]}


def _json_number(bound: Number) -> int | float:
    if not isinstance(bound, Decimal):
        return bound
    return int(bound) if bound == bound.to_integral_value() else float(bound)


def _string(node: StringType) -> Schema:
    schema: Schema = {"type": "string"}
    if node.format is not None:
        schema["format"] = STRING_FORMATS[node.format].json_schema
    schema.update(_lengths(node.min_length, node.max_length))
    if node.pattern is not None:
        schema["pattern"] = node.pattern
    return schema


def _bytes(node: BytesType) -> Schema:
    """The node counts bytes, the schema characters: each bound is the widest that no allowed value breaks."""
    least, most = node.min_length, node.max_length
    match node.encoding:
        case "utf8":
            characters = _lengths(None if least is None else ceil(least / 4), most)
        case "hex":
            characters = _lengths(None if least is None else least * 2, None if most is None else most * 2)
        case "base64" | "base64url":
            characters = _lengths(
                None if least is None else ceil(least * 4 / 3), None if most is None else ceil(most / 3) * 4
            )
        case _:
            assert_never(node.encoding)
    return {"type": "string", "format": _BYTES_FORMATS[node.encoding], **characters}


def _lengths(least: int | None, most: int | None, *, what: str = "Length") -> Schema:
    return {
        **({} if least is None else {f"min{what}": least}),
        **({} if most is None else {f"max{what}": most}),
    }


def _enumeration(values: tuple[str, ...]) -> Schema:
    return {"enum": [json.loads(value) for value in values]}


def _array(node: ArrayType, view: _View) -> Schema:
    return {
        "type": "array",
        "items": _schema(node.item, view),
        **_lengths(node.min_items, node.max_items, what="Items"),
        **({"uniqueItems": True} if node.is_unique else {}),
    }


def _tuple(items: tuple[Schema, ...], least: int) -> Schema:
    return {
        "type": "array",
        **({"prefixItems": list(items)} if items else {}),
        "items": False,
        "minItems": least,
    }


def _map(node: MapType, view: _View) -> Schema:
    keys = key_schema(node.key, view.table)
    return {
        "type": "object",
        "additionalProperties": _schema(node.value, view),
        **({} if keys == {"type": "string"} else {"propertyNames": keys}),
        **_lengths(node.min_items, node.max_items, what="Properties"),
    }


def key_schema(key: TypeNode, table: Table) -> Schema:
    """The schema of a dictionary's key as it stands on the wire, where every key is a string."""
    match key:
        case NumberType(kind="int"):
            return {"type": "string", "pattern": r"^[+-]?[0-9]+$"}
        case NumberType():
            return {"type": "string"}
        case BoolType():
            return {"enum": ["true", "false"]}
        case LiteralType(values=values):
            return _key_texts(values)
        case UnionType(members=members):
            return {"anyOf": [key_schema(member, table) for member in members]}
        case Ref(name=name) if name in table:
            return _named_key(table[name], {key: item for key, item in table.items() if key != name})
        case _:
            return type_schema(key, "accept", table)


def _named_key(definition: Definition, table: Table) -> Schema:
    """A named key is written out; ``table`` no longer holds its name, which ends a circle."""
    match definition:
        case AliasDefinition(target=target):
            return key_schema(target, table)
        case EnumDefinition(members=members):
            return _key_texts(tuple(dict.fromkeys(value for _, value in members)))
        case _:
            return {"$ref": definition_pointer(definition.name)}


def _key_texts(values: tuple[str, ...]) -> Schema:
    return {"enum": [_key_text(value) for value in values]}


def _key_text(value: str) -> str:
    loaded = json.loads(value)
    return loaded if isinstance(loaded, str) else value


def _object(definition: ObjectDefinition, view: _View) -> Schema:
    properties: Schema = {}
    required: list[str] = []
    either: list[Schema] = []
    for field in definition.fields:
        names = _wire_names(field, view.side)
        for name in names:
            properties[name] = _with_default(_schema(field.type, view), field.default)
        if field.required and len(names) == 1:
            required.append(names[0])
        elif field.required and names:
            either.append({"anyOf": [{"required": [name]} for name in names]})
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        **({"allOf": either} if either else {}),
        **_extra_keys(definition, view),
    }


def _wire_names(field: Field, side: Side) -> tuple[str, ...]:
    if side == "accept":
        return field.accept
    return () if field.emit is None else (field.emit,)


def _extra_keys(definition: ObjectDefinition, view: _View) -> Schema:
    if definition.extra == "forbid":
        return {"additionalProperties": False}
    if definition.extra == "allow":
        extra = definition.extra_type
        return {"additionalProperties": True if extra is None else _schema(extra, view)}
    return {}
