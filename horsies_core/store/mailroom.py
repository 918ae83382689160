"""Hearing of the end of tasks: one listening connection for a process, or for an event loop, and many who wait.

A notification is a hint, never the news itself: whoever is woken reads the outcome, and reads it from time to time anyway.
So a lost connection costs time, not correctness, and the mailroom just connects again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import psycopg

from horsies_core.store.channels import new_reply_channel
from horsies_core.store.listening import listen, listen_async
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import brief

_log = logging.getLogger("horsies.store")

_CALM_S = 0.5
"""How long to wait before connecting again."""


class _Outage:
    """Says that there is no connection to listen on: once for each time that it is lost, not for each attempt at another."""

    def __init__(self) -> None:
        self.is_known = False

    def note(self, error: Exception) -> None:
        if not self.is_known:
            self.is_known = True
            _log.warning("no connection to hear of results on; looking for them until there is one: %s", brief(error))


class ThreadMailroom:
    """Wakes threads. The listening thread is a daemon, started by the first one who waits."""

    def __init__(self, settings: StoreSettings) -> None:
        self.channel = new_reply_channel(settings.schema)
        self._settings = settings
        self._waiting: defaultdict[str, list[threading.Event]] = defaultdict(list)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._listening = threading.Event()
        self._closed = threading.Event()
        self._outage = _Outage()
        self.hears = True
        """False once it was found that notifications do not come through."""

    @contextmanager
    def subscribed(self, task_id: UUID, patience_s: float) -> Generator[threading.Event]:
        """An event that is set whenever a notification about the task comes, and when notifications begin to be heard.

        Waits at most ``patience_s`` for that; the connection may take longer, or not come at all.
        """
        event = threading.Event()
        key = str(task_id)
        with self._lock:
            self._waiting[key].append(event)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen_for_ever, name="horsies-mailroom", daemon=True)
                self._thread.start()
        self._listening.wait(patience_s)
        try:
            yield event
        finally:
            with self._lock:
                self._waiting[key].remove(event)
                if not self._waiting[key]:
                    del self._waiting[key]

    def close(self) -> None:
        """Stop listening, soon: only the listening thread touches its connection."""
        self._closed.set()

    def _listen_for_ever(self) -> None:
        while not self._closed.is_set() and self.hears:
            try:
                self._listen()
            except (psycopg.Error, OSError) as error:
                if self._closed.is_set():  # it is closed soon, not at once: by then the server may have gone too
                    break
                self._outage.note(error)
                self._closed.wait(_CALM_S)
            finally:
                self._listening.clear()
        self._listening.set()

    def _listen(self) -> None:
        with psycopg.Connection.connect(**self._settings.listen_arguments("results")) as connection:
            self.hears = listen(connection, self._settings, self.channel)
            if not self.hears:
                return
            self._listening.set()
            self._outage.is_known = False
            self._wake_all()
            while not self._closed.is_set():
                for notification in connection.notifies(timeout=_CALM_S):
                    self._wake(notification.payload)

    def _wake(self, key: str) -> None:
        with self._lock:
            for event in self._waiting.get(key, ()):
                event.set()

    def _wake_all(self) -> None:
        with self._lock:
            for events in self._waiting.values():
                for event in events:
                    event.set()


class LoopMailroom:
    """Wakes the tasks of one event loop."""

    def __init__(self, settings: StoreSettings) -> None:
        self.channel = new_reply_channel(settings.schema)
        self._settings = settings
        self._waiting: defaultdict[str, list[asyncio.Event]] = defaultdict(list)
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()
        self._outage = _Outage()
        self.hears = True
        """As in `ThreadMailroom`."""

    @asynccontextmanager
    async def subscribed(self, task_id: UUID, patience_s: float) -> AsyncGenerator[asyncio.Event]:
        """As `ThreadMailroom.subscribed`."""
        event = asyncio.Event()
        key = str(task_id)
        self._waiting[key].append(event)
        if self._task is None:
            self._task = asyncio.create_task(self._listen_for_ever(), name="horsies-mailroom")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listening.wait(), patience_s)
        try:
            yield event
        finally:
            self._waiting[key].remove(event)
            if not self._waiting[key]:
                del self._waiting[key]

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen_for_ever(self) -> None:
        while self.hears:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                self._outage.note(error)
                await asyncio.sleep(_CALM_S)
            finally:
                self._listening.clear()
        self._listening.set()

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**self._settings.listen_arguments("results")) as connection:
            self.hears = await listen_async(connection, self._settings, self.channel)
            if not self.hears:
                return
            self._listening.set()
            self._outage.is_known = False
            for events in self._waiting.values():
                for event in events:
                    event.set()
            async for notification in connection.notifies():
                for event in self._waiting.get(notification.payload, ()):
                    event.set()
