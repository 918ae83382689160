"""The fingerprint of a contract: different whenever two contracts put different payloads or results on the wire.

It does not see the order of parameters, fields and union members, the names of definitions, docs, sources, defaults,
queue, timeout or retry. Every node is digested from its children; a named type is digested by structure: all
definitions start with one colour, and are recoloured by the colours of what they refer to, as often as there are
definitions (partition refinement, Hopcroft 1971), so recursive types need no name either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias, assert_never

from horsies_core.contract.task import Signature, TaskContract
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
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
    canonical_json,
)
from horsies_core.contract.wire import encode_type

FINGERPRINT_LENGTH = 32

Colours: TypeAlias = Mapping[str, str]


def fingerprint(contract: TaskContract) -> str:
    """32 hexadecimal digits (128 bits of SHA-256) of what the contract puts on the wire."""
    result = _colour(contract.result, _colours(contract.definitions))
    return _digest(["task", contract.name, _parameters(contract), result])


def payload_fingerprint(signature: Signature) -> str:
    """The same of the payload alone, whatever the task is called and returns."""
    return _digest(["payload", _parameters(signature)])


def reader_fingerprint(contract: TaskContract) -> str:
    """The same of all that a worker reads a task's payloads by: the contract, and its upcasters."""
    if not contract.upcasters:
        return fingerprint(contract)
    return _digest(["reader", fingerprint(contract), [payload_fingerprint(each) for each in contract.upcasters]])


def type_fingerprint(node: TypeNode, contract: TaskContract) -> str:
    """The same of one type of a contract: equal types give equal digits, whatever their names and order."""
    return _colour(node, _colours(contract.definitions))


def _parameters(signature: Signature) -> dict[str, list[object]]:
    colours = _colours(signature.definitions)
    return {
        parameter.name: [_colour(parameter.type, colours), parameter.default is None]
        for parameter in signature.parameters
    }


@lru_cache(maxsize=4096)
def _colours(definitions: tuple[Definition, ...]) -> Colours:
    """The colours of one contract's definitions; tasks that share models share them."""
    colours: Colours = {definition.name: "" for definition in definitions}
    for _ in range(len(colours) + 1):
        colours = {definition.name: _definition_colour(definition, colours) for definition in definitions}
    return colours


def _definition_colour(definition: Definition, colours: Colours) -> str:
    match definition:
        case ObjectDefinition():
            fields = sorted(_field_colour(field, colours) for field in definition.fields)
            extra = None if definition.extra_type is None else _colour(definition.extra_type, colours)
            return _digest(["object", fields, definition.extra, extra])
        case EnumDefinition(members=members):
            return _values_colour(tuple(value for _, value in members))
        case TupleDefinition(fields=fields):
            return _tuple_colour(
                tuple(field.type for field in fields), sum(field.required for field in fields), colours
            )
        case AliasDefinition(target=target):
            return _colour(target, colours)
        case _:
            assert_never(definition)


def _field_colour(field: Field, colours: Colours) -> str:
    return _digest([sorted(field.accept), field.emit, field.required, _colour(field.type, colours)])


def _colour(node: TypeNode, colours: Colours) -> str:
    match node:
        case Ref(name=name):
            return colours[name]
        case LiteralType(values=values):
            return _values_colour(values)
        case ArrayType(item=item):
            kind = "set" if node.is_unique else "list"
            return _digest([kind, _colour(item, colours), node.min_items, node.max_items])
        case TupleType(items=items):
            return _tuple_colour(items, len(items), colours)
        case MapType(key=key, value=value):
            return _digest(["map", _colour(key, colours), _colour(value, colours), node.min_items, node.max_items])
        case UnionType(members=members, tag=tag):
            return _digest(["union", tag, sorted({_colour(member, colours) for member in members})])
        case JsonTextType(inner=inner):
            return _digest(["json-text", _colour(inner, colours)])
        case NullType() | BoolType() | NumberType() | StringType() | BytesType() | TemporalType() | JsonType():
            return _scalar_colour(node)
        case UnresolvedType():
            raise ValueError(f"an unresolved type has no fingerprint: {node.reason}")
        case _:
            assert_never(node)


@lru_cache(maxsize=4096)
def _scalar_colour(node: TypeNode) -> str:
    return _digest(["scalar", encode_type(node)])


def _values_colour(values: tuple[str, ...]) -> str:
    return _digest(["values", sorted(set(values))])


def _tuple_colour(items: tuple[TypeNode, ...], least: int, colours: Colours) -> str:
    return _digest(["tuple", [_colour(item, colours) for item in items], least])


def _digest(data: object) -> str:
    return hashlib.sha256(canonical_json(data).encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_LENGTH]
