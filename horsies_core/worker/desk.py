"""The desk: the tasks that a worker holds on paper, and what to ask of the database next.

It knows no processes and no threads: the supervisor tells it what happened and carries its operations to the clerk, one at
a time. What gathers while one is under way goes into the next, so commits are shared by as many tasks as the load brings.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from horsies_core.contract.codes import ContractErrorCode
from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.policy.claim import Claimed
from horsies_core.policy.decide import decide
from horsies_core.policy.error_result import error_result
from horsies_core.policy.report import Expired, GivenBack, Report, Unread
from horsies_core.policy.terms import NO_TERMS
from horsies_core.policy.transition import Fail
from horsies_core.store.operation import Operation
from horsies_core.store.work import (
    ServedContract,
    Settled,
    Turn,
    TurnResult,
    Wish,
    fall_asleep,
    note_refused,
    read_held,
    take_turn,
)
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.clock import DatabaseClock
from horsies_core.worker.compatibility import Compatibility
from horsies_core.worker.log import task_fields
from horsies_core.worker.pace import Pace
from horsies_core.worker.slot import Held

_log = logging.getLogger("horsies.worker")

_GATHER_S = 0.004
_GATHER_MOST = 64
"""While there is enough to do, a commit waits for so many reports, or for so long."""

_SOON_S = 0.005
"""After a claim that found some tasks, but fewer than wanted, the next look."""

_RACE_S = 0.03
"""After the flag was put up, one more look: an insert that was under way then may not have seen it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the children have just now: the tasks that they work on, and how many are in their lines with those; how many
    children wait, get on, and are at one task for long.

    Counts, because it is asked for in every round, and lines are long.
    """

    fronts: tuple[Held, ...]
    in_lines: int
    idle: int
    lively: int
    stuck: int


class Desk:
    """Stock, reports, and the next turn."""

    def __init__(self, catalogue: Catalogue, pace: Pace, lease_s: float, bell: str, rng: Random) -> None:
        self.stock: deque[Held] = deque()
        """Claimed, and with no child yet."""
        self.worker: int | None = None
        self.stale = 0
        """Reports that came too late and changed nothing."""
        self.cancelled: frozenset[UUID] = frozenset()
        """What the latest tick found cancelled."""
        self.has_lost_lease = False
        self.is_closing = False
        """Whether nothing is to be claimed any more."""
        self.tick_every_s = lease_s / 3
        self._catalogue, self._pace, self._lease_s, self._bell, self._rng = catalogue, pace, lease_s, bell, rng
        self._compatibility = Compatibility(catalogue)
        self._has_unknown = False
        self._names: set[str] = set()
        """The names of whatever is in the stock or in a line, and maybe of others."""
        self._noted: tuple[str, ...] = ()
        self._settled: list[Settled] = []
        self._settled_since = math.inf
        self._turn: Turn | None = None
        self._marking: tuple[Held, ...] = ()
        self._suspects: deque[Settled] = deque()
        """Reports of a turn that the database refused; each goes alone, to find the one that is to blame."""
        self._clock = DatabaseClock()
        self._turn_began = 0.0
        self._numbers = self._lost_up_to = 0
        self._expiry_at = math.inf
        """Not later than the first ``good_until`` in the stock."""
        self._look_at = 0.0
        self._tick_at = 0.0
        self._has_flag = False
        self._wants_flag = False
        self._looks_left = 0
        self._claims_made = 0

    @property
    def is_clear(self) -> bool:
        """Whether nothing is held on paper or waits to be reported."""
        return not (self.stock or self._settled or self._suspects or self._turn)

    def enter(self, worker: int, now: float) -> None:
        """The worker is registered under this number and holds nothing."""
        self.worker = worker
        self.has_lost_lease = self._has_flag = self._wants_flag = False
        self._noted = ()
        self._look_at = self._tick_at = now

    def settle(self, held: Held, report: Report, now: float, *, started: bool) -> Settled:
        """Something happened to a held task: decide what becomes of it, and report it with the next turn."""
        transition = decide(held.claimed, held.terms, report, now=now + self._clock.ahead_s, rng=self._rng)
        settled = Settled(held.claimed, transition, started)
        if held.number > self._lost_up_to:
            self._settled.append(settled)
            self._settled_since = min(self._settled_since, now)
        return settled

    def unread(self, held: Held, now: float) -> Settled:
        """A child cannot read the payload, which another version's contract encoded: leave it for a worker that can."""
        by = self._compatibility.refuse(held.claimed.name)
        _log.warning(
            "a payload of another contract cannot be read here; it is left for a worker that can",
            extra={"fields": {"task": held.claimed.name, "id": held.claimed.id, "contract": held.claimed.fingerprint}},
        )
        return self.settle(held, Unread(by), now, started=False)

    def may_start(self, held: Held, now: float) -> bool:
        """Whether a task may go to a child now: in time, readable, and marked as started unless it is short."""
        if held.start_before is not None and held.start_before <= now:
            return False
        if not self._compatibility.verdict(held.claimed.fingerprint):
            return False
        return held.is_marked or self._pace.is_short(held)

    def expire_stock(self, now: float) -> None:
        """Settle the tasks of the stock whose time is over."""
        if now < self._expiry_at:
            return
        late = [held for held in self.stock if held.start_before is not None and held.start_before <= now]
        for held in late:
            self.stock.remove(held)
            self.settle(held, Expired(), now, started=False)
        limits = (held.start_before for held in self.stock if held.start_before is not None)
        self._expiry_at = min(limits, default=math.inf)

    def give_back(self, tasks: Iterable[Held], report: Report, now: float) -> None:
        """Settle tasks that no child has begun."""
        for held in tasks:
            self.settle(held, report, now, started=False)

    def ring(self, now: float) -> None:
        """A producer took the flag down, or notifications were not heard for a while."""
        self._has_flag = False
        self._look_at = now

    def tick_now(self, now: float) -> None:
        """Do what a tick does at the next chance."""
        self._tick_at = now

    def next_operation(self, load: Load, in_lines: Iterable[Held], now: float) -> Operation[TurnResult] | None:
        """The next turn, if there is reason for one. ``in_lines``, the tasks that children have, are looked at only for a tick."""
        if self.worker is None:
            return None
        marking = self._to_mark(load, now)
        wanted = self._wanted(load)
        is_tick = self._tick_at <= now
        looks = wanted > 0 and (self._look_at <= now or is_tick or self._makes_room())
        reports = self._reports_due(now, hurry=looks or is_tick or bool(marking))
        if not (reports or marking or looks or is_tick):
            return None
        self._marking, self._turn_began = marking, now
        direct = max(0, load.idle - len(self.stock))
        self._turn = Turn(
            worker=self.worker,
            lease_s=self._lease_s,
            settled=reports,
            started=tuple(held.claimed for held in marking),
            wish=self._wish(wanted, direct) if looks else None,
            is_tick=is_tick,
            limited=self._catalogue.limited,
            asks_due=is_tick or (looks and not self.stock),
            running=tuple(held.claimed.id for held in (*in_lines, *self.stock)) if is_tick else (),
        )
        return take_turn(self._turn, self._bell)

    def next_question(self) -> tuple[str, ...]:
        """Fingerprints in the stock on which there is no verdict yet."""
        if not self._has_unknown:
            return ()
        found = {held.claimed.fingerprint for held in self.stock}
        return tuple(sorted(each for each in found if self._compatibility.verdict(each) is None))

    def answered(self, asked: tuple[str, ...], found: tuple[ServedContract, ...], now: float) -> None:
        """What is known about them: give back what cannot be read here, for a worker that can."""
        for contract in self._compatibility.judge(asked, found):
            _log.warning(
                "payloads of another contract cannot be read here; they are left for a worker that can",
                extra={"fields": {"task": contract.name, "contract": contract.fingerprint}},
            )
        self._has_unknown = False
        for held in self.stock:
            held.reading = self._compatibility.reading(held.claimed.name, held.claimed.fingerprint)
        unreadable = [held for held in self.stock if self._compatibility.verdict(held.claimed.fingerprint) is False]
        for held in unreadable:
            self.stock.remove(held)
        self.give_back(unreadable, GivenBack(), now)

    def next_note(self) -> Operation[None] | None:
        """Let others know which contracts this worker refuses, when that changed."""
        if self.worker is None or self._noted == self._compatibility.refused:
            return None
        return note_refused(self.worker, self._compatibility.refused)

    def noted(self) -> None:
        """The note was taken."""
        self._noted = self._compatibility.refused

    def next_flag(self) -> Operation[None] | None:
        """The putting-up of the flag, if the queues were found empty."""
        if self.worker is None or not self._wants_flag or self.is_closing:
            return None
        return fall_asleep(self.worker, self._catalogue.queues, self._catalogue.names)

    def flag_is_up(self, now: float) -> None:
        """The flag is up: look once more at once, and once more a little later."""
        self._has_flag, self._wants_flag = True, False
        self._look_at, self._looks_left = now, 1

    def turn_done(self, result: TurnResult, now: float) -> None:
        """The turn took effect."""
        turn, self._turn = self._turn, None
        assert turn is not None
        self._clock.learn(result.now, self._turn_began, now)
        for held in self._marking:
            held.is_marked = True
        self._note_stale(result.stale)
        if turn.is_tick:
            self._tick_at = now + self.tick_every_s
            self.cancelled = result.cancelled
            self.has_lost_lease = not result.is_alive
        if result.next_due_s is not None:
            self._tick_at = min(self._tick_at, now + max(result.next_due_s, 0.0))
        self._take_in(result.claimed, now)
        if turn.wish is not None:
            self._plan_next_look(len(result.claimed), turn.wish.wanted, now)

    def turn_failed(self, error: Exception) -> None:
        """The turn did not take effect, or nobody knows. Its reports are kept."""
        turn, self._turn = self._turn, None
        if turn is None:
            return
        if isinstance(error, StoreUnavailableError) or not turn.settled:
            self._settled[:0] = turn.settled
        elif len(turn.settled) > 1:
            self._suspects.extend(turn.settled)
        else:
            self._suspects.extend(_unstorable(each, error) for each in turn.settled)
        self._settled_since = 0.0

    def compare(self) -> Operation[tuple[Claimed, ...]]:
        """What the database says that this worker holds: asked after a connection was lost in the middle of a turn."""
        assert self.worker is not None
        return read_held(self.worker)

    def compared(self, rows: Sequence[Claimed], in_lines: Sequence[Held], now: float) -> None:
        """Take in what was claimed unnoticed; drop the reports that took effect unnoticed."""
        fences = {(claimed.id, claimed.claims) for claimed in rows}
        self._settled = [each for each in self._settled if (each.claimed.id, each.claimed.claims) in fences]
        known = {held.claimed.id for held in (*self.stock, *in_lines)} | {each.claimed.id for each in self._settled}
        known |= {each.claimed.id for each in self._suspects}
        missed = [claimed for claimed in rows if claimed.id not in known]
        held = self._take_in(missed, now)
        if not self._clock.is_known:  # nobody can say yet whether these are late
            timed = [each for each in held if each.claimed.good_until is not None]
            self.stock = deque(each for each in self.stock if each not in timed)
            self.give_back(timed, GivenBack(), now)

    def forget_all(self) -> None:
        """Nothing of what was held is this worker's any more."""
        self.stock.clear()
        self._settled.clear()
        self._suspects.clear()
        self._lost_up_to = self._numbers
        self.worker = None

    def next_wakeup(self, load: Load, now: float) -> float:
        """When something is to be done here without any event."""
        times = [self._tick_at]
        if self._wanted(load):
            times.append(self._look_at)
        if self._settled or self._suspects:
            times.append(now if self._suspects else self._settled_since + _GATHER_S)
        if self.stock:
            times.append(self._expiry_at)
        times += [held.since + _RACE_S for held in load.fronts if not held.is_marked]
        return min(times)

    def _reports_due(self, now: float, *, hurry: bool) -> tuple[Settled, ...]:
        if self._suspects:
            return (self._suspects.popleft(),)
        gathering = self.stock and len(self._settled) < _GATHER_MOST and now - self._settled_since < _GATHER_S
        if gathering and not hurry:
            return ()
        reports, self._settled, self._settled_since = tuple(self._settled), [], math.inf
        return reports

    def _wanted(self, load: Load) -> int:
        """How many more to claim: enough for the children that get on, and no single ones while there is a stock."""
        if self.is_closing:
            return 0
        lively = load.lively
        room = lively + self._pace.stock(lively) - (load.in_lines - load.stuck) - len(self.stock)
        return room if room > 0 and (len(self.stock) < lively or room >= lively * 4) else 0

    def _makes_room(self) -> bool:
        """Whether what ended lets others be claimed that nobody will ring for: while the flag is up, those of its limited queue."""
        if not self._has_flag:
            return bool(self._settled)
        return any(each.claimed.queue in self._catalogue.limited for each in self._settled)

    def _wish(self, wanted: int, direct: int) -> Wish:
        catalogue = self._catalogue
        self._claims_made += 1
        return Wish(
            wanted=wanted,
            direct=direct,
            queues=catalogue.in_turn(self._claims_made),
            limited=catalogue.limited,
            names=catalogue.names,
            refused=self._compatibility.refused,
            unfit=self._compatibility.unfit,
        )

    def _to_mark(self, load: Load, now: float) -> tuple[Held, ...]:
        """Tasks that wait for their mark, as many as could start; and short ones that turn out not to be."""
        waiting = self._waiting_for_mark(load)
        most = load.idle
        if waiting and not most:
            # One at a time: it stops the flow of short ones for as long as their lines need to run dry.
            most = int(not any(held.is_marked for held in self.stock))
        running = [held for held in load.fronts if not held.is_marked and now - held.since > _RACE_S]
        return (*waiting[:most], *running)

    def _waiting_for_mark(self, load: Load) -> list[Held]:
        """Looked for only where there can be any: a stock of short ones is long, and this is asked with every turn."""
        if not self.stock and not load.in_lines:
            self._names.clear()
        if self._pace.are_short(self._names):  # what was lost before is marked by its claim
            return []
        return [held for held in self.stock if not held.is_marked and not self._pace.is_short(held)]

    def _take_in(self, claimed: Iterable[Claimed], now: float) -> list[Held]:
        taken: list[Held] = []
        for each in claimed:
            self._numbers += 1
            self._has_unknown = self._has_unknown or self._compatibility.verdict(each.fingerprint) is None
            terms = self._catalogue.terms.get(each.name, NO_TERMS)
            start_before = None if each.good_until is None else each.good_until - self._clock.ahead_s
            self._expiry_at = min(self._expiry_at, start_before or math.inf)
            reading = self._compatibility.reading(each.name, each.fingerprint)
            self._names.add(each.name)
            taken.append(Held(each, terms, self._numbers, start_before, now, each.marked, reading))
        self._stow(taken)
        return taken

    def _stow(self, taken: list[Held]) -> None:
        """Into the stock, and past those of less urgent queues that were claimed before."""
        if taken and self.stock and self._rank(taken[0]) < self._rank(self.stock[-1]):
            self.stock = deque(sorted((*self.stock, *taken), key=self._rank))
        else:
            self.stock.extend(taken)

    def _rank(self, held: Held) -> int:
        return self._catalogue.rank(held.claimed.queue)

    def _plan_next_look(self, found: int, wanted: int, now: float) -> None:
        if found >= wanted:
            self._look_at = now
        elif found:
            self._look_at = now + _SOON_S
        elif not self._has_flag:
            self._wants_flag, self._look_at = True, math.inf
        else:
            self._look_at = now + _RACE_S if self._looks_left else math.inf
            self._looks_left = 0

    def _note_stale(self, stale: Sequence[Settled]) -> None:
        self.stale += len(stale)
        for each in stale:
            _log.warning(
                "a report came too late: the task had been given to another",
                extra={"fields": {**task_fields(each.claimed), "report": str(each.transition.after)}},
            )


def _unstorable(settled: Settled, error: Exception) -> Settled:
    """The database refuses this very result: end the task with an error that says so."""
    code = ContractErrorCode.RESULT_INVALID
    message = f"the result could not be stored: {error}"
    return Settled(settled.claimed, Fail(code, error_result(code, message)), settled.started)
