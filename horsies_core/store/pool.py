"""Connections kept for reuse, the latest first: for threads, and for the tasks of one event loop.

Own ones rather than psycopg_pool's: those start background threads at the first use and check a connection with a round
trip. Here a connection is made when it is needed, and one that the server has closed is seen from its socket, which
becomes readable, without asking.
"""

from __future__ import annotations

import asyncio
import queue
import select
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import psycopg

from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.store.connection import StoreConnection
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import translated

_WARM_S = 0.002
"""So shortly after its last use a connection is not looked at: who sends one task after another would pay for each look."""


class ThreadPool:
    """Blocking connections, at most ``pool_size`` in use at one time."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._idle: list[tuple[StoreConnection, float]] = []
        """With the moment at which each was given back."""
        self._places: queue.SimpleQueue[None] = queue.SimpleQueue()
        """One item for each connection that may be made or is idle: a semaphore costs ten times as much, and every send pays."""
        for _ in range(settings.pool_size):
            self._places.put(None)

    def take(self, limit_s: float | None = None) -> StoreConnection:
        """A connection, to be given back. Raises `StoreUnavailableError` if none becomes free in time, or none can be made.

        ``limit_s``: for whoever has less time than ``connect_timeout_s``.
        """
        settings = self._settings
        if limit_s is not None and limit_s < settings.connect_timeout_s:
            settings = replace(settings, connect_timeout_s=limit_s)
        try:
            self._places.get(timeout=settings.connect_timeout_s)
        except queue.Empty:
            raise StoreUnavailableError(_all_in_use(settings)) from None
        try:
            return self._taken(settings)
        except BaseException:
            self._places.put(None)
            raise

    def give_back(self, connection: StoreConnection) -> None:
        """The connection is not used any more."""
        try:
            if connection.is_reusable:
                self._idle.append((connection, monotonic()))
            else:
                connection.close()
        finally:
            self._places.put(None)

    def close(self) -> None:
        """Close the idle connections; one in use is closed when it comes back broken or with the process."""
        while self._idle:
            self._idle.pop()[0].close()

    def _taken(self, settings: StoreSettings) -> StoreConnection:
        while self._idle:
            try:
                connection, since = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if monotonic() - since < _WARM_S or connection.is_fresh:
                return connection
            connection.close()
        with translated(settings.schema):
            return StoreConnection.connect(**settings.connect_arguments("producer"))


class LoopPool:
    """Async connections of one event loop, at most ``pool_size`` in use at one time."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._idle: list[psycopg.AsyncConnection[Any]] = []
        self._places = asyncio.BoundedSemaphore(settings.pool_size)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[psycopg.AsyncConnection[Any]]:
        """A connection for the block. Raises `StoreUnavailableError` if none becomes free in time."""
        try:
            await asyncio.wait_for(self._places.acquire(), self._settings.connect_timeout_s)
        except TimeoutError:
            raise StoreUnavailableError(_all_in_use(self._settings)) from None
        try:
            connection = await self._take()
            try:
                yield connection
            finally:
                await self._give_back(connection)
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            await self._idle.pop().close()

    def abandon(self) -> None:
        """Close the idle connections of a loop that has ended and can close nothing itself any more."""
        while self._idle:
            self._idle.pop().pgconn.finish()

    async def _take(self) -> psycopg.AsyncConnection[Any]:
        while self._idle:
            connection = self._idle.pop()
            if is_fresh(connection):
                return connection
            await connection.close()
        return await psycopg.AsyncConnection.connect(**self._settings.connect_arguments("producer"))

    async def _give_back(self, connection: psycopg.AsyncConnection[Any]) -> None:
        if is_reusable(connection):
            self._idle.append(connection)
        else:
            await connection.close()


def is_fresh(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether an idle connection is still good: the server has said nothing since, not even good-bye."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def is_reusable(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether a connection came back with nothing left open on it."""
    return not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def _all_in_use(settings: StoreSettings) -> str:
    return (
        f"all {settings.pool_size} connections were in use for {settings.connect_timeout_s:g} seconds; "
        "raise PostgresConfig.pool_size"
    )
