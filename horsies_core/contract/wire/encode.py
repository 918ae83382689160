"""Contracts → plain JSON values. The order of keys is fixed, so equal contracts give equal text."""

from __future__ import annotations

import json
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from typing import assert_never, cast

from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import Parameter, TaskContract, all_definitions
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
from horsies_core.contract.wire.untrusted import Json, JsonObject


def encode_type(node: TypeNode) -> Json:
    """The wire form of a node. Raises ValueError for a hole."""
    match node:
        case NullType():
            return "null"
        case BoolType():
            return "bool"
        case JsonType():
            return "json"
        case NumberType():
            return _scalar(node.kind, node, skip=("kind",))
        case StringType():
            return _scalar("str", node)
        case BytesType():
            return _scalar("bytes", node)
        case TemporalType():
            return _scalar(node.kind, node, skip=("kind",))
        case LiteralType(values=values):
            return {"type": "literal", "values": [json.loads(value) for value in values]}
        case ArrayType():
            return {"type": node.kind, "item": encode_type(node.item), **_lengths(node.min_items, node.max_items)}
        case TupleType(items=items):
            return {"type": "places", "items": [encode_type(item) for item in items]}
        case MapType():
            key_and_value = {"key": encode_type(node.key), "value": encode_type(node.value)}
            return {"type": node.kind, **key_and_value, **_lengths(node.min_items, node.max_items)}
        case UnionType(members=members, tag=tag):
            one_of: JsonObject = {"type": "union", "of": [encode_type(member) for member in members]}
            return one_of if tag is None else {**one_of, "tag": tag}
        case JsonTextType(inner=inner):
            return {"type": "json-text", "inner": encode_type(inner)}
        case Ref(name=name):
            return {"ref": name}
        case UnresolvedType():
            raise ValueError(f"an unresolved type cannot be written: {node.reason}")
        case _:
            assert_never(node)


def encode_definition(definition: Definition) -> JsonObject:
    """The wire form of a definition, without its name."""
    match definition:
        case ObjectDefinition():
            body: JsonObject = {"kind": definition.kind, "fields": [_encode_field(item) for item in definition.fields]}
            if definition.extra != "ignore":
                body["extra"] = definition.extra
            if definition.extra_type is not None:
                body["extra_type"] = encode_type(definition.extra_type)
            return {**body, "opaque": True} if definition.opaque else body
        case EnumDefinition(members=members):
            return {"kind": "enum", "members": [[name, json.loads(value)] for name, value in members]}
        case TupleDefinition(fields=fields):
            return {"kind": "namedtuple", "fields": [_encode_field(item) for item in fields]}
        case AliasDefinition():
            alias: JsonObject = {"kind": definition.kind, "target": encode_type(definition.target)}
            return {**alias, "opaque": True} if definition.opaque else alias
        case _:
            assert_never(definition)


def encode_contract(contract: TaskContract) -> JsonObject:
    """The wire form of a whole contract, with its definitions under ``types``."""
    return {
        "name": contract.name,
        **encode_contract_body(contract),
        "types": {definition.name: encode_definition(definition) for definition in all_definitions(contract)},
    }


def encode_contract_body(contract: TaskContract) -> JsonObject:
    """The wire form without name and definitions: the lock shares definitions among tasks."""
    body: JsonObject = {"source": contract.source}
    if contract.aliases:
        body["aliases"] = list(contract.aliases)
    if contract.upcasters:
        body["upcasters"] = [
            {"source": each.source, "parameters": _encode_parameters(each.parameters)} for each in contract.upcasters
        ]
    body["queue"] = contract.queue
    if contract.timeout_ms is not None:
        body["timeout_ms"] = contract.timeout_ms
    if contract.retry is not None:
        body["retry"] = _encode_retry(contract.retry)
    if contract.mapped_codes:
        body["mapped_codes"] = list(contract.mapped_codes)
    body["parameters"] = _encode_parameters(contract.parameters)
    body["result"] = encode_type(contract.result)
    return body


def _encode_parameters(parameters: tuple[Parameter, ...]) -> JsonObject:
    return {
        parameter.name: {"type": encode_type(parameter.type), **_encode_default(parameter.default)}
        for parameter in parameters
    }


def _scalar(word: str, node: object, skip: tuple[str, ...] = ()) -> Json:
    attributes: JsonObject = {}
    for attribute in dataclass_fields(cast("type", type(node))):
        value = getattr(node, attribute.name)
        if attribute.name not in skip and value != attribute.default:
            attributes[attribute.name] = str(value) if isinstance(value, Decimal) else value
    return {"type": word, **attributes} if attributes else word


def _lengths(least: int | None, most: int | None) -> JsonObject:
    return {**({} if least is None else {"min_items": least}), **({} if most is None else {"max_items": most})}


def _encode_field(field: Field) -> JsonObject:
    encoded: JsonObject = {"name": field.name, "type": encode_type(field.type)}
    if field.accept != (field.name,):
        encoded["accept"] = list(field.accept)
    if field.emit != field.name:
        encoded["emit"] = field.emit
    if not field.required:
        encoded["required"] = False
    return {**encoded, **_encode_default(field.default)}


def _encode_default(default: Default | None) -> JsonObject:
    if default is None:
        return {}
    return {"computed_default": True} if default.json_text is None else {"default": json.loads(default.json_text)}


def _encode_retry(policy: RetryPolicy) -> JsonObject:
    return {
        "strategy": policy.strategy,
        "delays_s": list(policy.delays_s),
        "max_retries": policy.max_retries,
        "cap_s": policy.cap_s,
        "jitter": policy.jitter,
        "auto_retry_for": list(policy.auto_retry_for),
    }
