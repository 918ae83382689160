"""Payloads: what goes through unchanged, what is refused and where, and that the bytes depend on the values alone."""

from __future__ import annotations

import enum
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NotRequired
from uuid import UUID

import pytest
from pydantic import AfterValidator, BaseModel, Field, JsonValue
from typing_extensions import TypedDict

from horsies import AppConfig, Horsies, PayloadError, PayloadTooLargeError, TaskError, TaskResult
from horsies_core.codec import PayloadInvalidError, TaskCodec
from horsies_core.codec.text import MAX_DEPTH


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


class Line(BaseModel):
    sku: str
    quantity: int = Field(ge=1)
    note: str | None = None


class SpecialLine(Line):
    discount: int


class Order(BaseModel):
    lines: list[Line]
    placed_on: date
    tags: set[str] = set()


@dataclass
class Address:
    street: str
    country: str = "DE"


@dataclass(eq=False)
class Unequal:
    """Has no equality of its own."""

    size: int
    inner: list[int] = field(default_factory=list)


class Point(NamedTuple):
    x: int
    y: int = 0


class Options(TypedDict):
    size: int
    hint: NotRequired[str]


class Grown(BaseModel):
    """Grows by one on every journey, so none brings it back as it was."""

    size: Annotated[int, AfterValidator(lambda size: size + 1)]


def _explode(value: int) -> int:
    raise RuntimeError("boom")


def _codec(annotation: object, *, default: bool = False, **config: Any) -> TaskCodec:
    """The codec of a task with one parameter ``v`` of this type."""

    def task(*, v: Any) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    task.__annotations__["v"] = annotation
    if default:
        task.__kwdefaults__ = {"v": None}
    return Horsies(AppConfig(**config)).task("t")(task).definition.codec


UID = UUID("12345678-1234-5678-1234-567812345678")
JOURNEYS: list[tuple[object, object, str]] = [
    (int, 3, "3"),
    (int, 2**70, "1180591620717411303424"),
    (float, 1, "1.0"),
    (float, 1e10, "10000000000.0"),
    (str, "ä\u2028\U0001f40e", '"ä\u2028\U0001f40e"'),
    (bool, True, "true"),
    (None, None, "null"),
    (Decimal, Decimal("1.10"), '"1.10"'),
    (UUID, UID, f'"{UID}"'),
    (date, date(2026, 1, 31), '"2026-01-31"'),
    (time, time(12, 30), '"12:30:00"'),
    (datetime, datetime(2026, 1, 31, 12, tzinfo=UTC), '"2026-01-31T12:00:00Z"'),
    (datetime, datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), '"2026-01-31T12:00:00+02:00"'),
    (timedelta, timedelta(days=1, microseconds=5), '"P1DT0.000005S"'),
    (Path, Path("/a/b"), '"/a/b"'),
    (bytes, b"abc", '"abc"'),
    (Colour, Colour.BLUE, "2"),
    (Literal["a", 1], 1, "1"),
    (int | None, None, "null"),
    (list[int | str], [1, "a"], '[1,"a"]'),
    (tuple[int, ...], (1, 2), "[1,2]"),
    (tuple[int, str], (1, "a"), '[1,"a"]'),
    (dict[int, str], {1: "a"}, '{"1":"a"}'),
    (dict[str, list[float]], {"a": [0.5]}, '{"a":[0.5]}'),
    (JsonValue, {"a": [1, 2.5, None, {"b": True}]}, '{"a":[1,2.5,null,{"b":true}]}'),
    (Line, Line(sku="a", quantity=1), '{"sku":"a","quantity":1,"note":null}'),
    (Address, Address("x"), '{"street":"x","country":"DE"}'),
    (Point, Point(1), "[1,0]"),
    (Options, {"size": 1}, '{"size":1}'),
    (frozenset[int], frozenset({3, 1, 2}), "[1,2,3]"),
    (set[tuple[str, int]], {("b", 1), ("a", 2)}, '[["a",2],["b",1]]'),
    (
        Order,
        Order(lines=[Line(sku="a", quantity=1)], placed_on=date(2026, 1, 1), tags={"z", "y"}),
        '{"lines":[{"sku":"a","quantity":1,"note":null}],"placed_on":"2026-01-01","tags":["y","z"]}',
    ),
]


@pytest.mark.parametrize(("annotation", "value", "text"), JOURNEYS)
def test_what_is_sent_is_what_arrives(annotation: object, value: object, text: str) -> None:
    codec = _codec(annotation)
    data = codec.encode_payload({"v": value})
    assert data.decode() == f'{{"v":{text}}}'
    arrived = codec.decode_payload(data)["v"]
    assert arrived == value
    assert type(arrived) is type(value) or (annotation is float and arrived == 1.0)


