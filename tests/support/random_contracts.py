"""Random contracts, random edits on them, and random payloads: made without the engine that they put to the test."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from compare_pool import BOOL, DECIMAL, FLOAT, INT, JSON, NULL, STR

from horsies_core.contract.task import Parameter, TaskContract, reachable
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    Default,
    Definition,
    EnumDefinition,
    Field,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleType,
    TypeNode,
    UnionType,
    canonical_json,
    literal,
    union,
)
from horsies_core.contract.wire import Json

_NAMES = ("m:A", "m:B", "m:C")
_WORDS = ("a", "b", "ab", "x", "", "red", "zz9", "é")
_PROPERTIES = ("x", "y", "kind", "next", "order_id", "id")


def random_contract(rng: Random) -> TaskContract:
    """A task of up to three parameters over up to three definitions, recursive ones among them."""
    table = {name: _definition(rng, name) for name in _NAMES}
    names = rng.sample(_PROPERTIES, rng.randint(1, 3))
    parameters = tuple(
        Parameter(name=name, type=_node(rng, 2), default=Default("null") if rng.random() < 0.3 else None)
        for name in names
    )
    return _contract(parameters, table)


def edited(rng: Random, contract: TaskContract) -> TaskContract:
    """The contract after one to three random edits."""
    for _ in range(rng.randint(1, 3)):
        contract = _edited_once(rng, contract)
    return contract


def random_payload(rng: Random, contract: TaskContract) -> dict[str, Json] | None:
    """A payload for the contract, or None where chance led nowhere; the caller checks that it may be written."""
    table = contract.definition_table
    body: dict[str, Json] = {}
    for parameter in contract.parameters:
        if parameter.default is None or rng.random() < 0.5:
            found = _value(rng, parameter.type, table, 6)
            if found is None:
                return None
            body[parameter.name] = found[0]
    return body


def _contract(parameters: tuple[Parameter, ...], table: dict[str, Definition]) -> TaskContract:
    definitions = reachable(tuple(parameter.type for parameter in parameters), table)
    return TaskContract(name="t", source="m:t", parameters=parameters, result=NULL, definitions=definitions)


def _definition(rng: Random, name: str) -> Definition:
    if rng.random() < 0.2:
        values = rng.sample(["red", "blue", "a", "b"], rng.randint(1, 3))
        return EnumDefinition(name=name, members=tuple((value.upper(), canonical_json(value)) for value in values))
    fields = tuple(_field(rng, field) for field in rng.sample(_PROPERTIES, rng.randint(0, 3)))
    extra: Any = rng.choice(["ignore", "ignore", "forbid", "allow"])
    return ObjectDefinition(name=name, kind="model", fields=fields, extra=extra)


def _field(rng: Random, name: str) -> Field:
    required = rng.random() < 0.6
    return Field(
        name=name,
        type=_node(rng, 1),
        accept=(name,),
        emit=name,
        required=required,
        default=None if required else Default("null"),
    )


def _node(rng: Random, depth: int) -> TypeNode:
    if depth == 0 or rng.random() < 0.4:
        return _leaf(rng)
    return rng.choice((_array, _tuple, _map, _union, _union, lambda rng, depth: Ref(rng.choice(_NAMES))))(rng, depth)


def _leaf(rng: Random) -> TypeNode:
    return rng.choice(
        (
            lambda: NULL,
            lambda: BOOL,
            lambda: JSON,
            lambda: STR,
            lambda: INT,
            lambda: FLOAT,
            lambda: DECIMAL,
            lambda: _number(rng),
            lambda: _number(rng),
            lambda: _string(rng),
            lambda: literal(*rng.sample([1, 2, "a", "b", "red", True, None], rng.randint(1, 3))),
            lambda: TemporalType(kind=rng.choice(("date", "datetime"))),
            lambda: Ref(rng.choice(_NAMES)),
        )
    )()


def _number(rng: Random) -> NumberType:
    kind: Any = rng.choice(("int", "int", "float", "decimal"))
    make: Any = {"int": int, "float": float, "decimal": Decimal}[kind]
    low = rng.choice((None, -2, 0, 1))
    high = rng.choice((None, 1, 3, 10))
    return NumberType(
        kind=kind,
        ge=make(low) if low is not None and rng.random() < 0.5 else None,
        gt=make(low) if low is not None and rng.random() < 0.3 else None,
        le=make(high) if high is not None and rng.random() < 0.5 else None,
        lt=make(high) if high is not None and rng.random() < 0.3 else None,
        multiple_of=make(rng.choice((2, 3, 6))) if rng.random() < 0.2 else None,
        max_digits=rng.choice((None, 3)) if kind == "decimal" else None,
        decimal_places=rng.choice((None, 1)) if kind == "decimal" else None,
    )


def _string(rng: Random) -> StringType:
    least, most = rng.choice((None, 0, 1, 2)), rng.choice((None, 2, 3, 5))
    return StringType(min_length=least, max_length=most, pattern=rng.choice((None, None, "^a", "^[a-z]+$")))


def _array(rng: Random, depth: int) -> TypeNode:
    kind: Any = rng.choice(("list", "list", "set"))
    item = _leaf(rng) if kind == "set" else _node(rng, depth - 1)
    return ArrayType(item=item, kind=kind, min_items=rng.choice((None, None, 1)), max_items=rng.choice((None, None, 2)))


def _tuple(rng: Random, depth: int) -> TypeNode:
    return TupleType(tuple(_node(rng, depth - 1) for _ in range(rng.randint(0, 2))))


def _map(rng: Random, depth: int) -> TypeNode:
    key = rng.choice((STR, STR, INT, literal("a", "b"), _string(rng)))
    return MapType(key=key, value=_node(rng, depth - 1), max_items=rng.choice((None, None, 1)))


def _union(rng: Random, depth: int) -> TypeNode:
    return union(tuple(_node(rng, depth - 1) for _ in range(rng.randint(2, 3))))


def _edited_once(rng: Random, contract: TaskContract) -> TaskContract:
    table = {**{name: _definition(rng, name) for name in _NAMES}, **contract.definition_table}
    parameters = list(contract.parameters)
    places = [*range(len(parameters)), *(definition.name for definition in contract.definitions)]
    place = rng.choice(places) if places else None
    if isinstance(place, str):
        table[place] = _edited_definition(rng, table[place])
    elif place is not None and rng.random() < 0.6:
        parameters[place] = replace(parameters[place], type=_edited_node(rng, parameters[place].type))
    else:
        parameters = _edited_parameters(rng, parameters)
    return _contract(tuple(parameters), table)


def _edited_parameters(rng: Random, parameters: list[Parameter]) -> list[Parameter]:
    free = [name for name in _PROPERTIES if name not in {parameter.name for parameter in parameters}]
    match rng.choice(("add", "add-defaulted", "remove", "rename", "toggle")):
        case "add":
            return [*parameters, Parameter(name=rng.choice(free), type=_node(rng, 1))]
        case "add-defaulted":
            return [*parameters, Parameter(name=rng.choice(free), type=_node(rng, 1), default=Default("null"))]
        case "remove":
            return parameters[1:]
        case "rename" if parameters:
            return [replace(parameters[0], name=rng.choice(free)), *parameters[1:]]
        case "toggle" if parameters:
            default = Default("null") if parameters[0].default is None else None
            return [replace(parameters[0], default=default), *parameters[1:]]
        case _:
            return parameters


def _edited_definition(rng: Random, definition: Definition) -> Definition:
    if not isinstance(definition, ObjectDefinition) or rng.random() < 0.1:
        return _definition(rng, definition.name)
    fields = list(definition.fields)
    free = [name for name in _PROPERTIES if name not in {field.name for field in fields}]
    match rng.choice(("add", "remove", "toggle", "type", "type", "extra")):
        case "add" if free:
            return replace(definition, fields=(*fields, _field(rng, rng.choice(free))))
        case "remove" if fields:
            return replace(definition, fields=tuple(fields[1:]))
        case "toggle" if fields:
            required = not fields[0].required
            toggled = replace(fields[0], required=required, default=None if required else Default("null"))
            return replace(definition, fields=(toggled, *fields[1:]))
        case "type" if fields:
            changed = replace(fields[0], type=_edited_node(rng, fields[0].type))
            return replace(definition, fields=(changed, *fields[1:]))
        case _:
            extra: Any = rng.choice(["ignore", "forbid", "allow"])
            return replace(definition, extra=extra)


def _edited_node(rng: Random, node: TypeNode) -> TypeNode:
    match node:
        case NumberType() | StringType() if rng.random() < 0.6:
            other = _number(rng) if isinstance(node, NumberType) else _string(rng)
            return (
                replace(other, kind=node.kind)
                if isinstance(other, NumberType) and isinstance(node, NumberType)
                else other
            )
        case LiteralType(values=values) if rng.random() < 0.7:
            return LiteralType(values[1:] if len(values) > 1 and rng.random() < 0.5 else (*values, '"new"'))
        case ArrayType() if rng.random() < 0.7:
            if rng.random() < 0.5:
                return replace(node, item=_edited_node(rng, node.item))
            return replace(node, max_items=rng.choice((None, 1, 3)), min_items=rng.choice((None, 1)))
        case MapType() if rng.random() < 0.7:
            return replace(node, value=_edited_node(rng, node.value))
        case TupleType(items=items) if items and rng.random() < 0.7:
            return TupleType((_edited_node(rng, items[0]), *items[1:]))
        case UnionType(members=members) if rng.random() < 0.7:
            return _edited_union(rng, members)
        case _:
            return union((node, NULL)) if rng.random() < 0.3 else _node(rng, 1)


def _edited_union(rng: Random, members: tuple[TypeNode, ...]) -> TypeNode:
    match rng.choice(("add", "remove", "edit", "shuffle")):
        case "add":
            return union((*members, _node(rng, 1)))
        case "remove":
            return union(members[1:])
        case "edit":
            return union((_edited_node(rng, members[0]), *members[1:]))
        case _:
            return union(tuple(reversed(members)))


def _value(rng: Random, node: TypeNode, table: Any, depth: int) -> tuple[Json] | None:
    """A value of about the type, in a tuple."""
    if depth < 0:
        return None
    match node:
        case NullType():
            return (None,)
        case BoolType():
            return (rng.random() < 0.5,)
        case JsonType():
            anything: list[Json] = [None, 1, 1.5, "x", [], {"x": 1}]
            return (rng.choice(anything),)
        case LiteralType(values=values):
            return (json.loads(rng.choice(values)),)
        case NumberType(kind="int"):
            return (rng.randint(-7, 13),)
        case NumberType(kind="float"):
            return (rng.choice((-2.0, 0.0, 0.5, 1.0, 2.25, 3.0, 6.0, 1e9)),)
        case NumberType():
            return (rng.choice(("-2", "0", "0.5", "1.25", "1.0", "6", "99.9", "1000")),)
        case StringType():
            return (rng.choice(_WORDS) if rng.random() < 0.7 else "".join(rng.choices("abz", k=rng.randint(0, 6))),)
        case TemporalType(kind=kind):
            return ("2024-02-29" if kind == "date" else "2024-02-29T12:30:00Z",)
        case ArrayType(item=item):
            return _values(rng, [item] * rng.randint(0, 3), table, depth)
        case TupleType(items=items):
            return _values(rng, list(items), table, depth)
        case MapType(key=key, value=value):
            return _mapping(rng, key, value, table, depth)
        case UnionType(members=members):
            return _value(rng, rng.choice(members), table, depth)
        case Ref(name=name):
            return _named(rng, table[name], table, depth)
        case _:
            raise AssertionError(node)


def _values(rng: Random, items: list[TypeNode], table: Any, depth: int) -> tuple[Json] | None:
    found = [_value(rng, item, table, depth - 1) for item in items]
    return ([value[0] for value in found if value is not None],) if None not in found else None


def _mapping(rng: Random, key: TypeNode, value: TypeNode, table: Any, depth: int) -> tuple[Json] | None:
    body: dict[str, Json] = {}
    for _ in range(rng.randint(0, 2)):
        name, found = _value(rng, key, table, depth - 1), _value(rng, value, table, depth - 1)
        if name is None or found is None:
            return None
        body[str(name[0])] = found[0]
    return (body,)


def _named(rng: Random, definition: Definition, table: Any, depth: int) -> tuple[Json] | None:
    if isinstance(definition, EnumDefinition):
        return (json.loads(rng.choice(definition.members)[1]),)
    assert isinstance(definition, ObjectDefinition)
    body: dict[str, Json] = {}
    for field in definition.fields:
        if field.required or rng.random() < 0.5:
            found = _value(rng, field.type, table, depth - 1)
            if found is None:
                return None
            body[field.name] = found[0]
    if definition.extra == "allow" and rng.random() < 0.3:
        body["unknown_key"] = rng.choice([None, 1, "x"])
    return (body,)
