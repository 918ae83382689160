"""The clerk: the thread that speaks with the database for the supervisor, one operation at a time.

The supervisor must see deadlines and deaths while the database is slow, restarting or gone, so it never waits for it. While
the clerk is at work, reports gather, and the next errand takes them all: the group commit needs no timer.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, TypeVar

from horsies_core.outcome.errors import StoreError
from horsies_core.store.channels import CANCEL
from horsies_core.store.operation import Operation
from horsies_core.store.session import Session
from horsies_core.store.settings import StoreSettings
from horsies_core.worker.inbox import EarChanged, ErrandDone, ErrandFailed, Inbox, Rung

T = TypeVar("T")


class Clerk:
    """Does operations in a thread of its own and puts what comes of them into the inbox."""

    def __init__(self, settings: StoreSettings, inbox: Inbox) -> None:
        self._session = Session(settings, "worker")
        self._inbox = inbox
        self._errands: queue.SimpleQueue[Operation[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="horsies-clerk", daemon=True)
        self.is_idle = True

    def start(self) -> None:
        """Begin to take errands."""
        self._thread.start()

    def do(self, operation: Operation[Any]) -> None:
        """Do an operation. To be called only while idle; a `ErrandDone` or `ErrandFailed` follows."""
        assert self.is_idle
        self.is_idle = False
        self._errands.put(operation)

    def stop(self, timeout_s: float) -> None:
        """End the thread after its present errand and close the connection."""
        self._errands.put(None)
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (operation := self._errands.get()) is not None:
            try:
                event: ErrandDone | ErrandFailed = ErrandDone(self._session.run(operation))
            except Exception as error:  # noqa: BLE001  # a thread's last resort: the supervisor decides
                event = ErrandFailed(error)
            self._inbox.put(event)
        self._session.close()


class Ear:
    """Listens for rings in a thread of its own, and connects again for ever."""

    def __init__(self, settings: StoreSettings, channel: str, inbox: Inbox) -> None:
        self._session = Session(settings, "ear")
        self._channel = channel
        self._inbox = inbox
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="horsies-ear", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening soon, without waiting for it."""
        self._stopped.set()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                self._hear()
            except StoreError:
                if not self._stopped.is_set():
                    self._inbox.put(EarChanged(hears=False))
            self._stopped.wait(_CALM_S)

    def _hear(self) -> None:
        for payload in self._session.notifications(self._channel, lambda: self._inbox.put(EarChanged(hears=True))):
            if self._stopped.is_set():
                return
            if payload is not None:
                self._inbox.put(Rung(is_cancel=payload == CANCEL))


_CALM_S = 0.5
