"""A result holds exactly one side, never changes, and can be taken apart."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from horsies_core.contract.codes import OperationalErrorCode
from horsies_core.outcome.errors import ResultError
from horsies_core.outcome.result import Err, Ok, TaskError, TaskResult, is_err, is_ok

SUCCESS: TaskResult[int, TaskError] = TaskResult(ok=1)
FAILURE: TaskResult[int, TaskError] = TaskResult(err=TaskError(error_code="NO", message="not today", data={"n": 1}))


def test_none_is_a_success() -> None:
    result = TaskResult(ok=None)
    assert result.is_ok()
    assert not result.is_err()
    assert result.ok is None


@pytest.mark.parametrize("sides", [{}, {"ok": 1, "err": TaskError(error_code="NO")}, {"okay": 1}])
def test_exactly_one_side(sides: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="exactly one of"):
        TaskResult(**sides)


def test_the_other_side_is_not_there() -> None:
    assert SUCCESS.ok == 1
    with pytest.raises(AttributeError, match="is_err"):
        _ = SUCCESS.err
    assert FAILURE.err.error_code == "NO"
    with pytest.raises(AttributeError, match="is_ok"):
        _ = FAILURE.ok
    assert hasattr(SUCCESS, "ok")
    assert not hasattr(SUCCESS, "err")


def test_unwrap() -> None:
    assert SUCCESS.unwrap() == 1
    with pytest.raises(ResultError, match="NO: not today") as raised:
        FAILURE.unwrap()
    assert raised.value.error is FAILURE.err


def _described(result: Any) -> str:
    match result:
        case TaskResult(ok=value):
            return f"ok {value}"
        case _:
            return f"err {result.err.error_code}"


def _described_by_shape(result: TaskResult[Any, Any]) -> str:
    match result:
        case Ok(value):
            return f"ok {value}"
        case Err(TaskError(error_code=code)):
            return f"err {code}"
        case _:
            raise AssertionError(result)


@pytest.mark.parametrize("describe", [_described, _described_by_shape])
def test_patterns_take_it_apart(describe: Any) -> None:
    assert [describe(SUCCESS), describe(FAILURE), describe(TaskResult(ok=None))] == ["ok 1", "err NO", "ok None"]


def test_guards() -> None:
    assert [is_ok(SUCCESS), is_err(SUCCESS), is_ok(FAILURE), is_err(FAILURE)] == [True, False, False, True]
    assert isinstance(SUCCESS, TaskResult)


def test_it_is_a_value() -> None:
    assert TaskResult(ok=1) == Ok(1)
    assert TaskResult(ok=1) != TaskResult(err=1)
    assert TaskResult(ok=1) != 1
    assert len({TaskResult(ok=1), TaskResult(ok=1), TaskResult(err=1)}) == 2
    assert repr(TaskResult(ok="a")) == "TaskResult(ok='a')"
    for result in (SUCCESS, FAILURE):
        assert pickle.loads(pickle.dumps(result)) == result
        assert copy.deepcopy(result) == result


def test_it_never_changes() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        SUCCESS._value = 2
    with pytest.raises(AttributeError, match="immutable"):
        del SUCCESS._value
    with pytest.raises(AttributeError):
        FAILURE.err.message = "other"  # type: ignore[misc]


def test_codes_of_the_families_are_strings() -> None:
    error = TaskError(error_code=OperationalErrorCode.TASK_TIMEOUT)
    assert error.error_code == "TASK_TIMEOUT"
    assert error.message is None
    assert error.data is None
