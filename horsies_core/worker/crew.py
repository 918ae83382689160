"""The crew: all slots of a worker. Starts children, hands them tasks, holds them to their deadlines, replaces them."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from pathlib import Path

from horsies_core.policy.report import Cancelled, Interrupted, TimedOut
from horsies_core.worker.frames import Done, FrameError, Late, Unread
from horsies_core.worker.log import task_fields
from horsies_core.worker.marks import Marks
from horsies_core.worker.pace import Pace
from horsies_core.worker.slot import Held, Phase, Remains, Slot
from horsies_core.worker.template import Exited, Template

_log = logging.getLogger("horsies.worker")

STALL_S = 0.02
"""Behind a task that has run for so long, the others of its line are taken back."""

STUCK_S = 0.25
"""A child that has been at one task for so long is not counted on for the next ones."""

_MEMORY_LOOK_S = 0.5
_REST_LINE = 8
_REST_S = 0.0003
"""With so many tasks in every line, replies are left to gather for so long: a wake-up costs as much as a task."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 5.0

_START_LIMIT_S = 60.0
"""A child that takes no orders for so long after its fork is killed: its start hook hangs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewOptions:
    """How many children, and when one is replaced: after so many tasks, or above so much memory (RSS); None for never.

    No child takes more than ``max_tasks_per_child`` tasks. That all would reach it at the same time is avoided: of the
    first ones, each ends a share of it earlier than the one before.
    """

    processes: int
    max_tasks_per_child: int | None = None
    max_child_memory_mb: int | None = None


@dataclass(slots=True)
class _Care:
    """What the crew remembers about one slot."""

    start_at: float = 0.0
    started_at: float = 0.0
    most_tasks: int | None = None
    """How many tasks its present child may take."""
    failures: int = 0
    """Children in a row that ended without having done anything."""
    memory_look_at: float = 0.0


class Crew:
    """Slots and what happens to them. It decides nothing about tasks: it says what became of them."""

    def __init__(self, template: Template, marks: Marks, options: CrewOptions, pace: Pace) -> None:
        self.slots = tuple(Slot(index, marks) for index in range(options.processes))
        self._cares = tuple(_Care(most_tasks=_first_share(options, slot.index)) for slot in self.slots)
        self._template = template
        self._options = options
        self._pace = pace
        self._replaces = options.max_tasks_per_child is not None or options.max_child_memory_mb is not None

    @property
    def held(self) -> Iterator[Held]:
        """Every task that is in a line."""
        return (held for slot in self.slots for held in slot.line)

    @property
    def is_busy(self) -> bool:
        """Whether any child has a task."""
        return any(slot.line for slot in self.slots)

    @property
    def idle(self) -> int:
        """How many children wait for an order."""
        return sum(slot.is_idle for slot in self.slots)

    def lively(self, now: float) -> int:
        """How many children take orders and have not been at one task for long: what a stock is good for."""
        return sum(
            slot.phase is Phase.SERVING and not (slot.line and now - slot.line[0].since > STUCK_S)
            for slot in self.slots
        )

    def is_stuck(self, now: float) -> bool:
        """Whether no child has got on for long, so that a stock would only wait here."""
        return all(slot.line and now - slot.line[0].since > STUCK_S for slot in self.slots)

    def start_missing(self, now: float) -> list[Slot]:
        """Have a child forked for each empty slot whose pause is over."""
        started: list[Slot] = []
        for slot, care in zip(self.slots, self._cares, strict=True):
            if slot.phase is Phase.EMPTY and care.start_at <= now:
                slot.start(self._template)
                care.started_at = now
                started.append(slot)
        return started

    def dispatch(self, stock: deque[Held], now: float, may_start: Callable[[Held], bool]) -> None:
        """Hand tasks of the stock to children with room, the emptiest first. Tasks that may not start yet stay."""
        waiting = [(len(slot.line), slot.index) for slot in self.slots if slot.phase is Phase.SERVING]
        heapify(waiting)
        kept: list[Held] = []
        while stock and waiting:
            slot = self.slots[waiting[0][1]]
            held = stock[0]
            if not may_start(held):
                kept.append(stock.popleft())
            elif self._has_room(slot, held) and slot.give(held, now):
                stock.popleft()
                heapreplace(waiting, (len(slot.line), slot.index))
            else:
                heappop(waiting)
        stock.extendleft(reversed(kept))

    def read(self, slot: Slot, now: float) -> Iterator[tuple[Held, Done | Late | Unread]]:
        """What a child has done. A child whose pipe holds something else is killed."""
        try:
            for held, reply in slot.read(now):
                self._pace.took(held.claimed.name, now - held.since)
                self._cares[slot.index].failures = 0
                yield held, reply
        except FrameError as error:
            _log.error("the pipe of a child holds garbage; killing it", extra=_about(slot, reason=str(error)))
            slot.kill(self._template)

    def enforce(self, now: float) -> None:
        """Kill children whose task is over its time; replace the ones that are due for it."""
        for slot in self.slots:
            deadline = slot.deadline
            if deadline is not None and deadline <= now:
                timeout_ms = slot.line[0].terms.timeout_ms
                assert timeout_ms is not None
                slot.kill(self._template, TimedOut(started=True, timeout_ms=timeout_ms))
        if any(slot.phase is not Phase.SERVING for slot in self.slots):
            self._end_stuck_starts(now)
            for slot in self.slots:
                slot.quit_if_empty()
        if self._replaces:
            self._replace_worn(now)

    def rescue(self, now: float) -> list[Held]:
        """Take back what waits behind a task that takes long."""
        rescued: list[Held] = []
        for slot in self.slots:
            if len(slot.line) > 1 and now - slot.line[0].since > STALL_S:
                rescued += slot.take_back()
        return rescued

    def take_back_all(self) -> list[Held]:
        """Take back everything that no child has read yet."""
        return [held for slot in self.slots for held in slot.take_back()]

    def kill_busy(self) -> None:
        """Kill every child that has a task; the tasks are given back."""
        for slot in self.slots:
            if slot.line:
                slot.kill(self._template, Interrupted())

    def slot_of(self, held: Held) -> Slot | None:
        """Whose line a task is in."""
        return next((slot for slot in self.slots if held in slot.line), None)

    def cancel(self, held: Held) -> list[Held]:
        """Stop a task that a child has: kill the child if it works on it. Returns what was taken back from its line."""
        slot = self.slot_of(held)
        if slot is None:
            return []
        taken = slot.take_back()
        if slot.front is held:
            slot.kill(self._template, Cancelled())
        return taken

    def bury(self, ended: Exited, now: float) -> Remains:
        """Account for a child that has ended, after its last replies were read."""
        slot, care = self.slots[ended.slot], self._cares[ended.slot]
        was_expected = slot.phase is Phase.DYING
        if slot.served == 0 and not slot.line and not was_expected:
            care.failures += 1
        pause_s = min(_FIRST_PAUSE_S * 2**care.failures, _LONGEST_PAUSE_S) if care.failures else 0.0
        care.start_at, care.most_tasks = now + pause_s, self._options.max_tasks_per_child
        if not was_expected:
            _log.warning("a child died", extra=_about(slot, how=ended.how, next_start_s=round(pause_s, 2)))
        return slot.bury(ended.how)

    def next_wakeup(self, now: float) -> float:
        """When something is to be done here without any event."""
        first = now + _LONGEST_PAUSE_S
        for slot in self.slots:
            deadline = slot.deadline
            if deadline is not None and deadline < first:
                first = deadline
            if len(slot.line) > 1:
                first = min(first, slot.line[0].since + STALL_S)
        return first

    def rest_s(self) -> float:
        """How long all children have enough to do, so that nobody need look after them."""
        serving = [slot for slot in self.slots if slot.phase is Phase.SERVING]
        return _REST_S if serving and all(len(slot.line) >= _REST_LINE for slot in serving) else 0.0

    def next_start(self, now: float) -> float:
        """When the next empty slot may get a child."""
        cares = zip(self.slots, self._cares, strict=True)
        return min((care.start_at for slot, care in cares if slot.phase is Phase.EMPTY), default=now + 60)

    def _replace_worn(self, now: float) -> None:
        """Let the children end that have taken all their tasks; of those that grew, one at a time."""
        for slot in self.slots:
            if slot.phase is Phase.SERVING and not slot.line and not self._tasks_left(slot):
                self._replace(slot)
        if all(slot.phase in (Phase.SERVING, Phase.EMPTY) for slot in self.slots):
            grown = next((slot for slot in self.slots if self._has_grown(slot, now)), None)
            if grown is not None:
                self._replace(grown)

    def _replace(self, slot: Slot) -> None:
        _log.info("replacing a child", extra=_about(slot, served=slot.served))
        slot.retire()

    def _end_stuck_starts(self, now: float) -> None:
        for slot, care in zip(self.slots, self._cares, strict=True):
            if slot.phase is Phase.STARTING and now - care.started_at > _START_LIMIT_S:
                _log.error("a child does not start; killing it", extra=_about(slot, limit_s=_START_LIMIT_S))
                care.failures += 1
                slot.kill(self._template)

    def _has_room(self, slot: Slot, held: Held) -> bool:
        """A line is as deep as the longest-running kind of task in it allows, and as the child has tasks left."""
        if self._replaces and not self._tasks_left(slot):
            return False
        if not slot.line:
            return True
        depth = min(self._pace.line_depth(held), self._pace.line_depth(slot.line[0]))
        return len(slot.line) < depth

    def _tasks_left(self, slot: Slot) -> bool:
        most = self._cares[slot.index].most_tasks
        return most is None or slot.served + len(slot.line) < most

    def _has_grown(self, slot: Slot, now: float) -> bool:
        most_mb, care = self._options.max_child_memory_mb, self._cares[slot.index]
        if most_mb is None or slot.phase is not Phase.SERVING or slot.served == 0 or now < care.memory_look_at:
            return False
        care.memory_look_at = now + _MEMORY_LOOK_S
        return _resident_mb(slot.pid) > most_mb


def _first_share(options: CrewOptions, index: int) -> int | None:
    most = options.max_tasks_per_child
    return None if most is None else most - most * index // options.processes


def _about(slot: Slot, **fields: object) -> dict[str, object]:
    task = {} if slot.front is None else task_fields(slot.front.claimed)
    return {"fields": {"slot": slot.index, "child": slot.pid, **task, **fields}}


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):  # it has just ended, or there is no /proc
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
