"""The supervisor: one loop over a closed list of events.

It waits at one place for all of them: bytes from a child, the end of a child, a ring, the clerk's answer, a signal, the next
moment at which something is due. It never waits for the database or for a child.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from types import FrameType
from typing import Any, assert_never
from uuid import UUID

from horsies_core.config import WorkerConfig
from horsies_core.outcome.errors import StoreError, StoreUnavailableError
from horsies_core.policy.claim import Claimed
from horsies_core.policy.report import Cancelled, Expired, Finished, GivenBack, Interrupted
from horsies_core.policy.transition import Complete, Retry
from horsies_core.store.channels import bell_prefix
from horsies_core.store.operation import Operation
from horsies_core.store.settings import StoreSettings
from horsies_core.store.work import Registration, Settled, TurnResult, read_contracts, register, sign_off
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.child import Program
from horsies_core.worker.clerk import Clerk, Ear
from horsies_core.worker.crew import STUCK_S, Crew, CrewOptions
from horsies_core.worker.desk import Desk, Load
from horsies_core.worker.duties import all_duties, postpone_recovery
from horsies_core.worker.frames import Done, Late, Unread
from horsies_core.worker.inbox import EarChanged, ErrandDone, ErrandFailed, Event, Inbox, Rung, SignalCame
from horsies_core.worker.log import task_fields
from horsies_core.worker.marks import Marks
from horsies_core.worker.pace import Pace
from horsies_core.worker.slot import Held, Phase, Slot
from horsies_core.worker.template import Template

_log = logging.getLogger("horsies.worker")

_DEAF_POLL_S = 0.5
"""How often to look for work where no notification can be heard."""

_LAST_WORDS_S = 5.0
"""How long a drained worker goes on trying to report to a database that does not answer."""

_DRAIN_LOOK_S = 0.1

_SAME_SIGNAL_S = 0.2
"""A signal that follows another one so closely is the same: ``timeout``, for one, sends to the process and to its group."""

_FIRST_BACKOFF_S, _LONGEST_BACKOFF_S = 0.1, 2.0

EXIT_OK, EXIT_UNREPORTED, EXIT_REFUSED, EXIT_NO_TEMPLATE = 0, 1, 3, 70


@dataclass(frozen=True, slots=True)
class Errand:
    """An operation for the clerk, and what to do with its answer."""

    operation: Operation[Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None = None
    is_one_exchange: bool = False
    """Whether it is one round trip, which the loop need not leave to the clerk's thread."""


