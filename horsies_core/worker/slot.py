"""`Slot`: one child, one pair of pipes, one deadline.

The tasks that were sent to the child stand in `line`, the one it works on in front. The clock of an attempt starts when it
gets to the front, which is when it is really handed to the child. Behind a task that takes long, the others are taken
back from the pipe (see `frames`), so that nobody waits behind it.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from horsies_core.policy.claim import Claimed
from horsies_core.policy.report import Cancelled, ChildDied, Interrupted, Report, TimedOut
from horsies_core.policy.terms import Terms
from horsies_core.worker.frames import (
    Done,
    FrameError,
    Late,
    Order,
    Ready,
    ReplyReader,
    Unread,
    send_order,
    send_quit,
    take_order,
)
from horsies_core.worker.marks import Marks
from horsies_core.worker.reading import OWN
from horsies_core.worker.template import Template

_READ_BYTES = 256 * 1024


class Phase(Enum):
    """Where the child of a slot stands."""

    STARTING = "starting"
    SERVING = "serving"
    RETIRING = "retiring"
    """It gets nothing new and is asked to quit when its line is empty."""
    DYING = "dying"
    """Killed, or told to quit; its end has not been reported yet."""
    EMPTY = "empty"
    """There is no child."""


@dataclass(slots=True, eq=False)
class Held:
    """A claimed task in this worker. ``number`` is its order's; times are on the monotonic clock, None for none."""

    claimed: Claimed
    terms: Terms
    number: int
    start_before: float | None
    since: float
    """When it came; once it is in front of a line, when it got there."""
    is_marked: bool
    """Whether its start is durably recorded."""
    reading: int = OWN
    """How the payload is to be read: certain once there is a verdict on its contract."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What a dead child leaves: the task it worked on with what happened to it, and the ones it never began."""

    front: tuple[Held, Report] | None
    untouched: tuple[Held, ...]


class Slot:
    """The supervisor's view of one child."""

    def __init__(self, index: int, marks: Marks) -> None:
        self.index = index
        self.phase = Phase.EMPTY
        self.line: deque[Held] = deque()
        self.served = 0
        """Orders done by the present child."""
        self.pid = 0
        self.why: Report | None = None
        """The report that a kill was for."""
        self._marks = marks

    def start(self, template: Template) -> None:
        """Have a child forked."""
        self._orders, self._unread = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.replies, theirs = socket.socketpair()
        self._reader = ReplyReader()
        try:
            template.spawn(self.index, self._unread, theirs)
        finally:
            theirs.close()
        for end in (self._orders, self.replies):
            end.setblocking(False)
        self.phase, self.served, self.pid, self.why = Phase.STARTING, 0, 0, None

    @property
    def is_idle(self) -> bool:
        """Whether a child waits for an order."""
        return self.phase is Phase.SERVING and not self.line

    @property
    def front(self) -> Held | None:
        """The task that the child works on."""
        return self.line[0] if self.line else None

    @property
    def deadline(self) -> float | None:
        """When the task in front must be over."""
        if not self.line or self.phase not in (Phase.SERVING, Phase.RETIRING):
            return None
        timeout_ms = self.line[0].terms.timeout_ms
        return None if timeout_ms is None else self.line[0].since + timeout_ms / 1000

    def give(self, held: Held, now: float) -> bool:
        """Send a task to the child. False if its pipe is full. A child that is gone is noticed elsewhere."""
        order = Order(
            held.number,
            held.claimed.id,
            held.claimed.name,
            held.claimed.attempt + 1,
            held.claimed.payload,
            held.start_before or 0.0,
            held.reading,
        )
        try:
            if not send_order(self._orders, order):
                return False
        except ConnectionError:
            return False
        if not self.line:
            held.since = now
        self.line.append(held)
        return True

    def take_back(self) -> list[Held]:
        """Whatever the child has not read yet, oldest first; not its any more."""
        numbers: set[int] = set()
        while self.phase is not Phase.EMPTY:
            try:
                order = take_order(self._unread)
            except (BlockingIOError, ConnectionError):
                break
            if isinstance(order, Order):
                numbers.add(order.number)
        taken = [held for held in self.line if held.number in numbers]
        self.line = deque(held for held in self.line if held.number not in numbers)
        return taken

    def read(self, now: float) -> Iterator[tuple[Held, Done | Late | Unread]]:
        """The orders that are done. Raises `FrameError` if somebody else wrote into the pipe."""
        if self.phase is Phase.EMPTY:  # its end was read in the same round of the loop, before its pipe's
            return
        try:
            data = self.replies.recv(_READ_BYTES)
        except (BlockingIOError, ConnectionError):
            return
        for reply in self._reader.feed(data):
            if isinstance(reply, Ready):
                self.pid = reply.pid
                if self.phase is Phase.STARTING:
                    self.phase = Phase.SERVING
                continue
            yield self._over(reply, now), reply

    def retire(self) -> None:
        """Let the child end after what it has."""
        if self.phase is Phase.SERVING:
            self.phase = Phase.RETIRING
        self.quit_if_empty()

    def quit_if_empty(self) -> None:
        """Tell a retiring child with nothing left to end."""
        if self.phase is Phase.RETIRING and not self.line:
            self.phase = Phase.DYING
            try:
                send_quit(self._orders)
            except OSError:  # it is gone already
                return

    def kill(self, template: Template, why: Report | None = None) -> None:
        """Kill the child; ``why`` becomes the report on the task in front. Its end is reported by the template."""
        if self.phase in (Phase.EMPTY, Phase.DYING):
            return
        self.phase, self.why = Phase.DYING, why
        template.kill(self.index)

    def bury(self, how: str) -> Remains:
        """Close the pipes of a dead child, whose replies have all been read, and say what it leaves."""
        for end in (self._orders, self._unread, self.replies):
            end.close()
        self.phase = Phase.EMPTY
        line, self.line = tuple(self.line), deque()
        if not line:
            return Remains(None, ())
        started = self._marks.last_begun(self.index) == line[0].number
        return Remains((line[0], _report(self.why, started=started, how=how)), line[1:])

    def _over(self, reply: Done | Late | Unread, now: float) -> Held:
        if not self.line or self.line[0].number != reply.number:
            raise FrameError(f"a reply to order {reply.number}, which is not the one in front")
        held = self.line.popleft()
        self.served += 1
        if self.line:
            self.line[0].since = now
        return held


def _report(why: Report | None, *, started: bool, how: str) -> Report:
    """What happened to the task in front: what the kill was for, if user code had begun when it came."""
    match why:
        case TimedOut(timeout_ms=timeout_ms):
            return TimedOut(started, timeout_ms)
        case Cancelled() | Interrupted():
            return why
        case _:
            return ChildDied(started, how)
