"""Results: whatever a function returns can be stored, and what is stored can be read back."""

from __future__ import annotations

import json
from math import nan
from typing import Any

import pytest

from horsies import (
    AppConfig,
    ContractErrorCode,
    Horsies,
    JsonValue,
    OperationalErrorCode,
    RetrievalErrorCode,
    TaskError,
    TaskResult,
)
from horsies_core.codec import TaskCodec
from horsies_core.codec.result import encode_error


def _codec(annotation: object = list[int], **config: Any) -> TaskCodec:
    def task() -> Any:
        return None

    task.__annotations__["return"] = TaskResult[annotation, TaskError]  # type: ignore[valid-type]
    return Horsies(AppConfig(**config)).task("t")(task).definition.codec


@pytest.mark.parametrize(
    ("annotation", "result", "text"),
    [
        (list[int], TaskResult(ok=[1]), '{"ok":[1]}'),
        (None, TaskResult(ok=None), '{"ok":null}'),
        (set[str], TaskResult(ok={"b", "a"}), '{"ok":["a","b"]}'),
        (int, TaskResult(err=TaskError(error_code="NO")), '{"err":{"error_code":"NO"}}'),
        (
            int,
            TaskResult(err=TaskError(error_code="NO", message="x", data={"a": [1]})),
            '{"err":{"error_code":"NO","message":"x","data":{"a":[1]}}}',
        ),
    ],
)
def test_results_come_back(annotation: object, result: TaskResult[Any, Any], text: str) -> None:
    codec = _codec(annotation)
    encoded = codec.encode_result(result)
    assert encoded.data.decode() == text
    assert encoded.error_code == (result.err.error_code if result.is_err() else None)
    assert codec.decode_result(encoded.data) == result


def test_read_only_data_comes_back_plain() -> None:
    encoded = _codec().encode_result(TaskResult(err=TaskError(error_code="NO", data={"a": (1, 2)})))
    assert _codec().decode_result(encoded.data).err.data == {"a": [1, 2]}


BROKEN: list[tuple[Any, str, str]] = [
    (None, "RETURN_NOT_TASK_RESULT", "a NoneType"),
    ({"status": "done"}, "RETURN_NOT_TASK_RESULT", "a dict"),
    (TaskResult(err="boom"), "RETURN_NOT_TASK_RESULT", "a str"),
    (TaskResult(ok=["1"]), "RESULT_INVALID", "/ok/0"),
    (TaskResult(ok=(1,)), "RESULT_INVALID", "/ok"),
    (TaskResult(ok=None), "RESULT_INVALID", "/ok"),
    (TaskResult(err=TaskError(error_code="TASK_TIMEOUT")), "RESERVED_ERROR_CODE", "TASK_TIMEOUT"),
    (TaskResult(err=TaskError(error_code="PAYLOAD_INVALID")), "RESERVED_ERROR_CODE", "PAYLOAD_INVALID"),
    (TaskResult(err=TaskError(error_code="")), "RESULT_INVALID", "/err/error_code"),
    (TaskResult(err=TaskError(error_code="NO", data={"a": {1}})), "RESULT_INVALID", "/err/data/a"),  # type: ignore[dict-item]
    (TaskResult(err=TaskError(error_code="NO", data=[float("nan")])), "RESULT_INVALID", "/err/data/0"),
    (TaskResult(err=TaskError(error_code="NO", data={1: 1})), "RESULT_INVALID", "no string"),  # type: ignore[dict-item]
    (TaskResult(err=TaskError(error_code="NO", message="\ud800")), "RESULT_INVALID", "/err/message"),
    (TaskResult(err=TaskError(error_code="NO", message=3)), "RESULT_INVALID", "/message"),  # type: ignore[arg-type]
    (TaskResult(ok=list(range(100))), "RESULT_INVALID", "at most 128"),
    (TaskResult(err=TaskError(error_code="NO", message="m" * 200)), "RESULT_INVALID", "NO"),
]


@pytest.mark.parametrize(("returned", "code", "says"), BROKEN)
def test_what_breaks_the_contract_is_stored_as_the_error_that_says_so(returned: Any, code: str, says: str) -> None:
    codec = _codec(max_payload_bytes=128)
    encoded = codec.encode_result(returned)
    assert encoded.error_code == code
    error = codec.decode_result(encoded.data).err
    assert error.error_code is ContractErrorCode(code)
    assert says in str(error.message)


def test_an_error_that_refers_to_itself_is_too_deep() -> None:
    data: list[Any] = []
    data.append(data)
    encoded = _codec().encode_result(TaskResult(err=TaskError(error_code="NO", data=data)))
    assert encoded.error_code == "RESULT_INVALID"


def test_errors_of_horsies_own_are_always_writable() -> None:
    encoded = encode_error(TaskError(error_code=OperationalErrorCode.UNHANDLED_EXCEPTION, message="a\ud800\0b"))
    error = _codec().decode_result(encoded.data).err
    assert error.error_code is OperationalErrorCode.UNHANDLED_EXCEPTION
    assert error.message == "a\ufffd\ufffdb"
    words = {"problems": [{"pointer": "/ok", "message": "no\ud800", "\udfff": (1, None)}]}
    encoded = encode_error(TaskError(error_code=ContractErrorCode.RESULT_INVALID, data=words))
    told = {"problems": [{"pointer": "/ok", "message": "no\ufffd", "\ufffd": [1, None]}]}
    assert _codec().decode_result(encoded.data).err.data == told


@pytest.mark.parametrize(
    "returned", [TaskResult(ok={"\ud800": nan}), TaskResult(err=TaskError(error_code="NO", data=[{"\ud800": nan}]))]
)
def test_a_place_is_told_whose_own_name_cannot_be_written(returned: Any) -> None:
    encoded = _codec(JsonValue).encode_result(returned)
    error = _codec().decode_result(encoded.data).err
    assert error.error_code is ContractErrorCode.RESULT_INVALID
    assert "at /" in str(error.message)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"[]",
        b"{}",
        b'{"ok":["x"]}',
        b'{"ok":[1],"err":{}}',
        b'{"err":{}}',
        b'{"err":{"error_code":1}}',
        b'{"no":1}',
    ],
)
def test_what_cannot_be_read_is_an_error_too(stored: bytes) -> None:
    error = _codec().decode_result(stored).err
    assert error.error_code is RetrievalErrorCode.RESULT_UNREADABLE
    assert "'t'" in str(error.message)


def test_results_of_other_writers_may_be_spelled_otherwise() -> None:
    assert _codec().decode_result(b' {"ok" : [1, 2] }') == TaskResult(ok=[1, 2])


def test_errors_are_told_where() -> None:
    encoded = _codec().encode_result(TaskResult(ok=[1, "2"]))
    body = json.loads(encoded.data)
    assert body["err"]["data"]["problems"][0]["pointer"] == "/ok/1"
