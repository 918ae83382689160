"""The page *Defining Tasks*: every sample runs as written, and what the page says of it holds.

The samples stand in ``samples/``, one a block of the page, with nothing added; what a reader has around them (``app``,
``do_something``, ...) is given here. Only the database's URL is filled in. What needs a worker is tested end to end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import horsies
from horsies import (
    AppConfig,
    DuplicateTaskError,
    Horsies,
    OperationalErrorCode,
    PayloadError,
    QueueConfig,
    QueueMode,
    TaskDefinitionError,
    TaskError,
    TaskOptionError,
    TaskResult,
)
from horsies_core.testing import inline_sends, run_inline

SAMPLES = Path(__file__).parent / "samples"
URL = "postgresql+psycopg://nobody@localhost/nowhere"


def _run(name: str, **around: Any) -> dict[str, Any]:
    """What a sample defines, run in a module that has the page's imports and what is given."""
    text = (SAMPLES / f"{name}.py").read_text().replace("postgresql+psycopg://...", URL)
    words = ("TaskResult", "TaskError", "JsonValue", "RetryPolicy")
    names: dict[str, Any] = {"__name__": "page", **{word: getattr(horsies, word) for word in words}, **around}
    names.setdefault("app", Horsies())
    exec(compile(text, str(SAMPLES / f"{name}.py"), "exec"), names)
    return names


def _nothing() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


def _raising(error: Exception) -> Any:
    def call_external_api() -> None:
        raise error

    return call_external_api


def test_every_sample_is_tested() -> None:
    tests = Path(__file__).read_text()
    for sample in SAMPLES.glob("*.py"):
        assert f'"{sample.stem}"' in tests


def test_a_basic_task() -> None:
    task = _run("basic")["process_order"]
    assert task(order_id=1) == TaskResult(ok="Order 1 processed")
    assert run_inline(task, order_id=1) == TaskResult(ok="Order 1 processed")


def test_parameters_are_keyword_only() -> None:
    names = _run("email")
    contract = names["send_email"].definition.contract
    assert [parameter.name for parameter in contract.parameters] == ["to", "subject"]
    with pytest.raises(TypeError):
        names["send_email"]("a@b", "hello")
    with pytest.raises(PayloadError):
        names["send_email"].send("a@b", "hello")


def test_a_positional_parameter_is_rejected_at_registration() -> None:
    app = Horsies()

    def f(order_id: int) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    with pytest.raises(TaskDefinitionError, match="order_id"):
        app.task("f")(f)
    assert app.registry.names() == ()


def test_async_functions_are_not_supported() -> None:
    async def f() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    loose: Any = Horsies().task("f")
    with pytest.raises(TaskDefinitionError, match="async"):
        loose(f)


def test_success() -> None:
    assert run_inline(_run("success")["compute"], x=21) == TaskResult(ok=42)


def test_void() -> None:
    done: list[str] = []
    result = run_inline(_run("void", do_something=lambda: done.append("it"))["fire_and_forget"])
    assert result == TaskResult(ok=None)
    assert result.is_ok()
    assert done == ["it"]


def test_domain_errors() -> None:
    task = _run("domain_error")["validate_input"]
    error = TaskError(error_code="MISSING_EMAIL", message="Email is required", data={"field": "email"})
    assert run_inline(task, data={"name": "Ada"}) == TaskResult(err=error)
    assert run_inline(task, data={"email": "a@b"}) == TaskResult(ok={"email": "a@b"})


def test_unhandled_exceptions_are_wrapped() -> None:
    error = run_inline(_run("crash")["might_crash"]).err
    assert error.error_code is OperationalErrorCode.UNHANDLED_EXCEPTION
    assert str(error.message).startswith("Unhandled exception in task might_crash: ")


@pytest.mark.parametrize("sample", ["retries", "mapper"])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TimeoutError(), "TIMEOUT"),
        (ConnectionError(), "CONNECTION_ERROR"),
        (ConnectionResetError(), "CONNECTION_ERROR"),
    ],
)
def test_both_ways_to_say_what_is_retried(sample: str, error: Exception, code: str) -> None:
    names = _run(sample, call_external_api=_raising(error))
    assert run_inline(names["some_api_call"]).err.error_code == code
    policy = names["some_api_call"].definition.contract.retry
    assert (policy.strategy, policy.delays_s, policy.max_retries) == ("exponential", (30,), 5)
    assert policy.auto_retry_for == ("TIMEOUT", "CONNECTION_ERROR")


def test_the_mapper_lets_success_through() -> None:
    names = _run("mapper", call_external_api=lambda: {"a": 1})
    assert run_inline(names["some_api_call"]) == TaskResult(ok={"a": 1})
    assert names["some_api_call"].definition.contract.mapped_codes == ("CONNECTION_ERROR", "TIMEOUT")


def test_a_queue_in_custom_mode() -> None:
    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))
    assert _run("queue", app=app)["urgent_task"].definition.contract.queue == "critical"


def test_a_queue_is_for_custom_mode_only() -> None:
    with pytest.raises(TaskOptionError, match="CUSTOM"):
        _run("queue")


def test_timeouts() -> None:
    assert _run("timeout")["resize_video"].definition.contract.timeout_ms == 120_000
    contract = _run("timeout_retry")["resize_video"].definition.contract
    assert contract.timeout_ms == 120_000
    assert contract.retry.delays_s == (60, 300)
    assert contract.retry.auto_retry_for == ("TASK_TIMEOUT",)


def test_the_least_timeout() -> None:
    with pytest.raises(TaskOptionError, match="1000"):
        Horsies().task("t", timeout_ms=999)(_nothing)


def test_registering_for_workers() -> None:
    names = _run("discover")
    assert names["app"].discovered == ("myapp.tasks", "myapp.jobs.worker_tasks", "tasks.py", "more_tasks.py")


def test_a_missing_return_annotation_is_a_type_error_at_definition_time() -> None:
    with pytest.raises(TypeError, match="bad_task"):
        _run("no_return")
    assert run_inline(_run("with_return")["good_task"]) == TaskResult(ok={"status": "done"})


def test_names_are_used_once() -> None:
    app = Horsies()
    with pytest.raises(DuplicateTaskError, match="duplicate_name"):
        _run("duplicate", app=app)
    kept = app.registry.get("duplicate_name")
    assert kept is not None
    assert kept.function.__name__ == "task_one"


def test_good_until_is_not_accepted_by_the_decorator() -> None:
    loose: Any = Horsies().task
    with pytest.raises(TaskOptionError, match="with_options"):
        loose("t", good_until=None)(_nothing)


def test_the_decorated_function_can_be_called_and_sent() -> None:
    app = Horsies()
    task = _run("success", app=app)["compute"]
    with inline_sends(app):
        assert task.send(x=1).get() == task(x=1) == TaskResult(ok=2)
    assert callable(task.send_async)