@pytest.mark.parametrize(
    ("annotation", "value", "arrives"),
    [
        (Sequence[int], (1, 2), [1, 2]),
        (Sequence[int], [1, 2], [1, 2]),
        (Iterable[int], (number for number in (1, 2)), [1, 2]),
        (Iterable[int] | None, {1, 2}, [1, 2]),
        (Mapping[str, int], {"a": 1}, {"a": 1}),
    ],
)
def test_abstract_collections_arrive_as_plain_ones(annotation: object, value: object, arrives: object) -> None:
    codec = _codec(annotation)
    assert codec.decode_payload(codec.encode_payload({"v": value})) == {"v": arrives}


def test_classes_without_equality_are_compared_by_their_fields() -> None:
    codec = _codec(Unequal)
    arrived = codec.decode_payload(codec.encode_payload({"v": Unequal(1, [2])}))["v"]
    assert isinstance(arrived, Unequal)
    assert (arrived.size, arrived.inner) == (1, [2])


DEEP: Any = []
for _ in range(MAX_DEPTH + 5):
    DEEP = [DEEP]

REFUSED: list[tuple[object, Any, str, str]] = [
    (int, "0012", "/v", "valid integer"),
    (int, True, "/v", "valid integer"),
    (int, 1.0, "/v", "valid integer"),
    (str, 1, "/v", "valid string"),
    (bool, 1, "/v", "valid boolean"),
    (list[int], (1,), "/v", "valid list"),
    (list[int], [1, "2"], "/v/1", "valid integer"),
    (dict[str, int], {"a/b~c": "x"}, "/v/a~1b~0c", "valid integer"),
    (date, "2026-01-01", "/v", "valid date"),
    (Decimal, 1.5, "/v", "Decimal"),
    (Line, {"sku": "a", "quantity": "1"}, "/v/quantity", "valid integer"),
    (Line, Line.model_construct(sku="a", quantity=0), "/v/quantity", "minimum of 1"),
    (Line, Line.model_construct(sku="a", quantity="1"), "/v/quantity", "cannot be written"),
    (Order, Order.model_construct(lines=[Line.model_construct(sku=1)], placed_on=date.min), "/v", ""),
    (Line, SpecialLine(sku="a", quantity=1, discount=5), "/v", "SpecialLine would come back as a Line"),
    (list[Line], [SpecialLine(sku="a", quantity=1, discount=5)], "/v/0", "SpecialLine"),
    (Grown, Grown(size=1), "/v/size", "not come back"),
    (float, float("nan"), "/v", "nan has no JSON form"),
    (list[float], [1.0, float("inf")], "/v/1", "inf has no JSON form"),
    (float | None, float("nan"), "/v", "nan"),
    (JsonValue, {"a": [float("-inf")]}, "/v/a/0", "-inf"),
    (str, "\ud800", "/v", "surrogate"),
    (JsonValue, {"a": "\ud800"}, "/v/a", "surrogate"),
    (JsonValue, {"\ud800": 1}, "/v/\\ud800", "surrogate"),
    (JsonValue, {"a": [1, {"b": ["x", "\ud800"]}]}, "/v/a/1/b/1", "surrogate"),
    (
        list[Line],
        [Line(sku="a", quantity=1), Line.model_construct(sku="b", quantity="1")],
        "/v/1/quantity",
        "cannot be",
    ),
    (dict[str, list[bytes]], {"k": [b"ok", b"\xff"]}, "/v/k/1", "cannot be written"),
    (Address, Address("\ud800"), "/v/street", "surrogate"),
    (str, "a\0b", "/v", "NUL"),
    (dict[str, int], {"a\0": 1}, "/v", "NUL"),
    (JsonValue, [{"a": "\0"}], "/v/0/a", "NUL"),
    (JsonValue, DEEP, "/v", "nested"),
    (bytes, b"\xff", "/v", "cannot be written"),
    (Decimal, Decimal("NaN"), "/v", ""),
    (Decimal, Decimal("Infinity"), "/v", ""),
    (dict[int | str, int], {1: 1, "1": 2}, "/v", ""),
    (Annotated[int, Field(ge=3)], 2, "/v", "greater than or equal to 3"),
    (Literal["a"], "b", "/v", "'a'"),
    (Annotated[int, AfterValidator(_explode)], 1, "", "RuntimeError: boom"),
    (Colour, "red", "/v", "instance of Colour"),
    (Options, {"size": 1, "x": 2}, "/v/x", "no such key"),
]


@pytest.mark.parametrize(("annotation", "value", "pointer", "says"), REFUSED)
def test_what_does_not_fit_is_refused_at_its_place(annotation: object, value: Any, pointer: str, says: str) -> None:
    codec = _codec(annotation)
    with pytest.raises(PayloadError) as raised:
        codec.encode_payload({"v": value})
    assert isinstance(raised.value, TypeError)
    pointers = [problem.pointer for problem in raised.value.problems]
    assert any(found.startswith(pointer) for found in pointers), pointers
    assert says in str(raised.value)


