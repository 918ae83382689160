# pyright: strict
"""What type checkers must say of tasks: read by mypy and pyright in strict mode, and run as well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never, assert_type

from horsies import (
    AppConfig,
    Err,
    Horsies,
    JsonValue,
    Ok,
    OperationalErrorCode,
    OtherErrorCode,
    Outcome,
    PostgresConfig,
    RetryPolicy,
    TaskError,
    TaskHandle,
    TaskResult,
    is_err,
    is_ok,
)

app = Horsies(AppConfig(broker=PostgresConfig(database_url="postgresql+psycopg://localhost/shop")))


@app.task("process_order")
def process_order(*, order_id: int, note: str | None = None) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"Order {order_id} processed {note}")


@app.task(
    "validate_input",
    timeout_ms=120_000,
    retry_policy=RetryPolicy.fixed([60, 300], auto_retry_for=["TASK_TIMEOUT"]),
    exception_mapper={TimeoutError: "TIMEOUT", ConnectionError: "CONNECTION_ERROR"},
)
def validate_input(*, data: dict[str, JsonValue]) -> TaskResult[dict[str, JsonValue], TaskError]:
    if not data.get("email"):
        names: list[str] = ["email"]
        return TaskResult(err=TaskError(error_code="MISSING_EMAIL", message="required", data={"fields": names}))
    return TaskResult(ok={"status": "done"})


@app.task("fire_and_forget")
def fire_and_forget() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("narrow")
def narrow(*, x: int) -> TaskResult[float | None, TaskError[Literal["ODD"]]]:
    return TaskResult(err=TaskError(error_code="ODD")) if x % 2 else TaskResult(ok=x / 2)


def send_all() -> None:
    assert_type(process_order.send(order_id=1), TaskHandle[str, str])
    assert_type(process_order.send(order_id=1, note=None), TaskHandle[str, str])
    assert_type(process_order.with_options(delay=5, idempotency_key="k").send(order_id=1), TaskHandle[str, str])
    good_until = datetime.now(UTC) + timedelta(minutes=5)
    assert_type(fire_and_forget.with_options(good_until=good_until, priority=1).send(), TaskHandle[None, str])
    assert_type(narrow.send(x=1), TaskHandle[float | None, Literal["ODD"]])
    assert_type(process_order.send_many([{"order_id": 1}, {"order_id": 2}]), list[TaskHandle[str, str]])


async def send_async() -> str:
    handle = await process_order.send_async(order_id=1)
    assert_type(handle, TaskHandle[str, str])
    result = await handle.get_async(timeout_ms=5_000)
    assert_type(result, Outcome[str, TaskError[str]])
    return result.unwrap()


def by_match() -> str:
    match process_order.send(order_id=1).get(timeout_ms=5_000):
        case Ok(text):
            assert_type(text, str)
            return text
        case Err(error):
            assert_type(error, TaskError[str])
            return error.error_code


def by_guard() -> str:
    result = process_order.send(order_id=1).get()
    if is_ok(result):
        assert_type(result, Ok[str])
        return result.ok
    assert_type(result, Err[TaskError[str]])
    return result.err.error_code


def by_method() -> str:
    result = process_order(order_id=1)
    return result.ok if result.is_ok() else result.err.error_code


def by_code(result: TaskResult[int, TaskError[Literal["A", "B"] | OtherErrorCode]]) -> int:
    if is_err(result):
        match result.err.error_code:
            case "A":
                return 1
            case "B":
                return 2
            case other:
                assert_type(other, OtherErrorCode)
                return 3
    return result.ok


def exhaustive(result: Outcome[int, TaskError]) -> int:
    if is_ok(result):
        return result.ok
    if is_err(result):
        return 0
    assert_never(result)


def widened(result: TaskResult[int, TaskError[Literal["A"]]]) -> TaskResult[float | None, TaskError]:
    return result


def made() -> None:
    assert_type(TaskResult(ok=1), Ok[int])
    assert_type(TaskResult(err=TaskError(error_code=OperationalErrorCode.TASK_TIMEOUT)).err.message, str | None)
