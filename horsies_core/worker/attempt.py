"""One attempt: decode, call, map exceptions, check, encode. The only step that catches what user code raises."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from horsies_core.codec.problem import PayloadInvalidError
from horsies_core.codec.result import EncodedResult, encode_error
from horsies_core.contract.codes import ContractErrorCode, OperationalErrorCode
from horsies_core.outcome.errors import PayloadError
from horsies_core.outcome.result import TaskError
from horsies_core.policy.exceptions import ExceptionRules, error_code_for, exception_message
from horsies_core.worker.reading import FIRST_UPCASTER, FOREIGN

if TYPE_CHECKING:
    from horsies_core.task.definition import RegisteredTask
    from horsies_core.task.upcast import Upcast

_log = logging.getLogger("horsies.task")


def run_attempt(
    task: RegisteredTask,
    payload: bytes,
    rules: ExceptionRules | None = None,
    begin: Callable[[], None] = lambda: None,
) -> EncodedResult:
    """Run a task once on a stored payload. Never raises: whatever happens comes out as a result.

    ``rules`` map exceptions; without them the task's own hold. ``begin`` is called right before user code, and not at all
    for a payload that breaks the contract.
    """
    try:
        arguments = task.codec.decode_payload(payload)
    except PayloadInvalidError as error:
        return encode_error(_payload_error(error))
    begin()
    return _called(task, arguments, rules)


def run_foreign_attempt(
    task: RegisteredTask,
    payload: bytes,
    rules: ExceptionRules | None,
    begin: Callable[[], None],
    reading: int = FOREIGN,
) -> EncodedResult | None:
    """As `run_attempt`, on a payload that another version's contract encoded. None: it cannot be read here.

    ``reading`` names the upcaster whose signature that contract had. Where it is not known, the task's own reader is tried, and
    then each upcaster, as declared.
    """
    upcasters = task.upcasters
    if reading == FOREIGN:
        with suppress(PayloadInvalidError):
            arguments = task.codec.decode_payload(payload)
            begin()
            return _called(task, arguments, rules)
    else:
        upcasters = upcasters[reading - FIRST_UPCASTER :][:1]
    for upcast in upcasters:
        with suppress(PayloadInvalidError):
            former = upcast.arguments(payload)
            begin()
            return _upcast(task, upcast, former, rules)
    return None


def _upcast(
    task: RegisteredTask, upcast: Upcast, former: dict[str, object], rules: ExceptionRules | None
) -> EncodedResult:
    """Make today's payload, check it like any other, and run the task on it. An upcaster is user code, as the task is."""
    try:
        made = upcast(former)
    except BaseException as error:  # noqa: BLE001  # as below: nothing that user code raises ends the child
        return encode_error(_exception_error(task, error, rules or rules_of(task)))
    try:
        arguments = task.codec.decode_payload(task.codec.encode_payload(made))
    except PayloadError as error:
        message = f"what upcaster {upcast.source} returned does not fit: {error}"
        return encode_error(TaskError(error_code=ContractErrorCode.PAYLOAD_INVALID, message=message))
    return _called(task, arguments, rules)


def _called(task: RegisteredTask, arguments: dict[str, object], rules: ExceptionRules | None) -> EncodedResult:
    try:
        returned = task.function(**arguments)
    except BaseException as error:  # noqa: BLE001  # the one step that catches: SystemExit must not end the child either
        return encode_error(_exception_error(task, error, rules or rules_of(task)))
    return task.codec.encode_result(returned)


def rules_of(task: RegisteredTask, app_rules: ExceptionRules | None = None) -> ExceptionRules:
    """The task's own rules in front of the app's."""
    app_rules = app_rules or ExceptionRules()
    return ExceptionRules(
        task_mapper=task.exception_mapper,
        app_mapper=app_rules.app_mapper,
        task_default=task.default_unhandled_error_code,
        app_default=app_rules.app_default,
    )


def unknown_task(name: str) -> EncodedResult:
    """The result of a task that the child does not have, though its worker claimed it."""
    message = f"the child process knows no task {name!r}, which its worker claimed"
    return encode_error(TaskError(error_code=OperationalErrorCode.WORKER_RESOLUTION_ERROR, message=message))


def _payload_error(error: PayloadInvalidError) -> TaskError:
    problems = [{"pointer": problem.pointer, "message": problem.message} for problem in error.problems]
    return TaskError(error_code=ContractErrorCode.PAYLOAD_INVALID, message=str(error), data={"problems": problems})


def _exception_error(task: RegisteredTask, error: BaseException, rules: ExceptionRules) -> TaskError:
    code = error_code_for(error, rules)
    _log.warning("user code raised", exc_info=error, extra={"fields": {"code": code}})
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return TaskError(error_code=code, message=exception_message(task.name, error, code), data={"exception": kind})