def test_arguments_that_are_missing_or_unknown() -> None:
    codec = _codec(int)
    with pytest.raises(PayloadError) as raised:
        codec.encode_payload({"w": 1})
    found = {problem.pointer: problem.message for problem in raised.value.problems}
    assert found == {"/v": "required, and not given", "/w": "there is no such key in the contract"}


def test_absent_optional_parameters_stay_absent() -> None:
    codec = _codec(int | None, default=True)
    assert codec.encode_payload({}) == b"{}"
    assert codec.decode_payload(b"{}") == {}
    assert codec.encode_payload({"v": None}) == b'{"v":null}'


def test_no_value_stands_in_a_refusal() -> None:
    codec = _codec(list[int])
    with pytest.raises(PayloadError) as raised:
        codec.encode_payload({"v": ["s3cr3t"]})
    assert "s3cr3t" not in str(raised.value)
    with pytest.raises(PayloadInvalidError) as stored:
        codec.decode_payload(b'{"v":["s3cr3t"]}')
    assert "s3cr3t" not in str(stored.value)


def test_the_limit_counts_bytes() -> None:
    codec = _codec(str, max_payload_bytes=64)
    assert len(codec.encode_payload({"v": "a" * 56})) == 64
    with pytest.raises(PayloadTooLargeError, match=r"65 bytes.* 64"):
        codec.encode_payload({"v": "a" * 57})
    with pytest.raises(PayloadTooLargeError):
        codec.encode_payload({"v": "ä" * 29})


STORED: list[tuple[object, bytes, str, str]] = [
    (int, b'{"v":1.0}', "/v", "integer"),
    (int, b'{"v":"1"}', "/v", "integer"),
    (int, b"{}", "", "required"),
    (int, b'{"v":1,"w":2}', "", "w"),
    (int, b'{"v":1,"v":2}', "", "twice"),
    (JsonValue, b'{"v":{"a":1,"a":1}}', "", "twice"),
    (int, b'{"v":1', "", "not JSON"),
    (int, b"[]", "", "object"),
    (int, b"\xff", "", "not JSON"),
    (float, b'{"v":NaN}', "", "not JSON"),
    (float, b'{"v":1e400}', "", ""),
    (str, b'{"v":"\\ud800"}', "", "not JSON"),
    (str, b'{"v":"a\\u0000b"}', "/v", "NUL"),
    (Line, b'{"v":{"sku":"a","quantity":0}}', "/v/quantity", "minimum"),
    (UUID, b'{"v":"no"}', "/v", "UUID"),
    (JsonValue, b'{"v":' + b"[" * 150 + b"]" * 150 + b"}", "/v", "nested"),
    (Colour, b'{"v":"green"}', "/v", "one of"),
    (Annotated[int, AfterValidator(_explode)], b'{"v":1}', "", "RuntimeError: boom"),
]


@pytest.mark.parametrize(("annotation", "data", "pointer", "says"), STORED)
def test_a_stored_payload_that_does_not_fit_never_reaches_the_function(
    annotation: object, data: bytes, pointer: str, says: str
) -> None:
    with pytest.raises(PayloadInvalidError) as raised:
        _codec(annotation).decode_payload(data)
    assert any(problem.pointer.startswith(pointer) for problem in raised.value.problems)
    assert says in str(raised.value)


def test_readers_are_as_open_as_their_types() -> None:
    assert _codec(Options).decode_payload(b'{"v":{"size":1,"new":2}}') == {"v": {"size": 1}}
    assert _codec(Address).decode_payload(b'{"v":{"street":"x","new":2}}') == {"v": Address("x")}
    assert _codec(Line).decode_payload(b'{"v":{"sku":"a","quantity":1,"new":2}}') == {"v": Line(sku="a", quantity=1)}


def test_payloads_of_other_writers_may_be_spelled_otherwise() -> None:
    codec = _codec(dict[str, float])
    assert codec.decode_payload(b' { "v" : {"\\u0061": 1e0, "b":2} } ') == {"v": {"a": 1.0, "b": 2.0}}


def test_the_order_is_the_contracts_not_the_callers() -> None:
    app = Horsies()

    @app.task("t")
    def task(*, b: int, a: int, c: int = 0) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    assert task.definition.codec.encode_payload({"c": 3, "a": 2, "b": 1}) == b'{"b":1,"a":2,"c":3}'


_PRINT_SET = """
from horsies import Horsies, TaskResult, TaskError
def task(*, v: set[str]) -> TaskResult[None, TaskError]: ...
print(Horsies().task("t")(task).definition.codec.encode_payload({"v": {"a", "b", "c", "d", "e"}}).decode())
"""


def test_sets_are_the_same_bytes_in_every_process() -> None:
    texts = set()
    for seed in ("1", "2", "3"):
        ran = subprocess.run(
            [sys.executable, "-c", _PRINT_SET], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        texts.add(ran.stdout)
    assert [json.loads(text) for text in texts] == [{"v": ["a", "b", "c", "d", "e"]}]
