"""Running attempts here and now: `run_inline` and `inline_sends`."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, cast
from uuid import UUID

from typing_extensions import TypeVar, override

from horsies_core.app import Horsies
from horsies_core.config import AppConfig
from horsies_core.outcome.errors import ContractMismatchError
from horsies_core.outcome.result import Outcome, TaskError
from horsies_core.policy.exceptions import ExceptionRules
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.prepare import Attempt
from horsies_core.producer.sender import Handle
from horsies_core.producer.task import Task
from horsies_core.worker.attempt import rules_of, run_attempt

if TYPE_CHECKING:
    from horsies_core.store.rows import NewTask, TaskInfo
    from horsies_core.task.definition import RegisteredTask

P = ParamSpec("P")
T = TypeVar("T")
CodeT = TypeVar("CodeT", bound=str, default=str)


def run_inline(task: Task[P, T, CodeT], *args: P.args, **kwargs: P.kwargs) -> Outcome[T, TaskError[CodeT]]:
    """One attempt of a task, here and now, as a worker would make it. Raises `PayloadError` as a send would."""
    definition = task.definition
    payload = definition.codec.encode_payload(task.payload(*args, **kwargs))
    result = _attempted(definition, payload, task.config)
    return cast("Outcome[T, TaskError[CodeT]]", definition.codec.decode_result(result))


@dataclass(frozen=True, slots=True)
class InlineSend:
    """One task that was sent inside `inline_sends`: the row that would have been stored, and what came of it."""

    row: NewTask
    arguments: dict[str, object]
    outcome: Outcome[Any, TaskError]

    @property
    def name(self) -> str:
        """The task's name."""
        return self.row.name


@contextmanager
def inline_sends(app: Horsies) -> Generator[list[InlineSend]]:
    """While it lasts, every send of the app runs at once, and its handle has the result. Gives the list of what was sent.

    A generated client's send runs the app's task of that name; `ContractMismatchError` if the app has none.
    """
    sent: list[InlineSend] = []

    def run(attempt: Attempt) -> list[Handle]:
        return [_sent_inline(app, attempt, row, sent) for row in attempt.rows]

    before, app.sender.diversion = app.sender.diversion, run
    try:
        yield sent
    finally:
        app.sender.diversion = before


class InlineHandle(TaskHandle[Any, Any]):
    """The handle of a task that has run already."""

    __slots__ = ("_outcome",)

    def __init__(self, task_id: UUID, attempt: Attempt, app: Horsies, outcome: Outcome[Any, TaskError]) -> None:
        super().__init__(task_id, attempt.target, app.sender, is_new=True)
        self._outcome = outcome

    @override
    def get(self, timeout_ms: float | None = None) -> Outcome[Any, TaskError[Any]]:
        return self._outcome

    @override
    async def get_async(self, timeout_ms: float | None = None) -> Outcome[Any, TaskError[Any]]:
        return self._outcome

    @override
    def info(self) -> TaskInfo | None:
        return None

    @override
    async def info_async(self) -> TaskInfo | None:
        return None

    @override
    def cancel(self) -> bool:
        return False

    @override
    async def cancel_async(self) -> bool:
        return False


def _sent_inline(app: Horsies, attempt: Attempt, row: NewTask, sent: list[InlineSend]) -> InlineHandle:
    definition = app.registry.get(row.name)
    if definition is None:
        raise ContractMismatchError(
            f"the app has no task {row.name!r} to run inline; import its module, or app.import_discovered()"
        )
    arguments = definition.codec.decode_payload(row.payload)
    outcome = attempt.target.codec.decode_result(_attempted(definition, row.payload, app.config))
    sent.append(InlineSend(row, arguments, outcome))
    return InlineHandle(row.id, attempt, app, outcome)


def _attempted(definition: RegisteredTask, payload: bytes, config: AppConfig) -> bytes:
    rules = ExceptionRules(app_mapper=config.exception_mapper, app_default=config.default_unhandled_error_code)
    return run_attempt(definition, payload, rules_of(definition, rules)).data
