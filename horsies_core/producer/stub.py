"""The base classes of generated clients: `TaskStub` of one task, `TaskClient` of a package.

A stub has what a send needs, and nothing of the code that runs the task: the contract stands beside it as the text of a
lock, the Python types are its own ``Payload`` and ``Result``. Both are read at the first send, so importing a client is
as cheap as it looks.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta
from functools import cache, cached_property
from importlib import import_module
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NotRequired,
    Protocol,
    Required,
    Self,
    cast,
    get_args,
    get_origin,
)
from uuid import UUID

from typing_extensions import TypeVar

from horsies_core.outcome.errors import ContractMismatchError
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.options import NO_OPTIONS, SendOptions
from horsies_core.producer.sender import Sender
from horsies_core.producer.unset import UNSET

if TYPE_CHECKING:
    from horsies_core.codec.task import TaskCodec
    from horsies_core.config import AppConfig
    from horsies_core.contract.lock import Lock
    from horsies_core.contract.task import TaskContract

PayloadT = TypeVar("PayloadT", bound=Mapping[str, object])
ResultT = TypeVar("ResultT")
CodeT = TypeVar("CodeT", bound=str, default=str)


_NONE: Mapping[str, object] = {}


class ClientApp(Protocol):
    """What a client needs of an app."""

    config: AppConfig

    @property
    def sender(self) -> Sender:
        """What it sends through."""
        ...


class TaskStub(Generic[PayloadT, ResultT, CodeT]):
    """One task, as its generated subclass sends it."""

    _task: ClassVar[str]
    _contracts: ClassVar[str]

    def __init_subclass__(cls, *, task: str | None = None, contracts: str | None = None) -> None:
        """``task`` is the task's name; ``contracts`` the module whose ``LOCK`` holds its contract, relative to this one."""
        super().__init_subclass__()
        if task is not None:
            cls._task = task
        if contracts is not None:
            cls._contracts = contracts

    def __init__(self, app: ClientApp) -> None:
        self._app = app
        self._options = NO_OPTIONS
        self._target = _StubTarget(type(self), app.config.max_payload_bytes)

    def send_many(self, batch: Iterable[PayloadT]) -> list[TaskHandle[ResultT, CodeT]]:
        """Enqueue one task for each payload, all or none, in one go. Raises as ``send`` does."""
        return self._app.sender.send_many(self._target, batch, self._options)

    async def send_many_async(self, batch: Iterable[PayloadT]) -> list[TaskHandle[ResultT, CodeT]]:
        """Like `send_many`, without blocking the event loop."""
        return await self._app.sender.send_many_async(self._target, batch, self._options)

    def with_options(
        self,
        *,
        delay: timedelta | float | None = None,
        good_until: datetime | None = None,
        priority: int | None = None,
        idempotency_key: str | None = None,
        connection: object = None,
    ) -> Self:
        """The same stub, whose sends have these options. Raises `SendOptionError`; see `SendOptions` for each."""
        made = copy(self)
        made._options = SendOptions(
            delay=delay,
            good_until=good_until,
            priority=priority,
            idempotency_key=idempotency_key,
            connection=connection,
        )
        return made

    def handle(self, task_id: UUID | str) -> TaskHandle[ResultT, CodeT]:
        """The handle of a task that was sent before, by its id."""
        return TaskHandle(task_id if isinstance(task_id, UUID) else UUID(task_id), self._target, self._app.sender)

    def _send_given(self, arguments: Mapping[str, object] = _NONE, /, **named: object) -> TaskHandle[ResultT, CodeT]:
        return self._app.sender.send(self._target, _given(arguments, named), self._options)

    async def _send_given_async(
        self, arguments: Mapping[str, object] = _NONE, /, **named: object
    ) -> TaskHandle[ResultT, CodeT]:
        return await self._app.sender.send_async(self._target, _given(arguments, named), self._options)

    def _given(self, arguments: Mapping[str, object] = _NONE, /, **named: object) -> PayloadT:
        return cast("PayloadT", _given(arguments, named))

    if TYPE_CHECKING:  # as values, not methods: a type checker need not bind the stub anew in every method of a client
        _send: Callable[..., TaskHandle[ResultT, CodeT]]
        _send_async: Callable[..., Awaitable[TaskHandle[ResultT, CodeT]]]
        _payload: Callable[..., PayloadT]
    else:
        _send = _send_given
        _send_async = _send_given_async
        _payload = _given

    def __repr__(self) -> str:
        return f"<stub of task {self._task!r}>"


