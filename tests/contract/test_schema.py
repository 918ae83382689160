"""The emitted schemas are valid JSON Schema 2020-12 and accept what the type says."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from contract_strategies import contracts
from hypothesis import given

from horsies_core.contract.schema import Side, key_schema, parameters_schema, result_schema, type_schema
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BytesType,
    Default,
    Definition,
    EnumDefinition,
    Field,
    JsonTextType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnresolvedType,
    literal,
    union,
)


@given(contracts())
def test_every_contract_has_valid_schemas(contract: TaskContract) -> None:
    for side in ("accept", "emit"):
        for schema in (parameters_schema(contract, side), result_schema(contract, side)):
            assert jsonschema_rs.meta.is_valid(schema)
            jsonschema_rs.validator_for(schema)


@pytest.mark.parametrize(
    ("node", "good", "bad"),
    [
        (NullType(), [None], [0, ""]),
        (NumberType(kind="int", ge=1, lt=9), [1, 8], [0, 9, "1", True, 1.5]),
        (NumberType(kind="float", multiple_of=0.5), [1.5, 2], [1.3, "1.5"]),
        (NumberType(kind="decimal", ge=Decimal(1)), [1, 2.5, "3.14", "1e5"], [0, "NaN", "Infinity", "", "1,5"]),
        (StringType(min_length=2, max_length=3, pattern="^a"), ["ab", "a😀b"], ["a", "abcd", "ba", 1]),
        (BytesType(min_length=4, max_length=4), ["😀", "abcd"], ["", "abcde"]),
        (BytesType(encoding="hex", min_length=2, max_length=2), ["00ff"], ["00", "00ff00"]),
        (BytesType(encoding="base64", min_length=2, max_length=2), ["AAE=", "AAE"], ["AA", "AAEBAA=="]),
        (literal(1, "a", None), [1, "a", None], [True, "b", 0]),
        (ArrayType(item=NumberType(kind="int"), kind="set", max_items=2), [[], [1, 2]], [[1, 1], [1, 2, 3], {}]),
        (TupleType((StringType(), NumberType(kind="int"))), [["a", 1]], [["a"], ["a", 1, 2], [1, "a"]]),
        (TupleType(()), [[]], [[1]]),
        (MapType(key=NumberType(kind="int"), value=StringType()), [{"1": "a"}, {}], [{"a": "b"}, {"1": 2}, []]),
        (MapType(key=literal("x", 1), value=NullType()), [{"x": None, "1": None}], [{"y": None}]),
        (union((StringType(), NullType())), ["a", None], [1]),
        (JsonTextType(NumberType(kind="int")), ["5"], [5]),
    ],
)
def test_a_node_accepts_what_it_says(node: TypeNode, good: list[Any], bad: list[Any]) -> None:
    validator = jsonschema_rs.validator_for(type_schema(node, "accept", {}))
    assert [value for value in good if not validator.is_valid(value)] == []
    assert [value for value in bad if validator.is_valid(value)] == []


def shop(**changes: Any) -> TaskContract:
    order = ObjectDefinition(
        name="shop.models:Order",
        kind="model",
        fields=(
            Field(name="total", type=NumberType(kind="decimal"), accept=("Total", "total"), emit="Total"),
            Field(name="note", type=StringType(), accept=("note",), emit=None, default=Default('""'), required=False),
            Field(
                name="parent",
                type=union((Ref("shop.models:Order"), NullType())),
                accept=("parent",),
                emit="parent",
                default=Default("null"),
                required=False,
            ),
        ),
    )
    pair = TupleDefinition(
        name="shop.models:Pair",
        fields=(
            Field(name="a", type=StringType(), accept=("a",), emit="a"),
            Field(name="b", type=NumberType(kind="int"), accept=("b",), emit="b", default=Default("0"), required=False),
        ),
    )
    parts: dict[str, Any] = {
        "name": "place/ order",
        "source": "shop.tasks:place",
        "parameters": (
            Parameter(name="order", type=Ref("shop.models:Order")),
            Parameter(name="pair", type=Ref("shop.models:Pair"), default=Default(None)),
        ),
        "result": StringType(),
        "definitions": (order, pair),
    }
    return TaskContract(**{**parts, **changes})


@pytest.mark.parametrize(
    ("side", "payload", "valid"),
    [
        ("accept", {"order": {"Total": "1.5"}}, True),
        ("accept", {"order": {"total": 2}}, True),
        ("accept", {"order": {"total": 2, "parent": {"total": "3", "unknown": 1}}}, True),
        ("accept", {"order": {}}, False),
        ("accept", {"order": {"total": 2}, "extra": 1}, False),
        ("accept", {}, False),
        ("accept", {"order": {"total": 2}, "pair": ["a"]}, True),
        ("emit", {"order": {"Total": "2"}, "pair": ["a"]}, False),
        ("emit", {"order": {"Total": "2"}, "pair": ["a", 0]}, True),
        ("emit", {"order": {"Total": 2}}, False),
        ("emit", {"order": {"total": "2"}}, False),
    ],
)
def test_the_two_sides_of_a_payload(side: Side, payload: Any, valid: bool) -> None:
    assert jsonschema_rs.validator_for(parameters_schema(shop(), side)).is_valid(payload) is valid


@pytest.mark.parametrize(
    ("stored", "valid"),
    [
        ({"ok": "x"}, True),
        ({"ok": 1}, False),
        ({"err": {"error_code": "A", "message": None, "data": {"x": 1}}}, True),
        ({"err": {"message": "no code"}}, False),
        ({"ok": "x", "err": {"error_code": "A"}}, False),
        ({}, False),
    ],
)
def test_a_stored_result_is_either_ok_or_err(stored: Any, valid: bool) -> None:
    assert jsonschema_rs.validator_for(result_schema(shop())).is_valid(stored) is valid


def test_definitions_are_named_by_identity_and_only_the_used_ones_stand() -> None:
    assert list(parameters_schema(shop())["$defs"]) == ["shop.models:Order", "shop.models:Pair"]  # type: ignore[call-overload]
    assert "$defs" not in result_schema(shop())


def test_a_default_stands_in_the_schema_when_it_is_known() -> None:
    order = parameters_schema(shop())["$defs"]["shop.models:Order"]  # type: ignore[index]
    assert order["properties"]["note"] == {"type": "string", "default": ""}


def test_a_hole_has_no_schema() -> None:
    with pytest.raises(ValueError, match="because"):
        type_schema(UnresolvedType("because"), "accept", {})


def test_keys_are_strings_on_the_wire() -> None:
    assert json.dumps(key_schema(literal(1, True), {})) == '{"enum": ["1", "true"]}'


def test_named_keys_are_strings_too() -> None:
    table: dict[str, Definition] = {
        "shop:UserId": AliasDefinition(name="shop:UserId", kind="newtype", target=NumberType(kind="int")),
        "shop:Level": EnumDefinition(name="shop:Level", members=(("LOW", "1"), ("HIGH", "2"))),
        "shop:Loop": AliasDefinition(name="shop:Loop", kind="alias", target=Ref("shop:Loop")),
    }
    assert key_schema(Ref("shop:UserId"), table) == {"type": "string", "pattern": "^[+-]?[0-9]+$"}
    assert key_schema(Ref("shop:Level"), table) == {"enum": ["1", "2"]}
    assert key_schema(Ref("shop:Loop"), table) == {"$ref": "#/$defs/shop:Loop"}
