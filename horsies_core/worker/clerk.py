"""The clerk: speaks with the database for the supervisor, one operation at a time.

The supervisor must see deadlines and deaths while the database is slow, restarting or gone, so it never waits for it. While
the clerk is at work, reports gather, and the next errand takes them all: the group commit needs no timer.

What may have to wait (connecting, several round trips, more than a socket takes at once) is done by a thread. A turn, which is
one round trip, is sent at once, and the supervisor's own loop hears the answer: two changes of threads less, each of which
takes a tenth of a millisecond where nothing else runs.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from horsies_core.outcome.errors import StoreError
from horsies_core.store.channels import CANCEL
from horsies_core.store.listening import Listener
from horsies_core.store.operation import Operation, Underway
from horsies_core.store.session import Session
from horsies_core.store.settings import StoreSettings
from horsies_core.worker.inbox import EarChanged, ErrandDone, ErrandFailed, Inbox, Rung


class Clerk:
    """Does operations; what comes of them is put into the inbox, or returned by `advance`."""

    def __init__(self, settings: StoreSettings, inbox: Inbox) -> None:
        self._session = Session(settings, "worker")
        self._inbox = inbox
        self._errands: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="horsies-clerk", daemon=True)
        self._underway: Underway[Any] | None = None
        self.is_idle = True

    def start(self) -> None:
        """Begin to take errands."""
        self._thread.start()

    def do(self, operation: Operation[Any]) -> None:
        """Do an operation. To be called only while idle; a `ErrandDone` or `ErrandFailed` follows in the inbox."""
        assert self.is_idle
        self.is_idle = False
        self._errands.put(lambda: self._session.run(operation))

    def begin(self, operation: Operation[Any]) -> int | ErrandFailed | None:
        """As `do`, an operation that is one exchange. To be called only while idle.

        Returns what to watch: call `advance` whenever that is readable. None: the event comes into the inbox, as of `do`.
        """
        assert self.is_idle
        try:
            underway = self._session.begin(operation)
        except Exception as error:  # noqa: BLE001  # as in the thread
            return ErrandFailed(error)
        if underway is None:
            self.do(operation)
            return None
        self.is_idle = False
        if not underway.is_sent:
            self._errands.put(underway.complete)
            return None
        self._underway = underway
        return underway.fileno

    def advance(self) -> ErrandDone | ErrandFailed | None:
        """What came of the operation that was begun; None while its answer is not complete."""
        underway = self._underway
        assert underway is not None
        try:
            if not underway.advance():
                return None
            event: ErrandDone | ErrandFailed = ErrandDone(underway.complete())
        except Exception as error:  # noqa: BLE001  # as in the thread
            event = ErrandFailed(error)
        self._underway = None
        return event

    def stop(self, timeout_s: float) -> None:
        """End the thread after its present errand and close the connection."""
        self._errands.put(None)
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                event: ErrandDone | ErrandFailed = ErrandDone(errand())
            except Exception as error:  # noqa: BLE001  # a thread's last resort: the supervisor decides
                event = ErrandFailed(error)
            self._inbox.put(event)
        self._session.close()


class Ear:
    """Hears rings. A thread connects, and connects again for ever; what is said is read by the supervisor's own loop."""

    def __init__(self, settings: StoreSettings, channel: str, inbox: Inbox) -> None:
        self._listener = Listener(settings, "ear")
        self._channel = channel
        self._inbox = inbox
        self._stopped = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep_open, name="horsies-ear", daemon=True)

    def start(self) -> None:
        """Begin to listen. `EarChanged` says when there is something to watch, and when connecting failed."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening soon, without waiting for it. It must not be watched any more."""
        self._stopped.set()
        self._lost.set()

    @property
    def fileno(self) -> int:
        """What to watch: call `read` whenever it is readable."""
        return self._listener.fileno

    def read(self) -> list[Rung] | None:
        """What was said. None: the connection is lost; stop watching it, then have another one made (`reconnect`)."""
        try:
            return [Rung(is_cancel=payload == CANCEL) for payload in self._listener.read()]
        except StoreError:
            return None

    def reconnect(self) -> None:
        """Give the lost connection up and make another one, of which `EarChanged` will tell."""
        self._lost.set()

    def _keep_open(self) -> None:
        while not self._stopped.is_set():
            try:
                self._open_once()
            except StoreError:
                self._inbox.put(EarChanged(self, hears=False))
            finally:
                self._listener.close()
            self._stopped.wait(_CALM_S)

    def _open_once(self) -> None:
        """Listen until the connection is lost."""
        self._lost.clear()
        if self._stopped.is_set():  # which was set before `_lost` was
            return
        if self._listener.open(self._channel):
            self._inbox.put(EarChanged(self, hears=True))
            self._lost.wait()
        else:
            self._stopped.wait()


_CALM_S = 0.5
