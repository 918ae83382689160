"""Testing without a database: the whole way of an attempt, in one process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from horsies import (
    AppConfig,
    ContractErrorCode,
    ContractMismatchError,
    Horsies,
    OperationalErrorCode,
    PayloadError,
    TaskError,
    TaskResult,
)
from horsies_core.testing import inline_sends, run_inline

app = Horsies(AppConfig(exception_mapper={KeyError: "MISSING"}, default_unhandled_error_code="BROKEN"))


@app.task("double")
def double(*, x: int) -> TaskResult[int, TaskError]:
    return TaskResult(ok=x * 2)


@app.task("crash", exception_mapper={OSError: "IO"})
def crash(*, how: str) -> TaskResult[int, TaskError]:
    raise {"io": TimeoutError, "missing": KeyError, "other": ValueError}[how]("boom")


@app.task("lie")
def lie() -> TaskResult[int, TaskError]:
    wrong: Any = TaskResult(ok="text")
    return wrong  # type: ignore[no-any-return]


@app.task("chain")
def chain(*, x: int) -> TaskResult[int, TaskError]:
    return TaskResult(ok=double.send(x=x).get().unwrap() + 1)


def test_one_attempt() -> None:
    assert run_inline(double, x=2) == TaskResult(ok=4)


def test_arguments_are_checked_as_by_a_send() -> None:
    loose: Any = 2.0
    with pytest.raises(PayloadError):
        run_inline(double, x=loose)


@pytest.mark.parametrize(("how", "code"), [("io", "IO"), ("missing", "MISSING"), ("other", "BROKEN")])
def test_exceptions_are_mapped_in_their_order(how: str, code: str) -> None:
    assert run_inline(crash, how=how).err.error_code == code


def test_without_a_mapping_an_exception_is_unhandled() -> None:
    plain = Horsies()

    @plain.task("might_crash")
    def might_crash() -> TaskResult[str, TaskError]:
        raise ValueError("Something went wrong")

    error = run_inline(might_crash).err
    assert error.error_code == OperationalErrorCode.UNHANDLED_EXCEPTION
    assert str(error.message).startswith("Unhandled exception in task might_crash: ")
    assert "Something went wrong" in str(error.message)


def test_a_wrong_result_is_a_contract_error() -> None:
    assert run_inline(lie).err.error_code is ContractErrorCode.RESULT_INVALID


def test_sends_run_at_once_and_are_listed() -> None:
    with inline_sends(app) as sent:
        assert chain.send(x=2).get() == TaskResult(ok=5)
        handle = double.with_options(delay=60, priority=1).send(x=3)
        assert handle.get(timeout_ms=0) == TaskResult(ok=6)
        assert [one.get() for one in double.send_many([{"x": 1}, {"x": 2}])] == [TaskResult(ok=2), TaskResult(ok=4)]
        assert not handle.cancel()
    assert [(item.name, item.arguments) for item in sent][:2] == [("double", {"x": 2}), ("chain", {"x": 2})]
    assert sent[2].row.priority == 1
    assert sent[2].outcome == TaskResult(ok=6)


def test_async_sends_too() -> None:
    async def send() -> None:
        handle = await double.send_async(x=4)
        assert await handle.get_async() == TaskResult(ok=8)

    with inline_sends(app) as sent:
        asyncio.run(send())
    assert len(sent) == 1


def test_a_task_that_the_app_does_not_have_cannot_run() -> None:
    other = Horsies()
    with inline_sends(other), inline_sends(app):
        app_of_double = app.registry.get("double")
        assert app_of_double is not None
    empty = Horsies()
    with inline_sends(empty), pytest.raises(ContractMismatchError, match="double"):
        empty.sender.send(double.definition, {"x": 1}, _no_options())


def _no_options() -> Any:
    from horsies_core.producer.options import NO_OPTIONS

    return NO_OPTIONS
