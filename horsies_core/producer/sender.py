"""`Sender`: prepared rows → the database. One an app; the store behind it is opened at the first use.

A send ends in one of three ways: a handle; an error that says why nothing was stored and that sending the same again is
useless; or an `EnqueueError` that holds the exact rows. Since ids are the producer's, a replay after a lost connection
never makes two tasks of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from horsies_core.config import AppConfig
from horsies_core.outcome.errors import (
    EnqueueError,
    SendDuringDiscoveryError,
    SendOptionError,
    StoreError,
    StoreUnavailableError,
)
from horsies_core.producer.gate import StoreGate
from horsies_core.producer.handle import TaskHandle
from horsies_core.producer.options import SendOptions
from horsies_core.producer.prepare import Attempt, Target, prepare, prepare_all
from horsies_core.store.ids import new_id, new_ids
from horsies_core.store.rows import Enqueued
from horsies_core.task.discovery import is_importing

if TYPE_CHECKING:
    from horsies_core.store.operation import Operation

Handle: TypeAlias = TaskHandle[Any, Any]
Diversion: TypeAlias = Callable[[Attempt], list[Handle]]


class Sender:
    """Sends for one app, whose store stands behind ``gate``."""

    def __init__(self, config: AppConfig, gate: StoreGate) -> None:
        self.config = config
        self.gate = gate
        self._has_rung = False
        """Whether the latest send found a worker asleep: then so will the next one, probably."""
        self.diversion: Diversion | None = None
        """Takes every attempt instead of the database, while tests are run without one (`horsies_core.testing`)."""

    def send(self, target: Target, arguments: Mapping[str, object], options: SendOptions) -> Handle:
        """Store one task."""
        return self._sent(self._one(target, arguments, options), options.connection)[0]

    async def send_async(self, target: Target, arguments: Mapping[str, object], options: SendOptions) -> Handle:
        """Store one task without blocking the event loop."""
        return (await self._sent_async(self._one(target, arguments, options), options.connection))[0]

    def send_many(self, target: Target, batch: Iterable[Mapping[str, object]], options: SendOptions) -> list[Handle]:
        """Store many tasks, all or none."""
        return self._sent(self._many(target, batch, options), options.connection)

    async def send_many_async(
        self, target: Target, batch: Iterable[Mapping[str, object]], options: SendOptions
    ) -> list[Handle]:
        """Store many tasks, all or none, without blocking the event loop."""
        return await self._sent_async(self._many(target, batch, options), options.connection)

    def replay(self, attempt: Attempt) -> list[Handle]:
        """Store the rows of an attempt that failed; those that are there after all stay one task."""
        return self._sent(attempt, None, again=True)

    async def replay_async(self, attempt: Attempt) -> list[Handle]:
        """Like `replay`, without blocking the event loop."""
        return await self._sent_async(attempt, None, again=True)

    def _one(self, target: Target, arguments: Mapping[str, object], options: SendOptions) -> Attempt:
        _refuse_during_discovery(target)
        return Attempt(target, (prepare(new_id(), target, arguments, options),))

    def _many(self, target: Target, batch: Iterable[Mapping[str, object]], options: SendOptions) -> Attempt:
        _refuse_during_discovery(target)
        if options.idempotency_key is not None:
            raise SendOptionError("idempotency_key is for one send; send_many would give all its tasks the same")
        items = tuple(batch)
        return Attempt(target, prepare_all(new_ids(len(items)), target, items, options))

    def _sent(self, attempt: Attempt, connection: object, *, again: bool = False) -> list[Handle]:
        if self.diversion is not None:
            return self.diversion(attempt)
        return self._handles(attempt, self._stored(attempt, connection, again=again))

    async def _sent_async(self, attempt: Attempt, connection: object, *, again: bool = False) -> list[Handle]:
        if self.diversion is not None:
            return self.diversion(attempt)
        return self._handles(attempt, await self._stored_async(attempt, connection, again=again))

    def _stored(self, attempt: Attempt, connection: object, *, again: bool) -> tuple[Enqueued, ...]:
        try:
            store = self.gate.open()
            is_own = connection is None
            operation = self._insertion(attempt, store.bell, is_own=is_own, again=again)
            return self._noted(store.run(operation) if is_own else store.run_on(connection, operation), is_own=is_own)
        except StoreError as error:
            raise _not_enqueued(attempt, error) from error

    async def _stored_async(self, attempt: Attempt, connection: object, *, again: bool) -> tuple[Enqueued, ...]:
        try:
            store = await self.gate.open_async()
            is_own = connection is None
            operation = self._insertion(attempt, store.bell, is_own=is_own, again=again)
            done = await (store.run_async(operation) if is_own else store.run_on_async(connection, operation))
            return self._noted(done, is_own=is_own)
        except StoreError as error:
            raise _not_enqueued(attempt, error) from error

    def _insertion(
        self, attempt: Attempt, bell: str, *, is_own: bool, again: bool
    ) -> Operation[Enqueued | tuple[Enqueued, ...]]:
        """The operation for an attempt's rows."""
        from horsies_core.store import enqueue

        transaction: enqueue.Transaction = "own" if is_own else "callers"
        if again:
            return enqueue.insert_again(attempt.rows, bell)
        if len(attempt.rows) != 1:
            return enqueue.insert_many(attempt.rows, bell, transaction)
        return enqueue.insert(attempt.rows[0], bell, transaction, expects_sleeper=self._has_rung and is_own)

    def _noted(self, done: Enqueued | tuple[Enqueued, ...], *, is_own: bool) -> tuple[Enqueued, ...]:
        if not isinstance(done, Enqueued):
            return done
        if is_own:  # within a transaction of the caller's everybody is rung, asleep or not
            self._has_rung = done.has_rung
        return (done,)

    def _handles(self, attempt: Attempt, enqueued: tuple[Enqueued, ...]) -> list[Handle]:
        return [TaskHandle(item.id, attempt.target, self, is_new=item.is_new) for item in enqueued]


def _not_enqueued(attempt: Attempt, error: StoreError) -> Exception:
    what = f"task {attempt.target.name!r} was not enqueued"
    if len(attempt.rows) != 1:
        what = f"{len(attempt.rows)} tasks {attempt.target.name!r} were not enqueued"
    return EnqueueError(f"{what}: {error}", attempted=attempt, retryable=isinstance(error, StoreUnavailableError))


def _refuse_during_discovery(target: Target) -> None:
    if is_importing():
        raise SendDuringDiscoveryError(
            f"HC120 send-at-import: task {target.name!r} is sent while task modules are being imported; every worker that "
            "starts would send it again: move the send into a function",
            code="HC120",
        )
