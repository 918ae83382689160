"""The store's state machine against a model: several writers, some of whom keep their transactions open meanwhile.

After every step all rows must be as the model has them. An operation that would have to wait for an open transaction gives up
instead (``lock_timeout``), and must then have changed nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from store_support import Hand, a_task, judge, query, send, settled

from horsies_core.contract.retry import RetryPolicy
from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.policy.claim import Claimed
from horsies_core.policy.report import Cancelled, Expired, Finished, Interrupted, Report, TimedOut
from horsies_core.policy.states import TaskState, is_legal
from horsies_core.policy.terms import Terms
from horsies_core.policy.transition import CANCELLED_RESULT, EXPIRED_RESULT, Requeue, Retry
from horsies_core.store.enqueue import insert_again
from horsies_core.store.outcomes import cancel
from horsies_core.store.rows import NewTask
from horsies_core.store.store import Store
from horsies_core.store.work import Settled, Turn, TurnResult, Wish, expire_waiting, recover_one, take_turn

TERMS = Terms(
    retry=RetryPolicy.fixed([60, 60], auto_retry_for=["BAD", "WORKER_CRASHED"], jitter=False), max_recoveries=2
)
LIMIT = 2
LIMITS: dict[str, int | None] = {"few": LIMIT, "default": None}
HANDS = 4
REPORTS: list[Report] = [
    Finished(b'{"ok":1}'),
    Finished(b'{"err":{"error_code":"BAD"}}', "BAD"),
    Finished(b'{"err":{"error_code":"FATAL"}}', "FATAL"),
    TimedOut(started=True, timeout_ms=1),
    TimedOut(started=False, timeout_ms=1),
    Interrupted(),
    Expired(),
    Cancelled(),
]


@dataclass
class Row:
    """What the model knows of one task."""

    task: NewTask
    is_delayed: bool
    state: TaskState = TaskState.PENDING
    worker: int | None = None
    claims: int = 0
    attempt: int = 0
    losses: int = 0
    is_cancelled: bool = False

    @property
    def is_live(self) -> bool:
        return self.state in (TaskState.PENDING, TaskState.CLAIMED, TaskState.RUNNING)

    def become(self, state: TaskState) -> None:
        assert is_legal(self.state, state), (self.state, state)
        self.state = state

    def take(self, claimed: Claimed, worker: int) -> None:
        assert (claimed.attempt, claimed.losses, claimed.claims) == (self.attempt, self.losses, self.claims + 1)
        self.become(TaskState.CLAIMED)
        if claimed.marked:
            self.become(TaskState.RUNNING)
        self.worker, self.claims = worker, claimed.claims

    def settle(self, each: Settled) -> None:
        transition = each.transition
        if isinstance(transition, Retry | Requeue):
            self.losses += transition.is_loss
            self.attempt += isinstance(transition, Retry)
            self.is_delayed = isinstance(transition, Retry)
            self.worker, self.state = None, TaskState.PENDING
            if self.is_cancelled:
                self.become(TaskState.CANCELLED)
            return
        self.attempt, self.state, self.worker = each.claimed.attempt + each.started, transition.after, None


@dataclass
class OpenTurn:
    """A turn whose transaction is still open."""

    connection: psycopg.Connection[Any]
    worker: int
    settled: tuple[Settled, ...]
    result: TurnResult

    @property
    def touched(self) -> set[UUID]:
        return {each.id for each in self.result.claimed} | {each.claimed.id for each in self.settled}


@dataclass
class Worker:
    """A hand, and every claim it remembers: also those that are not its own any more."""

    hand: Hand
    remembers: list[Claimed] = field(default_factory=list[Claimed])
    open_turn: OpenTurn | None = None
    has_lease: bool = True
    is_removed: bool = False


class Writers(RuleBasedStateMachine):
    """Four workers, of which two serve the limited queue, senders, cancellers and the recovery."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.rows: dict[UUID, Row] = {}
        self.workers: list[Worker] = []

    @initialize()
    def begin(self) -> None:
        query(self.store, "TRUNCATE {s}.task, {s}.history, {s}.worker, {s}.queue_limit")
        self.workers = [self._new_worker(number) for number in range(HANDS)]

    def _new_worker(self, number: int) -> Worker:
        queues = ("default",) if number < HANDS // 2 else ("few", "default")
        return Worker(Hand(self.store, queues=queues, limits={queue: LIMITS[queue] for queue in queues}))

    def teardown(self) -> None:
        for worker in self.workers:
            if worker.open_turn is not None:
                _give_up(worker.open_turn.connection)

    # Senders, and others who come from outside.

    @rule(
        queue=st.sampled_from(["default", "default", "few"]), priority=st.sampled_from([1, 100]), is_late=st.booleans()
    )
    def send(self, queue: str, priority: int, is_late: bool) -> None:
        good_until = datetime.now(UTC) - timedelta(seconds=5) if is_late else None
        self._send(a_task(queue=queue, priority=priority, good_until=good_until), is_delayed=False)

    @rule()
    def send_delayed(self) -> None:
        self._send(a_task(delay_s=60.0), is_delayed=True)

    def _send(self, task: NewTask, *, is_delayed: bool) -> None:
        send(self.store, task)
        self.rows[task.id] = Row(task, is_delayed)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """What was ever sent is never stored twice, whatever has become of it."""
        row = self._any_row(data)
        with suppress(StoreUnavailableError):
            assert [each.is_new for each in self.store.run(insert_again([row.task], self.store.bell))] == [False]

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        row = self._any_row(data)
        try:
            done = self.store.run(cancel(row.task.id, self.store.bell, "TASK_CANCELLED", CANCELLED_RESULT))
        except StoreUnavailableError:
            assert row.task.id in self._locked()
            return
        assert done == row.is_live
        if row.state is TaskState.PENDING:
            row.become(TaskState.CANCELLED)
        elif row.is_live:
            row.is_cancelled = True

    @rule()
    def expire(self) -> None:
        count = self.store.run(expire_waiting("TASK_EXPIRED", EXPIRED_RESULT))
        late = [row for row in self._unlocked(TaskState.PENDING) if row.task.good_until is not None]
        assert count == len(late)
        for row in late:
            row.become(TaskState.EXPIRED)

    @rule()
    def time_passes(self) -> None:
        """Every delayed task that nobody is at becomes due."""
        due = [row for row in self._unlocked(TaskState.PENDING) if row.is_delayed]
        query(
            self.store,
            "UPDATE {s}.task SET due_at = now() - interval '1 s' WHERE id = ANY (%s)",
            [row.task.id for row in due],
        )
        self.workers[0].hand.turn(0, tick=True)
        self.workers[0].has_lease = not self.workers[0].is_removed
        for row in due:
            row.is_delayed = False

    def _any_row(self, data: st.DataObject) -> Row:
        return self.rows[data.draw(st.sampled_from(sorted(self.rows)))]

    # Workers.

    @rule(number=st.integers(0, HANDS - 1), wanted=st.integers(0, 3), direct=st.integers(0, 2), data=st.data())
    def take_a_turn(self, number: int, wanted: int, direct: int, data: st.DataObject) -> None:
        worker = self.workers[number]
        if worker.open_turn is None and (turn := self._turn(worker, wanted, direct, data)) is not None:
            self._conclude(worker, turn)

    @rule(number=st.integers(0, HANDS - 1), wanted=st.integers(0, 3), data=st.data())
    def begin_a_turn(self, number: int, wanted: int, data: st.DataObject) -> None:
        worker = self.workers[number]
        if worker.open_turn is None:
            worker.open_turn = self._turn(worker, wanted, 1, data)

    @rule(number=st.integers(0, HANDS - 1), commits=st.booleans())
    def end_a_turn(self, number: int, commits: bool) -> None:
        worker = self.workers[number]
        if worker.open_turn is None:
            return
        turn, worker.open_turn = worker.open_turn, None
        if commits:
            self._conclude(worker, turn)
        else:
            _give_up(turn.connection)

    @rule(number=st.integers(0, HANDS - 1))
    def lose_the_lease(self, number: int) -> None:
        """Not within a turn: a claim is refused a quarter of a lease before its end, which no turn outlasts."""
        worker = self.workers[number]
        if worker.open_turn is not None:
            return
        query(
            self.store,
            "UPDATE {s}.worker SET lease_until = now() - interval '1 s' WHERE id = %s",
            worker.hand.worker,
        )
        worker.has_lease = False

    @rule()
    def recover(self) -> None:
        try:
            recovered = self.store.run(recover_one(0.001, judge(TERMS), self.store.bell))
        except StoreUnavailableError:
            return
        lost = [worker for worker in self.workers if not worker.has_lease and not worker.is_removed]
        assert (recovered is None) == (not lost)
        if recovered is not None:
            [dead] = [worker for worker in lost if worker.hand.worker == recovered.worker]
            dead.is_removed = True
            held = {key for key, row in self.rows.items() if row.worker == recovered.worker}
            assert {each.claimed.id for each in recovered.settled} == held
            for each in recovered.settled:
                self.rows[each.claimed.id].settle(each)

    @rule(number=st.integers(0, HANDS - 1))
    def come_back(self, number: int) -> None:
        """A worker that was recovered enters anew, and still remembers what it held."""
        worker = self.workers[number]
        if worker.is_removed and worker.open_turn is None:
            with suppress(StoreUnavailableError):
                self.workers[number] = Worker(self._new_worker(number).hand, worker.remembers)

    def _turn(self, worker: Worker, wanted: int, direct: int, data: st.DataObject) -> OpenTurn | None:
        """Settle some of what the worker remembers, right or not, and claim, in a transaction that stays open."""
        hand = worker.hand
        chosen = data.draw(st.lists(st.sampled_from(worker.remembers), unique=True)) if worker.remembers else []
        chosen = list({each.id: each for each in chosen}.values())
        reports = tuple(settled(each, data.draw(st.sampled_from(REPORTS)), TERMS) for each in chosen)
        wish = Wish(wanted=wanted, direct=direct, queues=hand.queues, limited=hand.limited, names=hand.names)
        turn = Turn(worker=hand.worker, lease_s=60, settled=reports, wish=wish if wanted else None)
        connection = psycopg.connect(self.store.settings.conninfo)
        try:
            result = self.store.run_on(connection, take_turn(turn, self.store.bell))
        except StoreUnavailableError:
            _give_up(connection)
            return None
        valid = tuple(each for each in reports if self._is_held(each.claimed, hand.worker))
        assert set(result.stale) == set(reports) - set(valid)
        expected = self._claimable(worker, wanted, valid)
        assert [each.id for each in result.claimed] == expected, (result.claimed, expected)
        return OpenTurn(connection, hand.worker, valid, result)

    def _conclude(self, worker: Worker, turn: OpenTurn) -> None:
        turn.connection.commit()
        turn.connection.close()
        for each in turn.settled:
            self.rows[each.claimed.id].settle(each)
        for claimed in turn.result.claimed:
            self.rows[claimed.id].take(claimed, turn.worker)
        worker.remembers.extend(turn.result.claimed)

    def _is_held(self, claimed: Claimed, worker: int) -> bool:
        row = self.rows[claimed.id]
        return (row.worker, row.claims) == (worker, claimed.claims)

    def _claimable(self, worker: Worker, wanted: int, settling: tuple[Settled, ...]) -> list[UUID]:
        """What a claim must find, in its order; what is put back in the same turn may be claimed in it."""
        if not worker.has_lease or worker.is_removed:
            return []
        rows = {row.task.id: replace(row) for row in self.rows.values()}
        for each in settling:
            rows[each.claimed.id].settle(each)
        locked = self._locked()
        ready = [
            row
            for row in rows.values()
            if row.state is TaskState.PENDING and not row.is_delayed and row.task.id not in locked
        ]
        found: list[UUID] = []
        for queue in worker.hand.queues:
            of_queue = sorted((row.task.priority, row.task.id) for row in ready if row.task.queue == queue)
            if queue in worker.hand.limited:
                held = sum(row.worker is not None and row.task.queue == queue for row in rows.values())
                of_queue = of_queue[: max(0, LIMIT - held)]
            found.extend(task_id for _, task_id in of_queue)
        return found[:wanted]

    def _locked(self) -> set[UUID]:
        return {key for worker in self.workers if worker.open_turn for key in worker.open_turn.touched}

    def _unlocked(self, state: TaskState) -> list[Row]:
        locked = self._locked()
        return [row for row in self.rows.values() if row.state is state and row.task.id not in locked]

    # What must hold at every moment.

    @invariant()
    def rows_are_as_the_model_has_them(self) -> None:
        live = query(
            self.store,
            "SELECT id, CASE WHEN worker IS NULL THEN 'PENDING' WHEN started_at IS NULL THEN 'CLAIMED' ELSE 'RUNNING' END, "
            "worker, claims, attempt, losses, due_at IS NOT NULL, cancelled FROM {s}.task ORDER BY id",
        )
        expected = sorted(
            (key, row.state, row.worker, row.claims, row.attempt, row.losses, row.is_delayed, row.is_cancelled)
            for key, row in self.rows.items()
            if row.is_live
        )
        assert live == expected
        ended = query(self.store, "SELECT id, state::text, attempt, losses FROM {s}.history ORDER BY id")
        assert ended == sorted(
            (key, row.state, row.attempt, row.losses) for key, row in self.rows.items() if not row.is_live
        )

    @invariant()
    def the_limit_holds(self) -> None:
        [(count,)] = query(self.store, "SELECT count(*) FROM {s}.task WHERE queue = 'few' AND worker IS NOT NULL")
        assert isinstance(count, int)
        assert count <= LIMIT


def _give_up(connection: psycopg.Connection[Any]) -> None:
    """Undo what is open, and wait for it: of a connection that is just closed the server lets go in its own time."""
    connection.rollback()
    connection.close()


def test_the_store_keeps_to_its_model_whatever_its_writers_do(store: Store) -> None:
    patient = replace(store.settings, conninfo=f"{store.settings.conninfo}&options=-c%20lock_timeout%3D20")
    impatient = Store(patient)
    try:
        run_state_machine_as_test(
            lambda: Writers(impatient),  # type: ignore[arg-type]  # a factory will do, as its documentation says
            settings=settings(
                max_examples=12, stateful_step_count=35, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        impatient.close()