class TaskClient:
    """A package of stubs, one attribute a task; a module of stubs is loaded when one of its tasks is first asked for."""

    _tasks: ClassVar[Mapping[str, str]] = {}
    """Attribute → ``.module:Class``, relative to the package."""

    def __init__(self, app: ClientApp) -> None:
        self._app = app

    if not TYPE_CHECKING:  # so that type checkers know no other attributes than the declared ones

        def __getattr__(self, name: str) -> TaskStub[Any, Any, Any]:
            target = self._tasks.get(name)
            if target is None:
                raise AttributeError(f"{type(self).__qualname__} has no task {name!r}; build the client again?")
            module, _, class_name = target.partition(":")
            package = next(base.__module__ for base in type(self).__mro__ if "_tasks" in vars(base))
            stub = cast("type[TaskStub[Any, Any, Any]]", getattr(import_module(module, package), class_name))
            made = stub(self._app)
            self.__dict__[name] = made
            return made

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._tasks})


class _StubTarget:
    """What a send must know of the task, read from the stub's class at first use."""

    def __init__(self, stub: type[TaskStub[Any, Any, Any]], max_bytes: int) -> None:
        self._stub = stub
        self._max_bytes = max_bytes

    @property
    def name(self) -> str:
        return self._stub._task

    @property
    def queue(self) -> str:
        return self._contract.queue

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def codec(self) -> TaskCodec:
        return self._codec

    @cached_property
    def _fingerprint(self) -> str:
        from horsies_core.contract.fingerprint import fingerprint

        return fingerprint(self._contract)

    @cached_property
    def _codec(self) -> TaskCodec:
        from horsies_core.codec.task import PythonTypes, TaskCodec

        payload, result = _type_arguments(self._stub)
        return TaskCodec(self._contract, PythonTypes(_parameters(payload), result), self._max_bytes)

    @cached_property
    def _contract(self) -> TaskContract:
        entry = _lock_of(self._stub._contracts, sys.modules[self._stub.__module__].__package__).entry(self.name)
        if entry is None:
            raise ContractMismatchError(
                f"the client has no contract of task {self.name!r} in {self._stub._contracts}; build the client again"
            )
        return entry.contract


@cache
def _lock_of(module: str, package: str | None) -> Lock:
    from horsies_core.contract.lock import read_lock

    return read_lock(import_module(module, package).LOCK)


def _type_arguments(stub: type[TaskStub[Any, Any, Any]]) -> tuple[Any, Any]:
    """The payload's TypedDict and the result's type, from the stub's own base."""
    for base in stub.__mro__:
        for generic in vars(base).get("__orig_bases__", ()):
            if get_origin(generic) is TaskStub:
                payload, result, *_ = get_args(generic)
                return payload, result
    raise ContractMismatchError(f"{stub.__qualname__} names no payload; build the client again")


def _parameters(payload: Any) -> dict[str, object]:
    hints = typing.get_type_hints(payload, include_extras=True)
    return {name: _unqualified(annotation) for name, annotation in hints.items()}


def _unqualified(annotation: Any) -> object:
    return get_args(annotation)[0] if get_origin(annotation) in (NotRequired, Required) else annotation


def _given(arguments: Mapping[str, object], named: Mapping[str, object]) -> dict[str, object]:
    """The arguments that were given: by name, for which a type checker infers no dict, or in a dict from older clients."""
    return {name: value for name, value in (named or arguments).items() if value is not UNSET}
