"""`Task`: what ``@app.task`` makes of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import TYPE_CHECKING, Generic, ParamSpec, cast
from uuid import UUID

from typing_extensions import TypeVar

from horsies_core.config import AppConfig
from horsies_core.contract.arguments import BY_NAME_ONLY
from horsies_core.outcome.errors import PayloadError, PayloadProblem
from horsies_core.outcome.result import Outcome, TaskError, TaskResult
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.options import NO_OPTIONS, SendOptions
from horsies_core.producer.sender import Sender

if TYPE_CHECKING:
    from horsies_core.task.definition import RegisteredTask

P = ParamSpec("P")
T = TypeVar("T")
CodeT = TypeVar("CodeT", bound=str, default=str)


class Task(Generic[P, T, CodeT]):
    """A task: call it and it runs here; ``send`` it and a worker runs it. Both take the function's own keywords."""

    __name__: str
    __qualname__: str

    def __init__(
        self, function: Callable[P, TaskResult[T, TaskError[CodeT]]], registered: RegisteredTask, sender: Sender
    ) -> None:
        update_wrapper(self, function)
        self.definition = registered
        """The task as the registry has it: its contract, codec and options."""
        self._function = function
        self._sender = sender
        self._options = NO_OPTIONS

    @property
    def name(self) -> str:
        """The task's name."""
        return self.definition.name

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Outcome[T, TaskError[CodeT]]:
        """Run the function here and now, as a function: nothing is checked, stored or caught."""
        return cast("Outcome[T, TaskError[CodeT]]", self._function(*args, **kwargs))

    def send(self, *args: P.args, **kwargs: P.kwargs) -> TaskHandle[T, CodeT]:
        """Enqueue the task.

        Raises `PayloadError` for arguments that do not fit, `SendDuringDiscoveryError` while task modules are imported,
        `IdempotencyConflictError` for a key that is taken, `EnqueueError` if the database did not take it.
        """
        return self._sender.send(self.definition, self.payload(*args, **kwargs), self._options)

    async def send_async(self, *args: P.args, **kwargs: P.kwargs) -> TaskHandle[T, CodeT]:
        """Like `send`, without blocking the event loop."""
        return await self._sender.send_async(self.definition, self.payload(*args, **kwargs), self._options)

    def send_many(self, batch: Iterable[Mapping[str, object]]) -> list[TaskHandle[T, CodeT]]:
        """Enqueue one task for each mapping of keywords, all or none, in one go. Raises as `send` does."""
        return self._sender.send_many(self.definition, batch, self._options)

    async def send_many_async(self, batch: Iterable[Mapping[str, object]]) -> list[TaskHandle[T, CodeT]]:
        """Like `send_many`, without blocking the event loop."""
        return await self._sender.send_many_async(self.definition, batch, self._options)

    def with_options(
        self,
        *,
        delay: timedelta | float | None = None,
        good_until: datetime | None = None,
        priority: int | None = None,
        idempotency_key: str | None = None,
        connection: object = None,
    ) -> Task[P, T, CodeT]:
        """The same task, whose sends have these options. Raises `SendOptionError`; see `SendOptions` for each."""
        made: Task[P, T, CodeT] = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._options = SendOptions(
            delay=delay,
            good_until=good_until,
            priority=priority,
            idempotency_key=idempotency_key,
            connection=connection,
        )
        return made

    def handle(self, task_id: UUID | str) -> TaskHandle[T, CodeT]:
        """The handle of a task that was sent before, by its id."""
        return TaskHandle(task_id if isinstance(task_id, UUID) else UUID(task_id), self.definition, self._sender)

    def __repr__(self) -> str:
        return repr(self.definition)

    def __reduce__(self) -> str:
        return self.definition.function.__qualname__

    @property
    def config(self) -> AppConfig:
        """The settings of the task's app."""
        return self._sender.config

    def payload(self, *args: P.args, **kwargs: P.kwargs) -> Mapping[str, object]:
        """The keywords of one send: what `send_many` takes, checked by type checkers as a call is.

        Raises `PayloadError` for positional ones, which no type checker lets through.
        """
        if args:
            raise PayloadError(self.name, (PayloadProblem("", f"{len(args)} positional; {BY_NAME_ONLY}"),))
        return kwargs
