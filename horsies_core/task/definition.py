"""`RegisteredTask`: a function that is a task, with its contract and its codec."""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from horsies_core.codec.task import TaskCodec
from horsies_core.config import AppConfig, QueueMode
from horsies_core.contract.draft import OptionsDraft, TaskDraft, contract_from
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.laws import Locus, Violation, violations
from horsies_core.contract.names import DEFAULT_QUEUE
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import TaskContract
from horsies_core.outcome.errors import TaskDefinitionError
from horsies_core.task.live.front import read_types, signature_draft, source_of
from horsies_core.task.live.reader import NotYetDefinedError
from horsies_core.task.live.upcasters import read_upcasters, upcaster_drafts
from horsies_core.task.refuse import refuse, refuse_option
from horsies_core.task.upcast import Upcast

TaskFunction: TypeAlias = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOptions:
    """The keywords of ``@app.task`` as given. The laws judge them; nothing here is trusted."""

    queue_name: str | None = None
    retry_policy: RetryPolicy | None = None
    exception_mapper: Mapping[type[BaseException], str] | None = None
    default_unhandled_error_code: str | None = None
    timeout_ms: int | None = None
    aliases: Sequence[str] | None = None
    upcasters: Sequence[TaskFunction] | None = None
    unknown: Mapping[str, object] = field(default_factory=dict[str, object])

    def draft(self) -> OptionsDraft:
        """The options as the laws look at them."""
        return OptionsDraft(
            queue_name=self.queue_name,
            timeout_ms=self.timeout_ms,
            retry_policy=self.retry_policy,
            exception_mapper=_mapped_codes(self.exception_mapper),
            default_unhandled_error_code=self.default_unhandled_error_code,
            aliases=tuple(self.aliases) if isinstance(self.aliases, list | tuple) else self.aliases,
            upcasters=upcaster_drafts(self.upcasters),
            extra=tuple(self.unknown),
        )


class RegisteredTask:
    """One task. Its contract is read when it is defined if every name in it is known by then, else at first use.

    Raises `TaskDefinitionError` (`TaskOptionError` for an option) for a broken law.
    """

    def __init__(self, name: str, function: TaskFunction, options: TaskOptions, config: AppConfig) -> None:
        self._draft = _lawful_draft(name, function, options)
        _check_queue(name, function, options.queue_name, config)
        self.name = name
        self.function = function
        self.aliases: tuple[str, ...] = tuple(options.aliases or ())
        self._upcasters: tuple[TaskFunction, ...] = tuple(options.upcasters or ())
        self.queue = options.queue_name or DEFAULT_QUEUE
        self.retry_policy = options.retry_policy
        self.timeout_ms = options.timeout_ms
        self.exception_mapper: Mapping[type[BaseException], str] = dict(options.exception_mapper or {})
        self.default_unhandled_error_code = options.default_unhandled_error_code
        self.spec: object = getattr(sys.modules.get(function.__module__), "__spec__", None)
        self._max_bytes = config.max_payload_bytes
        self._stand_ins = config.types
        self._lock = threading.Lock()
        self._finished: _Finished | None = None
        self._try_to_finish()

    @property
    def contract(self) -> TaskContract:
        """The contract. Raises `TaskDefinitionError` if an annotation names what is not defined."""
        return self._finish().contract

    @property
    def codec(self) -> TaskCodec:
        """Payloads and results ⇄ bytes."""
        return self._finish().codec

    @property
    def upcasters(self) -> tuple[Upcast, ...]:
        """What makes payloads of today from those of former signatures, in the order of the contract's."""
        return self._finish().upcasters

    @property
    def fingerprint(self) -> str:
        """The contract's fingerprint."""
        return self._finish().fingerprint

    def __repr__(self) -> str:
        return f"<task {self.name!r}: {self.function.__module__}:{self.function.__qualname__}>"

    def _try_to_finish(self) -> None:
        try:
            self._finished = self._read()
        except NotYetDefinedError:
            self._finished = None

    def _finish(self) -> _Finished:
        finished = self._finished
        return self._finish_now() if finished is None else finished

    def _finish_now(self) -> _Finished:
        with self._lock:
            try:
                finished = self._finished = self._read()
            except NotYetDefinedError as error:
                raise self._undefined(error) from None
        return finished

    def _read(self) -> _Finished:
        live = read_types(self._draft, self.function, self._stand_ins)
        options, upcasters = read_upcasters(live.draft.options, self._upcasters, self._stand_ins)
        draft = replace(live.draft, options=options)
        _raise_first(violations(draft), self.function)
        contract = contract_from(draft)
        return _Finished(
            contract,
            TaskCodec(contract, live.types, self._max_bytes),
            fingerprint(contract),
            tuple(
                Upcast.of(contract.name, signature, each, self._max_bytes)
                for signature, each in zip(contract.upcasters, upcasters, strict=True)
            ),
        )

    def _undefined(self, error: NotYetDefinedError) -> TaskDefinitionError:
        remedy = "define or import it in the task's module; under TYPE_CHECKING alone it is not there at run time"
        message = f"an annotation of task {self.name!r} cannot be read: {error}"
        broken = Violation(code="HC003", name="unresolved-name", message=message, locus=Locus("function"), help=remedy)
        return refuse(broken, self.function)


