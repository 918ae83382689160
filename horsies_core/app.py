"""`Horsies`: the one place that wires things together.

Making an app touches nothing outside the process: no connection, no file, no task module. The database is opened at the
first send or look at a result, in this order: the config's broker; else the URL in ``HORSIES_DATABASE_URL``; else an embedded
Postgres, which brings its own schema up to date because nobody else will.
"""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Never, ParamSpec, Protocol, Self

from typing_extensions import TypeVar

from horsies_core.config import DATABASE_URL_VARIABLE, AppConfig, PostgresConfig
from horsies_core.outcome.errors import (
    ConfigError,
    EnqueueError,
    StoreUnavailableError,
    TaskDefinitionError,
)
from horsies_core.outcome.result import TaskError, TaskResult
from horsies_core.producer.gate import StoreGate
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.sender import Sender
from horsies_core.producer.task import Task
from horsies_core.task.discovery import Discovery
from horsies_core.task.registry import Registry

if TYPE_CHECKING:
    from horsies_core.contract.retry import RetryPolicy
    from horsies_core.producer.prepare import Attempt
    from horsies_core.store.embedded import Lease
    from horsies_core.store.settings import StoreSettings
    from horsies_core.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")
CodeT = TypeVar("CodeT", bound=str, default=str)
HookT = TypeVar("HookT", bound="Callable[[], object]")


class TaskDecorator(Protocol):
    """What ``app.task(...)`` gives: it makes a function a task, and type checkers keep its keywords and its result."""

    def __call__(self, function: Callable[P, TaskResult[T, TaskError[CodeT]]], /) -> Task[P, T, CodeT]:
        """Make the function a task."""
        ...


