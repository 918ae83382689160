"""`Store`: the door to the tables for producers, sync and async."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import weakref
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from typing import Any, TypeVar
from uuid import UUID

from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.store.borrowed import borrow, borrow_async
from horsies_core.store.channels import bell_prefix
from horsies_core.store.mailroom import LoopMailroom, ThreadMailroom
from horsies_core.store.operation import Operation, run, run_async
from horsies_core.store.outcomes import Pause, Subscribe, Waiting, wait_for_outcome
from horsies_core.store.pool import LoopPool, ThreadPool
from horsies_core.store.rows import StoredOutcome
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import translated

T = TypeVar("T")


class Store:
    """Runs operations over connections of its own. Threads may share it; each event loop gets its own connections.

    Nothing is opened before the first use, and a forked child uses none of its parent's connections.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self.settings = settings
        self.bell = bell_prefix(settings.schema)
        """The prefix of the workers' channels, as the operations of ``store.enqueue`` take it."""
        self._pool = ThreadPool(settings)
        self._mailroom = ThreadMailroom(settings)
        self._sides: dict[asyncio.AbstractEventLoop, _LoopSide] = {}
        own: weakref.ref[Store] = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _start_afresh(own))

    def run(self, operation: Operation[T]) -> T:
        """Do an operation. Raises the store's errors (`horsies_core.outcome.errors`)."""
        pool = self._pool
        connection = pool.take()
        try:
            return run(connection, self.settings.schema, operation)
        finally:
            pool.give_back(connection)

    async def run_async(self, operation: Operation[T]) -> T:
        """Do an operation without blocking the event loop; as `run`."""
        with translated(self.settings.schema):
            async with self._side().pool.connection() as connection:
                return await run_async(connection, self.settings.schema, operation)

    def run_on(self, connection: object, operation: Operation[T]) -> T:
        """Do an operation on the caller's own connection and within its transaction. Raises as `borrow` and `run` do."""
        with translated(self.settings.schema):
            return run(borrow(connection), self.settings.schema, operation)

    async def run_on_async(self, connection: object, operation: Operation[T]) -> T:
        """As `run_on`, without blocking the event loop."""
        with translated(self.settings.schema):
            return await run_async(await borrow_async(connection), self.settings.schema, operation)

    def wait(self, task_id: UUID, timeout_s: float | None) -> StoredOutcome | None:
        """Wait for the end of a task. None: no such task. An outcome that is not terminal: the time is over.

        An outage is waited out. Raises `StoreUnavailableError` if nothing could be asked when the time was over.
        """
        left_s = _countdown(timeout_s)
        waiting = wait_for_outcome(task_id, self._reply_channel(self._mailroom), timeout_s, time.monotonic)
        with ExitStack() as stack:
            event = threading.Event()
            answer: Any = None
            while True:
                try:
                    step = _resumed(waiting, answer)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]  # a generator's return value is untyped there
                match step:
                    case Subscribe(seconds=seconds):
                        event = stack.enter_context(self._mailroom.subscribed(task_id, seconds))
                    case Pause(seconds=seconds):
                        answer = event.wait(seconds)
                        event.clear()
                    case _:
                        try:
                            answer = self._run_within(left_s(), step)
                        except StoreUnavailableError as error:
                            answer = error

    async def wait_async(self, task_id: UUID, timeout_s: float | None) -> StoredOutcome | None:
        """As `wait`, without blocking the event loop."""
        side = self._side()
        left_s = _countdown(timeout_s)
        waiting = wait_for_outcome(task_id, self._reply_channel(side.mailroom), timeout_s, time.monotonic)
        async with AsyncExitStack() as stack:
            event = asyncio.Event()
            answer: Any = None
            while True:
                try:
                    step = _resumed(waiting, answer)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]  # as in `wait`
                match step:
                    case Subscribe(seconds=seconds):
                        event = await stack.enter_async_context(side.mailroom.subscribed(task_id, seconds))
                    case Pause(seconds=seconds):
                        answer = await _wait_for(event, seconds)
                        event.clear()
                    case _:
                        try:
                            answer = await _within(left_s(), self.run_async(step))
                        except StoreUnavailableError as error:
                            answer = error

    def _run_within(self, limit_s: float | None, operation: Operation[T]) -> T:
        """As `run`, for at most so long: a server that is frozen, or waits for a lock, is an outage too."""
        pool = self._pool
        connection = pool.take(limit_s)
        try:
            with connection.exchange.limited(limit_s):
                return run(connection, self.settings.schema, operation)
        finally:
            pool.give_back(connection)

    def close(self) -> None:
        """Close the blocking side: idle connections and the listening one. The store can be used again."""
        self._mailroom.close()
        self._pool.close()
        self._leave_closed_loops()
        self._mailroom = ThreadMailroom(self.settings)

    async def close_async(self) -> None:
        """Close what belongs to the running event loop."""
        side = self._sides.pop(asyncio.get_running_loop(), None)
        if side is not None:
            await side.mailroom.close()
            await side.pool.close()

    def _reply_channel(self, mailroom: ThreadMailroom | LoopMailroom) -> str | None:
        return mailroom.channel if self.settings.listen and mailroom.hears else None

    def _side(self) -> _LoopSide:
        loop = asyncio.get_running_loop()
        side = self._sides.get(loop)
        if side is None:
            self._leave_closed_loops()
            side = self._sides[loop] = _LoopSide(self.settings)
        return side

    def _leave_closed_loops(self) -> None:
        """Close what was left open for loops that have ended: each ``asyncio.run`` has one of its own."""
        for loop in [loop for loop in tuple(self._sides) if loop.is_closed()]:
            side = self._sides.pop(loop, None)
            if side is not None:
                side.pool.abandon()

    def _start_afresh(self) -> None:
        self._pool = ThreadPool(self.settings)
        self._mailroom = ThreadMailroom(self.settings)
        self._sides = {}


