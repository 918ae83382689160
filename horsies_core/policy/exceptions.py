"""Which error code an exception of user code becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from horsies_core.contract.codes import OperationalErrorCode

ExceptionMapper: TypeAlias = Mapping[type[BaseException], str]

TEXT_MOST = 10_000
"""Characters of an exception's own text that are kept. Some hold the whole of an answer that they could not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRules:
    """The rules in their order: the task's mapper, the app's mapper, the task's default, the app's default."""

    task_mapper: ExceptionMapper = field(default_factory=dict[type[BaseException], str])
    app_mapper: ExceptionMapper = field(default_factory=dict[type[BaseException], str])
    task_default: str | None = None
    app_default: str | None = None


def error_code_for(error: BaseException, rules: ExceptionRules) -> str:
    """The code for an exception; ``UNHANDLED_EXCEPTION`` if no rule holds.

    In a mapper the nearest class counts, as in the order of ``except`` clauses that a careful person writes.
    """
    for found in (
        _mapped(error, rules.task_mapper),
        _mapped(error, rules.app_mapper),
        rules.task_default,
        rules.app_default,
    ):
        if found is not None:
            return found
    return OperationalErrorCode.UNHANDLED_EXCEPTION


def exception_message(task_name: str, error: BaseException, code: str) -> str:
    """The message of the ``TaskError`` that an exception becomes."""
    text = f"{type(error).__name__}: {_text(error)}".removesuffix(": ")
    if code == OperationalErrorCode.UNHANDLED_EXCEPTION:
        return f"Unhandled exception in task {task_name}: {text}"
    return text


def _mapped(error: BaseException, mapper: ExceptionMapper) -> str | None:
    return next((mapper[kind] for kind in type(error).__mro__ if kind in mapper), None)


def _text(error: BaseException) -> str:
    try:
        text = str(error)
        return text if len(text) <= TEXT_MOST else f"{text[:TEXT_MOST]}... ({len(text):,} characters)"
    except Exception as broken:  # noqa: BLE001  # a user's __str__ may raise anything, and this is the report about it
        return f"(its text cannot be had: {type(broken).__name__})"