class Supervisor:
    """A worker. ``run`` is its whole life."""

    def __init__(
        self, program: Program, catalogue: Catalogue, settings: StoreSettings, config: WorkerConfig, processes: int
    ) -> None:
        marks = Marks(processes)
        self._template = Template(program, marks)  # before there is any thread
        self._inbox = Inbox()
        self._catalogue, self._settings, self._config = catalogue, settings, config
        self._bell = bell_prefix(settings.schema)
        pace = Pace()
        options = CrewOptions(
            processes=processes,
            max_tasks_per_child=config.max_tasks_per_child,
            max_child_memory_mb=config.max_child_memory_mb,
        )
        self._crew = Crew(self._template, marks, options, pace)
        rng = Random()  # noqa: S311  # spreads retries, hides nothing
        self._desk = Desk(catalogue, pace, config.lease_s, self._bell, rng)
        self._clerk = Clerk(settings, self._inbox)
        self._ear: Ear | None = None
        self._watched_ear: int | None = None
        self._now = time.monotonic()
        retention_s = None if config.retention_hours is None else config.retention_hours * 3600
        self._duties = all_duties(config.lease_s, retention_s, self._bell, self._now, lambda: self._desk.worker)
        self._selector = selectors.DefaultSelector()
        self._errand: Errand | None = None
        self._retry_at = 0.0
        self._backoff_s = 0.0
        self._must_compare = False
        self._drain_until: float | None = None
        self._stop_at = 0.0
        self._exit_code: int | None = None
        self._stop_code = EXIT_OK

    def run(self) -> int:
        """Work until a signal says to stop; return the process's exit code. The process is to end now: signals are ignored."""
        self._open()
        try:
            while self._exit_code is None:
                self._wait()
                self._step()
            return self._exit_code
        except Exception:
            _log.critical("internal error; stopping, and leaving what runs to recovery", exc_info=True)
            raise
        finally:
            self._close()

    def _open(self) -> None:
        self._selector.register(self._inbox.awake, selectors.EVENT_READ, self._take_events)
        self._selector.register(self._template.control, selectors.EVENT_READ, self._read_template)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._clerk.start()

    def _close(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):  # one that comes now asks for what is being done
            signal.signal(number, signal.SIG_IGN)
        if self._ear is not None:
            self._ear.stop()
        self._clerk.stop(timeout_s=2.0)
        self._template.close()
        self._selector.close()
        self._inbox.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._inbox.put(SignalCame(number))

    def _wait(self) -> None:
        rest_s = self._crew.rest_s()
        if rest_s:
            time.sleep(rest_s)
        timeout_s = max(0.0, self._next_wakeup() - time.monotonic())
        ready = self._selector.select(timeout_s)
        self._now = time.monotonic()
        for key, _ in ready:
            key.data()

    def _next_wakeup(self) -> float:
        now = self._now
        times = [self._crew.next_wakeup(now)]
        if self._drain_until is None:
            times.append(self._crew.next_start(now))
        else:
            times.append(max(self._drain_until, now + _DRAIN_LOOK_S))
        if self._desk.stock:
            times.append(now + STUCK_S)
        if self._clerk.is_idle:
            desk = self._desk.next_wakeup(self._load(), now) if self._desk.worker is not None else now
            times.append(max(self._retry_at, min(desk, *(duty.due_at for duty in self._duties))))
        return min(times)

    def _step(self) -> None:
        """Everything that may have become due, in the order in which one thing makes room for the next."""
        now = self._now
        self._desk.expire_stock(now)
        self._crew.enforce(now)
        self._desk.stock.extendleft(reversed(self._crew.rescue(now)))
        if self._drain_until is None:
            self._start_children()
            self._crew.dispatch(self._desk.stock, now, lambda held: self._desk.may_start(held, now))
            if self._desk.stock and self._crew.is_stuck(now):
                self._return_stock(GivenBack())
        else:
            self._drain(self._drain_until)
        self._employ_clerk()

    def _load(self) -> Load:
        crew = self._crew
        fronts = tuple(slot.line[0] for slot in crew.slots if slot.line)
        in_lines = sum(len(slot.line) for slot in crew.slots)
        lively = crew.lively(self._now)
        stuck = sum(slot.phase is Phase.SERVING for slot in crew.slots) - lively
        return Load(fronts, in_lines, crew.idle, lively, stuck)

    def _start_children(self) -> None:
        for slot in self._crew.start_missing(self._now):
            self._selector.register(slot.replies, selectors.EVENT_READ, partial(self._read_child, slot))

    # What the loop hears.

    def _take_events(self) -> None:
        for event in self._inbox.take_all():
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case SignalCame(number=number):
                self._stop(signal.Signals(number).name)
            case Rung():
                self._desk.ring(self._now)
                if event.is_cancel:
                    self._desk.tick_now(self._now)
            case EarChanged(ear=ear, hears=hears):
                if ear is self._ear:
                    self._watch_ear(watches=hears)
            case ErrandDone(result=result):
                self._conclude(result)
            case ErrandFailed(error=error):
                self._fail(error)
            case _:
                assert_never(event)

    def _read_child(self, slot: Slot) -> None:
        for held, reply in self._crew.read(slot, self._now):
            match reply:
                case Done(result=result, error_code=code):
                    self._settle(held, self._desk.settle(held, Finished(result, code), self._now, started=True))
                case Unread():
                    self._settle(held, self._desk.unread(held, self._now))
                case Late():
                    self._settle(held, self._desk.settle(held, Expired(), self._now, started=False))

    def _read_template(self) -> None:
        for ended in self._template.read_events():
            if ended is None:
                self._lose_template()
                return
            slot = self._crew.slots[ended.slot]
            self._read_child(slot)
            self._forget_pipe(slot.replies)
            remains = self._crew.bury(ended, self._now)
            self._desk.stock.extendleft(reversed(remains.untouched))
            if remains.front is not None:
                held, report = remains.front
                started = getattr(report, "started", True)
                self._settle(held, self._desk.settle(held, report, self._now, started=started))

    def _lose_template(self) -> None:
        """Without its template the worker can start no child; the ones there are die with it. A new worker must be started."""
        _log.critical("the template process died; stopping")
        self._selector.unregister(self._template.control)
        self._give_up_children()
        self._stop_code = EXIT_NO_TEMPLATE
        self._drain_until = self._now
        self._desk.is_closing = True

    def _give_up_children(self) -> None:
        for slot in self._crew.slots:
            if slot.phase is Phase.EMPTY:
                continue
            self._read_child(slot)
            self._forget_pipe(slot.replies)
            remains = slot.bury("the template process died")
            self._desk.give_back(remains.untouched, Interrupted(), self._now)
            if remains.front is not None:
                held, report = remains.front
                self._desk.settle(held, report, self._now, started=True)

    def _forget_pipe(self, pipe: socket.socket) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(pipe)

    def _watch_ear(self, *, watches: bool) -> None:
        if self._watched_ear is not None:
            self._selector.unregister(self._watched_ear)
            self._watched_ear = None
        if watches and self._ear is not None:
            self._watched_ear = self._ear.fileno
            self._selector.register(self._watched_ear, selectors.EVENT_READ, self._read_ear)
        self._hear(hears=self._watched_ear is not None)

    def _read_ear(self) -> None:
        assert self._ear is not None  # it is watched
        rings = self._ear.read()
        if rings is None:
            self._watch_ear(watches=False)  # before its number may be another connection's
            self._ear.reconnect()
            return
        for ring in rings:
            self._take(ring)

    def _hear(self, hears: bool) -> None:
        self._desk.ring(self._now)
        every_s = min(self._config.poll_s, self._config.lease_s / 3)
        self._desk.tick_every_s = every_s if hears else min(every_s, _DEAF_POLL_S)

    def _settle(self, held: Held, settled: Settled) -> None:
        """Say in the log what became of a task."""
        transition = settled.transition
        level = logging.DEBUG if isinstance(transition, Complete) else logging.INFO
        if not _log.isEnabledFor(level):
            return
        fields: dict[str, object] = {
            **task_fields(held.claimed, self._catalogue.fingerprints.get(held.claimed.name)),
            "state": str(transition.after),
            "code": getattr(transition, "error_code", None),
            "took_ms": round((self._now - held.since) * 1000, 1),
        }
        if isinstance(transition, Retry):
            fields["retry_in_s"] = round(transition.delay_s, 1)
        shown = {key: value for key, value in fields.items() if value is not None}
        _log.log(level, "task settled", extra={"fields": shown})

    # Stopping.

    def _stop(self, why: str) -> None:
        if self._drain_until is None:
            self._stop_at = self._now
            self._drain_until = self._now + self._config.drain_timeout_s
            limit_s = self._config.drain_timeout_s
            _log.info("draining", extra={"fields": {"signal": why, "limit_s": limit_s}})
        elif self._now - self._stop_at > _SAME_SIGNAL_S:
            _log.info("giving back what runs", extra={"fields": {"signal": why}})
            self._drain_until = self._now
        self._desk.is_closing = True

    def _drain(self, until: float) -> None:
        """Hand in everything that is not running; at the end of the time, that too."""
        self._return_stock(Interrupted())
        self._desk.give_back(self._crew.take_back_all(), Interrupted(), self._now)
        if self._now >= until:
            self._crew.kill_busy()
        if self._now >= until + _LAST_WORDS_S:
            _log.error("the database does not answer; what is left will be recovered by another worker")
            self._exit_code = EXIT_UNREPORTED

    def _return_stock(self, report: Interrupted | GivenBack) -> None:
        stock = tuple(self._desk.stock)
        self._desk.stock.clear()
        self._desk.give_back(stock, report, self._now)

    # What the clerk is given to do, and what comes of it.

    def _employ_clerk(self) -> None:
        if not self._clerk.is_idle or self._now < self._retry_at:
            return
        errand = self._next_errand()
        if errand is None:
            return
        self._errand = errand
        if errand.is_one_exchange:
            self._begin(errand.operation)
        else:
            self._clerk.do(errand.operation)

    def _begin(self, operation: Operation[Any]) -> None:
        begun = self._clerk.begin(operation)
        if isinstance(begun, ErrandFailed):
            self._take(begun)
        elif begun is not None:
            self._selector.register(begun, selectors.EVENT_READ, partial(self._advance, begun))

    def _advance(self, watched: int) -> None:
        event = self._clerk.advance()
        if event is not None:
            self._selector.unregister(watched)
            self._take(event)

    def _next_errand(self) -> Errand | None:
        desk = self._desk
        if desk.worker is None:
            return self._registration_errand()
        if self._must_compare:
            return Errand(desk.compare(), self._compared)
        duty = next((duty for duty in self._duties if duty.due_at <= self._now), None)
        if duty is not None and self._drain_until is None:
            return Errand(duty.operation(), lambda result: duty.done(result, self._now))
        note = desk.next_note()
        if note is not None:
            return Errand(note, lambda _: desk.noted())
        question = desk.next_question()
        if question:
            return Errand(read_contracts(question), lambda found: desk.answered(question, found, self._now))
        turn = desk.next_operation(self._load(), self._crew.held, self._now)
        if turn is not None:
            return Errand(turn, self._turn_done, desk.turn_failed, is_one_exchange=True)
        flag = desk.next_flag()
        if flag is not None:
            return Errand(flag, lambda _: desk.flag_is_up(self._now))
        if self._drain_until is not None and desk.is_clear and not self._crew.is_busy:
            return Errand(sign_off(desk.worker), self._signed_off)
        return None

    def _registration_errand(self) -> Errand | None:
        if self._drain_until is not None:
            self._exit_code = self._stop_code
            return None
        registration = Registration(
            host=socket.gethostname(),
            pid=os.getpid(),
            processes=len(self._crew.slots),
            queues=self._catalogue.queues,
            names=self._catalogue.names,
            terms={name: terms.to_json() for name, terms in self._catalogue.terms.items()},
            contracts=self._catalogue.contracts,
            readers=self._catalogue.reader_ids,
            limits=self._catalogue.limits,
            lease_s=self._config.lease_s,
        )
        return Errand(register(registration), self._registered, self._not_registered)

    def _registered(self, worker: int) -> None:
        self._desk.enter(worker, self._now)
        self._must_compare = False
        self._watch_ear(watches=False)
        if self._ear is not None:
            self._ear.stop()
        if self._settings.listen:
            self._ear = Ear(self._settings, f"{self._bell}{worker}", self._inbox)
            self._ear.start()
        fields = {
            "worker": worker,
            "processes": len(self._crew.slots),
            "queues": ",".join(self._catalogue.queues),
            "tasks": len(self._catalogue.names),
        }
        _log.info("worker ready", extra={"fields": fields})

    def _not_registered(self, error: Exception) -> None:
        if not isinstance(error, StoreUnavailableError):
            self._exit_code = EXIT_REFUSED

    def _turn_done(self, result: TurnResult) -> None:
        self._desk.turn_done(result, self._now)
        if self._desk.has_lost_lease:
            self._lose_lease()
        for task_id in result.cancelled:
            self._cancel(task_id)

    def _lose_lease(self) -> None:
        """Others have taken over what this worker held: stop doing it, and begin again as a new worker."""
        _log.error("the lease ran out and another worker took over; starting again")
        self._crew.take_back_all()
        self._crew.kill_busy()
        self._desk.forget_all()

    def _cancel(self, task_id: UUID) -> None:
        for held in (*self._desk.stock, *self._crew.held):
            if held.claimed.id != task_id:
                continue
            self._desk.stock.extendleft(reversed(self._crew.cancel(held)))
            if held in self._desk.stock:
                self._desk.stock.remove(held)
                self._settle(held, self._desk.settle(held, Cancelled(), self._now, started=False))

    def _compared(self, rows: tuple[Claimed, ...]) -> None:
        self._must_compare = False
        self._desk.compared(rows, tuple(self._crew.held), self._now)

    def _signed_off(self, _: object) -> None:
        _log.info("worker stopped", extra={"fields": {"worker": self._desk.worker, "stale": self._desk.stale}})
        self._exit_code = self._stop_code

    def _conclude(self, result: object) -> None:
        errand, self._errand = self._errand, None
        self._clerk.is_idle = True
        if self._backoff_s:
            _log.info("the database answers again")
        self._backoff_s = 0.0
        assert errand is not None
        errand.done(result)

    def _fail(self, error: Exception) -> None:
        """Keep what was to be done, and try again a little later."""
        errand, self._errand = self._errand, None
        self._clerk.is_idle = True
        self._backoff_s = min(max(_FIRST_BACKOFF_S, self._backoff_s * 2), _LONGEST_BACKOFF_S)
        self._retry_at = self._now + self._backoff_s
        fields = {"error": str(error), "retry_in_s": self._backoff_s}
        unexpected = None if isinstance(error, StoreError) else error
        _log.warning("the database could not do it", extra={"fields": fields}, exc_info=unexpected)
        if isinstance(error, StoreUnavailableError):
            self._must_compare = True
            postpone_recovery(self._duties, self._now + self._config.lease_s + self._backoff_s)
        assert errand is not None
        if errand.failed is not None:
            errand.failed(error)
