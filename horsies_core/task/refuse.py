"""A broken law as the exception that the decorator raises."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from horsies_core.outcome.errors import DuplicateTaskError, TaskDefinitionError, TaskOptionError

if TYPE_CHECKING:
    from horsies_core.contract.laws import Violation


def refuse(violation: Violation, function: Callable[..., object]) -> TaskDefinitionError:
    """The exception for a broken law of a function's definition."""
    kind = TaskOptionError if violation.locus.kind == "option" else TaskDefinitionError
    return kind(_text(violation.code, violation.name, violation.message, violation.help, function), code=violation.code)


def refuse_option(code: str, name: str, message: str, remedy: str, function: Callable[..., object]) -> TaskOptionError:
    """The exception for an option that does not suit the app."""
    return TaskOptionError(_text(code, name, message, remedy, function), code=code)


def refuse_duplicate(name: str, first: Callable[..., object], second: Callable[..., object]) -> DuplicateTaskError:
    """The exception for a second function under one name."""
    message = f"the task name {name!r} is taken by {first.__qualname__} at {place(first)}"
    return DuplicateTaskError(
        _text("HC108", "duplicate-task-name", message, "give one of the two another name", second), code="HC108"
    )


def place(function: Callable[..., object]) -> str:
    """``path:line`` of a function's definition."""
    unwrapped = inspect.unwrap(function)
    code = getattr(unwrapped, "__code__", None)
    return "an unknown place" if code is None else f"{code.co_filename}:{code.co_firstlineno}"


def _text(code: str, name: str, message: str, remedy: str, function: Callable[..., object]) -> str:
    return f"{code} {name}: {message}\n  --> {place(function)}, in {function.__qualname__}\n  help: {remedy}"
