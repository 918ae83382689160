"""Where no proof is made of a value, the proof would have said the same: of every value, and of every text."""

from __future__ import annotations

import enum
import json
from typing import Annotated, Any, Literal, Optional, Union
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field

from horsies_core.codec.adapter import Adapter
from horsies_core.codec.lossless import are_lossless
from horsies_core.codec.problem import Misfit
from horsies_core.contract.schema import type_schema
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    LiteralType,
    NullType,
    NumberType,
    StringType,
    TypeNode,
    union,
)

INT, STR, UUID_ = NumberType(kind="int"), StringType(), StringType(format="uuid")
LOSSLESS: list[tuple[TypeNode, Any]] = [
    (INT, int),
    (STR, str),
    (BoolType(), bool),
    (NullType(), None),
    (UUID_, UUID),
    (union((UUID_, NullType())), Optional[UUID]),  # noqa: UP045 -- the older spelling is the case
    (union((INT, STR, BoolType(), NullType())), int | str | bool | None),
    (ArrayType(item=INT), list[int]),
    (ArrayType(item=UUID_), list[UUID]),
    (ArrayType(item=union((BoolType(), INT))), list[Union[bool, int]]),  # noqa: UP007 -- as above
]
OTHERS: list[tuple[TypeNode, Any]] = [
    (NumberType(kind="float"), float),
    (NumberType(kind="int", ge=1), Annotated[int, Field(ge=1)]),
    (NumberType(kind="int", ge=1), int),
    (INT, Annotated[int, Field(ge=1)]),
    (INT, str),
    (STR, Any),
    (StringType(max_length=3), str),
    (StringType(format="email"), str),
    (LiteralType(('"a"',)), Literal["a"]),
    (union((UUID_, STR)), UUID | str),
    (union((INT, ArrayType(item=INT))), int | list[int]),
    (ArrayType(item=INT, min_items=1), list[int]),
    (ArrayType(item=INT, kind="set"), set[int]),
    (ArrayType(item=ArrayType(item=INT)), list[list[int]]),
]


class Size(enum.IntEnum):
    BIG = 3


class Text(str):
    """Equal to nothing."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # it has no equality to agree with

    def __eq__(self, other: object) -> bool:
        return False


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(codec=None)),
    st.uuids(),
    st.uuids().map(str),
    st.sampled_from(["\0", "\\u0000", "\ud800", Size.BIG, b"x", "x" * 5000, 1.0]),
)
_DIGITS = st.sampled_from([3980, 3995, 4290, 4299, 4300, 4310])
VALUES = st.one_of(_SCALARS, st.lists(_SCALARS, max_size=3), _DIGITS.map(lambda digits: 10**digits))
TEXTS = st.one_of(
    st.recursive(
        _SCALARS.filter(lambda value: value is None or isinstance(value, (bool, int, float, str))),
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=5,
    )
    .filter(lambda value: "\ud800" not in str(value))
    .map(lambda value: json.dumps({"it": value}, separators=(",", ":"))),
    _DIGITS.map(lambda digits: '{"it":' + "1" * digits + "}"),
    st.sampled_from(
        [
            '{"it":1,"it":1}',
            '{"it": 1}',
            '{"it":1,"more":2}',
            '{"it":1.0}',
            '{"it":-0}',
            '{"it":"\\u0041"}',
            '{"it":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}',
            '{"it":null} ',
            "{}",
            "[]",
            "",
            '{"it":' + "[" * 101 + "]" * 101 + "}",
        ]
    ),
)


@pytest.mark.parametrize(("node", "annotation"), LOSSLESS, ids=lambda case: str(case)[:60])
@given(value=VALUES, text=TEXTS)
@example(value=True, text='{"it":true}')
@example(value=1, text='{"it":1}')
@example(value="", text='{"it":""}')
@example(value=None, text='{"it":null}')
@example(value=[1], text='{"it":[1]}')
@example(value=UUID(int=7), text='{"it":"00000000-0000-0000-0000-000000000007"}')
@example(value=[UUID(int=7)], text='{"it":["00000000-0000-0000-0000-000000000007"]}')
def test_the_proof_would_say_the_same(node: TypeNode, annotation: Any, value: object, text: str) -> None:
    assert are_lossless(((node, annotation),))
    quick, proving = adapter(node, annotation, is_lossless=True), adapter(node, annotation, is_lossless=False)
    assert encoded(quick, value) == encoded(proving, value)
    assert decoded(quick, text) == decoded(proving, text)


def test_a_text_that_only_its_own_class_knows_is_sent_as_the_text_it_is() -> None:
    assert encoded(adapter(STR, str, is_lossless=True), Text("hello")) == b'{"it":"hello"}'


@pytest.mark.parametrize(("node", "annotation"), OTHERS, ids=lambda case: str(case)[:60])
def test_of_other_types_every_value_is_proven(node: TypeNode, annotation: Any) -> None:
    assert not are_lossless(((INT, int), (node, annotation)))


_made: dict[tuple[str, bool], Adapter] = {}


def adapter(node: TypeNode, annotation: Any, *, is_lossless: bool) -> Adapter:
    key = (str(annotation), is_lossless)
    if key not in _made:
        schema = {
            "type": "object",
            "properties": {"it": type_schema(node, "accept", {})},
            "required": ["it"],
            "additionalProperties": False,
        }
        _made[key] = Adapter({"it": annotation}, frozenset(), schema, is_lossless=is_lossless)
    return _made[key]


def encoded(by: Adapter, value: object) -> object:
    try:
        return by.encode({"it": value})
    except Misfit as verdict:
        return verdict.problems


def decoded(by: Adapter, text: str) -> object:
    try:
        value: object = by.decode(text.encode())["it"]
        return type(value), value
    except Misfit as verdict:
        return verdict.problems