@dataclass(frozen=True, slots=True)
class _Finished:
    contract: TaskContract
    codec: TaskCodec
    fingerprint: str
    upcasters: tuple[Upcast, ...]


def _lawful_draft(name: object, function: TaskFunction, options: TaskOptions) -> TaskDraft:
    _require_function(name, function)
    draft = signature_draft(name, function, options.draft(), source_of(function))
    _raise_first(violations(draft), function)
    for key in cast("Mapping[object, str]", options.exception_mapper or {}):
        if not (isinstance(key, type) and issubclass(key, BaseException)):
            raise refuse_option(
                "HC307",
                "invalid-exception-mapper",
                f"exception_mapper of task {name!r} has the key {key!r}, which is no exception class",
                'write exception_mapper={TimeoutError: "TIMEOUT"}',
                function,
            )
    return draft


def _require_function(name: object, function: object) -> None:
    if inspect.isfunction(function):
        return
    shown = getattr(function, "__qualname__", None) or repr(function)
    raise TaskDefinitionError(
        f"HC126 task-not-a-function: @app.task({name!r}) decorates {shown}, a {type(function).__qualname__}; a task is a "
        "plain function defined with def at the top of a module",
        code="HC126",
    )


def _raise_first(broken: Iterator[Violation], function: TaskFunction) -> None:
    first = next(broken, None)
    if first is not None:
        raise refuse(first, function)


def _check_queue(name: str, function: TaskFunction, queue_name: str | None, config: AppConfig) -> None:
    if config.queue_mode is QueueMode.DEFAULT:
        if queue_name is not None and queue_name != DEFAULT_QUEUE:
            message = f"task {name!r} names the queue {queue_name!r}, but the app has one queue (DEFAULT mode)"
            remedy = "remove queue_name, or declare queues with AppConfig(queue_mode=QueueMode.CUSTOM, queues=[...])"
            raise refuse_option("HC402", "queue-in-default-mode", message, remedy, function)
        return
    wanted = queue_name or DEFAULT_QUEUE
    if wanted not in config.queue_names:
        given = f"names the queue {wanted!r}" if queue_name else f"names no queue, and would go to {wanted!r}"
        message = f"task {name!r} {given}, which the app does not declare"
        remedy = f"use one of {', '.join(config.queue_names)}, or declare QueueConfig(name={wanted!r})"
        raise refuse_option("HC401", "unknown-queue", message, remedy, function)


def _mapped_codes(mapper: object) -> object:
    if isinstance(mapper, Mapping):
        return tuple(cast("Mapping[object, object]", mapper).values())
    return mapper
