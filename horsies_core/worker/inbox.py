"""What other threads and signals tell the supervisor: a closed list of events, and one door for them."""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class SignalCame:
    """The process got a signal that asks it to stop."""

    number: int


@dataclass(frozen=True, slots=True)
class Rung:
    """There may be work; or, with ``is_cancel``, something to stop."""

    is_cancel: bool = False


@dataclass(frozen=True, slots=True)
class EarChanged:
    """Notifications can be heard from an ear from now on, or could not for another time."""

    ear: object
    hears: bool


@dataclass(frozen=True, slots=True)
class ErrandDone:
    """The clerk has done its errand; ``result`` is the operation's."""

    result: Any


@dataclass(frozen=True, slots=True)
class ErrandFailed:
    """The clerk could not do its errand, or does not know: the connection may have been lost after the commit."""

    error: Exception


Event: TypeAlias = SignalCame | Rung | EarChanged | ErrandDone | ErrandFailed


class Inbox:
    """A queue of events with a socket that is readable while it is not empty."""

    def __init__(self) -> None:
        self.awake, self._wake = socket.socketpair()
        self.awake.setblocking(False)
        self._wake.setblocking(False)
        self._events: deque[Event] = deque()

    def put(self, event: Event) -> None:
        """From any thread, and from a signal handler."""
        self._events.append(event)
        with contextlib.suppress(BlockingIOError):  # full of wakes already
            self._wake.send(b"\0")

    def take_all(self) -> list[Event]:
        """Everything that came, oldest first."""
        with contextlib.suppress(BlockingIOError):
            self.awake.recv(4096)
        events: list[Event] = []
        while self._events:
            events.append(self._events.popleft())
        return events

    def close(self) -> None:
        """Close the sockets."""
        self.awake.close()
        self._wake.close()
