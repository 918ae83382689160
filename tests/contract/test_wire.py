"""The wire form reads back what it wrote, and refuses everything else at the right place."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from contract_strategies import contracts
from hypothesis import given
from hypothesis import strategies as st

from horsies_core.contract.lock import Lock, LockEntry, Tombstone, read_lock, write_lock
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import NumberType, StringType
from horsies_core.contract.wire import WireError, decode_contract, encode_contract


@given(contracts())
def test_a_contract_reads_back_as_it_was_written(contract: TaskContract) -> None:
    assert decode_contract(json.loads(json.dumps(encode_contract(contract)))) == contract


def simple(name: str = "resize", **changes: Any) -> TaskContract:
    given_parts: dict[str, Any] = {
        "name": name,
        "source": "shop.tasks:resize",
        "parameters": (Parameter(name="width", type=NumberType(kind="int", ge=1)),),
        "result": StringType(),
    }
    return TaskContract(**{**given_parts, **changes})


def test_a_lock_reads_back_sorted_by_name_and_shares_definitions() -> None:
    lock = Lock(
        entries=(
            LockEntry(contract=simple("b"), error_codes=("A_CODE",), codes_open=True, doc="Resize."),
            LockEntry(contract=simple("a"), provenance="imported"),
        ),
        tombstones=(Tombstone(name="old", fingerprint="0" * 32),),
    )
    read = read_lock(write_lock(lock))
    assert [entry.contract.name for entry in read.entries] == ["a", "b"]
    assert set(read.entries) == set(lock.entries)
    assert read.tombstones == lock.tombstones
    assert read.entry("a") == lock.entries[1]
    assert read.entry("missing") is None


def edited(change: Any) -> str:
    data = json.loads(write_lock(Lock(entries=(LockEntry(contract=simple()),))))
    change(data)
    return json.dumps(data)


def set_at(*path: Any, value: Any) -> Any:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"format": 99}', "/format"),
        (edited(set_at("surprise", value=1)), "/surprise"),
        (edited(set_at("tasks", "resize", "queue", value="other")), None),
        (edited(set_at("tasks", "resize", "result", value="int")), "/tasks/resize/fingerprint"),
        (edited(set_at("tasks", "resize", "result", value="str32")), "/tasks/resize/result/type"),
        (edited(set_at("tasks", "resize", "result", value={"ref": "nothing"})), "/tasks/resize"),
        (
            edited(set_at("tasks", "resize", "parameters", "width", "type", value={"type": "int", "ge": "x"})),
            "/tasks/resize/parameters/width/type/ge",
        ),
        (edited(set_at("tasks", "resize", "timeout_ms", value=True)), "/tasks/resize/timeout_ms"),
        (edited(set_at("tasks", "a/b~c", value={})), "/tasks/a~1b~0c"),
    ],
)
def test_a_damaged_lock_is_refused_at_its_place(text: str, pointer: str | None) -> None:
    if pointer is None:  # the queue is no part of the fingerprint: a lock with another queue is another lawful lock
        assert read_lock(text).entries[0].contract.queue == "other"
        return
    with pytest.raises(WireError) as refused:
        read_lock(text)
    assert refused.value.pointer == pointer


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "item", "of", "ref", "x"]), inner)
    ),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["parameters", "result", "retry", "aliases", "types", "source"]))
def test_no_json_value_makes_reading_fail_in_another_way(value: Any, key: str) -> None:
    data = {**encode_contract(simple()), key: value}
    with contextlib.suppress(WireError):
        decode_contract(data)


def test_types_that_nest_without_end_are_refused() -> None:
    node: Any = "int"
    for _ in range(500):
        node = {"type": "list", "item": node}
    with pytest.raises(WireError, match="nest deeper"):
        decode_contract({**encode_contract(simple()), "result": node})