class _LoopSide:
    """What one event loop has of its own."""

    def __init__(self, settings: StoreSettings) -> None:
        self.pool = LoopPool(settings)
        self.mailroom = LoopMailroom(settings)


_left_to_parents: list[object] = []
"""What a forked child inherited: kept, because closing it would say good-bye on a connection that its parent uses."""


def _start_afresh(reference: weakref.ref[Store]) -> None:
    store = reference()
    if store is not None:
        _left_to_parents.append((store._pool, store._mailroom, store._sides))
        store._start_afresh()


_LEAST_LOOK_S, _LONGEST_LOOK_S = 1.0, 60.0
"""How long a look may take: at least so long however soon the wait is over, and never longer before it is begun anew."""


def _countdown(timeout_s: float | None) -> Callable[[], float | None]:
    """How long a look may still take: as long as the wait."""
    if timeout_s is None:
        return lambda: None
    deadline = time.monotonic() + timeout_s
    return lambda: min(max(_LEAST_LOOK_S, deadline - time.monotonic()), _LONGEST_LOOK_S)


def _resumed(waiting: Waiting, answer: object) -> Operation[Any] | Subscribe | Pause:
    """The next step of a wait, after the answer to the one before, which may be an outage."""
    return waiting.throw(answer) if isinstance(answer, StoreUnavailableError) else waiting.send(answer)


async def _within(limit_s: float | None, work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work; `StoreUnavailableError` if that takes longer. Nobody waits for it to be given up, either."""
    if limit_s is None:
        return await work
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=limit_s)
        if task.done():
            return task.result()
        raise StoreUnavailableError(f"the database did not answer within {limit_s:g} seconds")
    finally:
        if not task.done():
            task.cancel()
            task.add_done_callback(_take_notice)


def _take_notice(task: asyncio.Future[Any]) -> None:
    """Nobody asks for it any more; asyncio would complain about an error that nobody has asked for."""
    if not task.cancelled():
        task.exception()


async def _wait_for(event: asyncio.Event, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
