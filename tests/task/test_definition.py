"""What the decorator refuses, when, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from horsies import (
    AppConfig,
    DuplicateTaskError,
    Horsies,
    JsonValue,
    QueueConfig,
    QueueMode,
    RetryPolicy,
    TaskDefinitionError,
    TaskError,
    TaskOptionError,
    TaskResult,
)
from horsies_core.contract.types import NullType, Ref, StringType, union

Result = TaskResult[None, TaskError]
_THING: Any = object()


def _refused(function: Any, name: Any = "t", /, **options: Any) -> TaskDefinitionError:
    with pytest.raises(TaskDefinitionError) as raised:
        Horsies().task(name, **options)(function)
    return raised.value


def _fine() -> Result:
    return TaskResult(ok=None)


def _positional(order_id: int) -> Result: ...  # type: ignore[empty-body]
def _positional_only(order_id: int, /) -> Result: ...  # type: ignore[empty-body]
def _variadic(*, a: int, **rest: int) -> Result: ...  # type: ignore[empty-body]
def _args(*values: int) -> Result: ...  # type: ignore[empty-body]
def _unannotated(*, a) -> Result: ...  # type: ignore[no-untyped-def, empty-body]
def _no_return(*, a: int): ...  # type: ignore[no-untyped-def]
def _wrong_return(*, a: int) -> dict[str, int]: ...  # type: ignore[empty-body]
def _half_return(*, a: int) -> TaskResult: ...  # type: ignore[type-arg, empty-body]
def _wrong_error(*, a: int) -> TaskResult[int, str]: ...  # type: ignore[empty-body]
def _bare(*, a: dict) -> Result: ...  # type: ignore[type-arg, empty-body]
def _any(*, a: list[Any]) -> Result: ...  # type: ignore[empty-body]
def _class(*, a: Callable[[], int]) -> Result: ...  # type: ignore[empty-body]
def _result_hole() -> TaskResult[object, TaskError]: ...  # type: ignore[empty-body]
def _computed_default(*, a: JsonValue = _THING) -> Result: ...  # type: ignore[empty-body]


def _broken_annotation(*, a: int, b: 1 / 0) -> Result: ...  # type: ignore[valid-type, empty-body]
def _broken_text(*, a: "list[") -> Result: ...  # type: ignore[valid-type, empty-body] # noqa: F722


async def _async() -> Result:
    return TaskResult(ok=None)


def _generator() -> Result:  # type: ignore[misc]
    yield 1
    return TaskResult(ok=None)


BROKEN: list[tuple[str, str, Any]] = [
    ("HC003", "cannot be evaluated", _broken_annotation),
    ("HC003", "cannot be evaluated", _broken_text),
    ("HC008", "default", _computed_default),
    ("HC101", "'order_id'", _positional),
    ("HC101", "'order_id'", _positional_only),
    ("HC102", "no return type annotation", _no_return),
    ("HC103", "'a'", _unannotated),
    ("HC104", "dict", _wrong_return),
    ("HC104", "TaskResult", _half_return),
    ("HC104", "TaskResult", _wrong_error),
    ("HC105", "async", _async),
    ("HC106", "generator", _generator),
    ("HC107", r"\*\*rest", _variadic),
    ("HC107", r"\*values", _args),
    ("HC201", "dict", _bare),
    ("HC202", "Any", _any),
    ("HC202", "the result type", _result_hole),
    ("HC203", "Callable", _class),
]


@pytest.mark.parametrize(("code", "says", "function"), BROKEN)
def test_a_broken_law_is_a_type_error_at_the_definition(code: str, says: str, function: Any) -> None:
    error = _refused(function)
    assert isinstance(error, TypeError)
    assert error.code == code
    assert re.search(says, str(error))
    assert f"{__file__}:{function.__code__.co_firstlineno}" in str(error)
    assert "help: " in str(error)


OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("HC112", {"good_until": None}),
    ("HC112", {"timeout": 5}),
    ("HC301", {"default_unhandled_error_code": "not upper"}),
    ("HC301", {"exception_mapper": {ValueError: "bad-code"}}),
    ("HC302", {"exception_mapper": {ValueError: "PAYLOAD_INVALID"}}),
    ("HC304", {"retry_policy": RetryPolicy.fixed([1], auto_retry_for=["TASK_TIMEOUT"])}),
    ("HC306", {"retry_policy": 3}),
    ("HC307", {"exception_mapper": ["X"]}),
    ("HC307", {"exception_mapper": {"ValueError": "X"}}),
    ("HC402", {"queue_name": "critical"}),
    ("HC403", {"timeout_ms": 999}),
    ("HC403", {"timeout_ms": 1500.0}),
    ("HC403", {"timeout_ms": True}),
    ("HC405", {"aliases": ["t"]}),
    ("HC405", {"aliases": "old"}),
]


@pytest.mark.parametrize(("code", "options"), OPTIONS)
def test_a_wrong_option_is_refused(code: str, options: dict[str, Any]) -> None:
    error = _refused(_fine, **options)
    assert error.code == code
    assert isinstance(error, TaskOptionError)
    assert isinstance(error, ValueError)


def test_good_until_is_sent_to_its_place() -> None:
    assert "with_options(good_until=...)" in str(_refused(_fine, good_until=None))


def test_the_least_timeout_is_a_second() -> None:
    assert Horsies().task("t", timeout_ms=1000)(_fine).definition.contract.timeout_ms == 1000


@pytest.mark.parametrize("name", ["", " ", "a/b", 3, None])
def test_a_wrong_name_is_refused(name: Any) -> None:
    assert _refused(_fine, name).code == "HC109"


def test_the_decorator_without_a_call_is_refused() -> None:
    loose: Any = Horsies().task
    with pytest.raises(TaskDefinitionError, match="without a call"):

        @loose  # type: ignore[untyped-decorator]
        def somebody() -> Result:
            return TaskResult(ok=None)


@pytest.mark.parametrize("thing", [int, partial(_fine), print, 3])
def test_only_functions_are_tasks(thing: Any) -> None:
    assert "plain function" in str(_refused(thing))


def test_a_task_is_no_function_to_decorate_again() -> None:
    app = Horsies()
    made = app.task("t")(_fine)
    assert "plain function" in str(_refused(made, "u"))


CUSTOM = AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical"), QueueConfig(name="default")])


def test_queues_of_custom_mode() -> None:
    app = Horsies(CUSTOM)
    assert app.task("urgent", queue_name="critical")(_fine).definition.contract.queue == "critical"
    assert app.task("calm")(_fine).definition.contract.queue == "default"
    with pytest.raises(TaskOptionError, match="does not declare") as raised:
        app.task("other", queue_name="nowhere")(_fine)
    assert raised.value.code == "HC401"


def test_custom_mode_without_a_default_queue_wants_a_name() -> None:
    app = Horsies(AppConfig(queue_mode=QueueMode.CUSTOM, queues=[QueueConfig(name="critical")]))
    with pytest.raises(TaskOptionError, match="names no queue") as raised:
        app.task("calm")(_fine)
    assert raised.value.code == "HC401"


def test_the_contract_holds_what_was_declared() -> None:
    policy = RetryPolicy.exponential(base_seconds=30, max_retries=5, auto_retry_for=["TIMEOUT"])
    app = Horsies()

    @app.task(
        "call",
        retry_policy=policy,
        timeout_ms=5_000,
        exception_mapper={TimeoutError: "TIMEOUT"},
        default_unhandled_error_code="BROKEN",
        aliases=["old_call"],
    )
    def call(*, to: str, cc: str | None = None) -> TaskResult[dict[str, JsonValue], TaskError]:
        return TaskResult(ok={})

    contract = call.definition.contract
    assert contract.source == f"{__name__}:{call.__qualname__}"
    assert [item.name for item in contract.parameters] == ["to", "cc"]
    assert contract.parameters[0].default is None
    assert contract.parameters[1].default is not None
    assert contract.parameters[1].default.json_text == "null"
    assert contract.parameters[1].type == union((StringType(), NullType()))
    assert contract.retry is policy
    assert contract.timeout_ms == 5_000
    assert contract.mapped_codes == ("BROKEN", "TIMEOUT")
    assert contract.aliases == ("old_call",)
    assert app.registry.get("old_call") is call.definition is app.registry.get("call")
    assert app.registry.names() == ("call", "old_call")
    assert len(app.registry) == 1


def test_the_decorated_function_stays_a_function() -> None:
    app = Horsies()

    @app.task("double")
    def double(*, x: int) -> TaskResult[int, TaskError]:
        """Twice."""
        return TaskResult(ok=x * 2)

    assert double(x=2).unwrap() == 4
    assert double.__doc__ == "Twice."
    assert double.__name__ == "double"


def test_types_that_come_later_are_read_at_first_use() -> None:
    app = Horsies()
    made = app.task("later")(_later)
    assert made.definition.contract.parameters[0].type == Ref(f"{__name__}:Later")


def test_types_that_never_come_are_refused_when_a_worker_would_start() -> None:
    app = Horsies()
    app.task("never")(_never)
    with pytest.raises(TaskDefinitionError, match="Nowhere") as raised:
        app.import_discovered()
    assert raised.value.code == "HC003"


def test_laws_on_the_signature_do_not_wait_for_types() -> None:
    assert _refused(_never_positional).code == "HC101"


def _never(*, what: Nowhere) -> Result: ...  # type: ignore[name-defined, empty-body] # noqa: F821
def _never_positional(what: Nowhere) -> Result: ...  # type: ignore[name-defined, empty-body] # noqa: F821


_before: Any = Horsies()


def _later(*, what: Later) -> Result:
    return TaskResult(ok=None)


_early = _before.task("early")(_later)


@dataclass
class Later:
    """Defined after the task that takes it."""

    size: int


def test_a_decorator_above_the_type_works() -> None:
    assert _early.definition.contract.parameters[0].type == Ref(f"{__name__}:Later")


def test_two_functions_of_one_name_are_refused() -> None:
    app = Horsies()
    app.task("t")(_fine)

    def other() -> Result:
        return TaskResult(ok=None)

    with pytest.raises(DuplicateTaskError, match=r"'t' is taken by _fine at .*test_definition\.py") as raised:
        app.task("t")(other)
    assert raised.value.code == "HC108"
    assert app.registry.get("t") is not None
    with pytest.raises(DuplicateTaskError):
        app.task("u", aliases=["t"])(other)


def test_one_definition_run_twice_in_one_go_is_a_duplicate() -> None:
    app = Horsies()

    def define() -> None:
        @app.task("same")
        def same() -> Result:
            return TaskResult(ok=None)

    define()
    with pytest.raises(DuplicateTaskError):
        define()