class Horsies:
    """An app: settings, tasks, and a way to the queue. Threads may share it, and it survives a fork.

    Raises `ConfigError` for a config that is none.
    """

    def __init__(self, config: AppConfig | None = None) -> None:
        if config is not None and not isinstance(config, AppConfig):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigError(f"Horsies takes an AppConfig, not {config!r}")
        self.config = AppConfig() if config is None else config
        self.registry = Registry()
        self._discovery = Discovery()
        self._child_start_hooks: list[Callable[[], object]] = []
        self._gate = StoreGate(self._open_store)
        self._sender = Sender(self.config, self._gate)
        self._lease: Lease | None = None
        self._other_broker: PostgresConfig | None = None
        self._lock = threading.Lock()

    def task(
        self,
        task_name: str,
        *,
        queue_name: str | None = None,
        retry_policy: RetryPolicy | None = None,
        exception_mapper: Mapping[type[BaseException], str] | None = None,
        default_unhandled_error_code: str | None = None,
        timeout_ms: int | None = None,
        aliases: Sequence[str] | None = None,
        upcasters: Sequence[Callable[..., Mapping[str, object]]] | None = None,
        **unknown: Never,
    ) -> TaskDecorator:
        """Make a function a task of this app.

        ``aliases`` are former names, under which payloads may still be waiting. ``upcasters`` have a former signature each, and
        return the payload of today for one of then. A broken law raises `TaskDefinitionError`
        (a TypeError), `TaskOptionError` for an option, `DuplicateTaskError` for a name that is taken.
        """
        from horsies_core.task.definition import RegisteredTask, TaskOptions

        if callable(task_name):
            raise TaskDefinitionError(
                f"HC111 task-without-call: @app.task stands on {getattr(task_name, '__qualname__', task_name)} without a "
                'call; a task has a name: @app.task("send_email")',
                code="HC111",
            )
        options = TaskOptions(
            queue_name=queue_name,
            retry_policy=retry_policy,
            exception_mapper=exception_mapper,
            default_unhandled_error_code=default_unhandled_error_code,
            timeout_ms=timeout_ms,
            aliases=aliases,
            upcasters=upcasters,
            unknown=unknown,
        )

        def decorate(function: Callable[P, TaskResult[T, TaskError[CodeT]]], /) -> Task[P, T, CodeT]:
            registered = RegisteredTask(task_name, function, options, self.config)
            self.registry.add(registered)
            return Task(function, registered, self._sender)

        return decorate

    def discover_tasks(self, modules: Iterable[str]) -> None:
        """Say which modules hold tasks: dotted names, or paths that end in ``.py``. Calls add up.

        A worker imports exactly these, and nothing below them; here nothing is imported yet, so that a producer does not
        pay for them.
        """
        self._discovery.add(modules)

    @property
    def discovered(self) -> tuple[str, ...]:
        """The entries given to `discover_tasks` so far."""
        return self._discovery.entries

    def on_child_start(self, hook: HookT) -> HookT:
        """Call ``hook``, a function without arguments, once in each child process of a worker, before its first task.

        For what does not survive a fork, or must not be shared: connections, clients, random seeds. Usable as a decorator;
        several are called in the order in which they were given. A child whose hook raises ends, takes no task, and is
        replaced after a growing pause. Raises `ConfigError` for what cannot be called so.
        """
        given: object = hook
        if not callable(given) or inspect.iscoroutinefunction(given):
            raise ConfigError(f"on_child_start takes a plain function without arguments, not {hook!r}")
        self._child_start_hooks.append(hook)
        return hook

    @property
    def child_start_hooks(self) -> tuple[Callable[[], object], ...]:
        """The hooks given to `on_child_start`, in their order."""
        return tuple(self._child_start_hooks)

    def import_discovered(self) -> None:
        """Import the discovered modules, as a worker does. Raises `DiscoveryError`; a broken task raises its own error."""
        self._discovery.import_all()
        self.registry.read_all()

    def replay(self, error: EnqueueError) -> list[TaskHandle[Any, Any]]:
        """Send again what the database did not take: the same ids and payloads, so nothing is ever stored twice.

        Raises ValueError for an error that was pickled: what was attempted is only known in the process that did.
        """
        return self._sender.replay(_attempted(error))

    async def replay_async(self, error: EnqueueError) -> list[TaskHandle[Any, Any]]:
        """Like `replay`, without blocking the event loop."""
        return await self._sender.replay_async(_attempted(error))

    @property
    def sender(self) -> Sender:
        """What generated clients send through."""
        return self._sender

    def open_store(self) -> Store:
        """The app's store, opened now if it is not yet."""
        return self._gate.open()

    def store_settings(self) -> StoreSettings:
        """Where the queue lives. Without a broker and a URL, the embedded server is started and kept until `close`.

        Raises `StoreUnavailableError` if that server cannot be had, `ConfigError` for a wrong URL in the environment.
        """
        from horsies_core.store.settings import StoreSettings

        broker = self.broker
        if broker is None:
            return StoreSettings(conninfo=self._embedded_url())
        return StoreSettings(
            conninfo=broker.conninfo,
            schema=broker.schema,
            pool_size=broker.pool_size,
            connect_timeout_s=broker.connect_timeout_s,
            listen=broker.listen,
            listen_conninfo=broker.listen_conninfo,
            prepare=broker.prepare,
        )

    @property
    def broker(self) -> PostgresConfig | None:
        """The broker of `use_broker`, else of the config, else of the environment; None for the embedded server."""
        if self._other_broker is not None:
            return self._other_broker
        if self.config.broker is not None:
            return self.config.broker
        url = os.environ.get(DATABASE_URL_VARIABLE)
        return PostgresConfig(database_url=url) if url else None

    def use_broker(self, broker: PostgresConfig | None) -> None:
        """Use another database than the config's from now on (None: the config's again); for tests and tools.

        Open connections are closed, so nobody should be sending meanwhile.
        """
        self.close()
        self._other_broker = broker

    def close(self) -> None:
        """Close connections, and let the embedded server go. A later send opens them again."""
        self._gate.close()
        self._release()

    async def close_async(self) -> None:
        """Like `close`, with the connections of the running event loop."""
        await self._gate.close_async()
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close_async()

    def __repr__(self) -> str:
        return f"<Horsies app of {len(self.registry)} tasks>"

    def _open_store(self) -> Store:
        from horsies_core.store.migrate import migrate
        from horsies_core.store.store import Store

        settings = self.store_settings()
        if self.broker is None:
            migrate(settings)
        return Store(settings)

    def _embedded_url(self) -> str:
        from horsies_core.store.embedded import EmbeddedPostgres, EmbeddedPostgresError

        with self._lock:
            if self._lease is None:
                try:
                    self._lease = EmbeddedPostgres().acquire()
                except EmbeddedPostgresError as error:
                    raise StoreUnavailableError(str(error)) from error
            return self._lease.url

    def _release(self) -> None:
        with self._lock:
            lease, self._lease = self._lease, None
        if lease is not None:
            lease.release()


def _attempted(error: EnqueueError) -> Attempt:
    attempted: Attempt | None = error.attempted
    if attempted is None:
        raise ValueError(
            "this EnqueueError came from another process, where its rows were left: replay it there, or send the task again"
        )
    return attempted
