"""Turns of workers: claiming in order, ending, putting back, fencing, limits, leases, recovery."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from store_support import Hand, a_task, query, send, settled
from worker_support import PATIENCE_S, wait_until

from horsies_core.contract.retry import RetryPolicy
from horsies_core.policy.claim import Claimed
from horsies_core.policy.report import Cancelled, Finished, Interrupted, WorkerLost
from horsies_core.policy.states import TaskState
from horsies_core.policy.terms import Terms
from horsies_core.policy.transition import EXPIRED_RESULT, Requeue
from horsies_core.store.enqueue import insert
from horsies_core.store.ids import new_id
from horsies_core.store.operation import Operation, text_of
from horsies_core.store.outcomes import cancel, read_info, read_outcome
from horsies_core.store.status import read_status
from horsies_core.store.store import Store
from horsies_core.store.work import (
    OldSnapshot,
    Settled,
    Turn,
    TurnResult,
    Wish,
    _claim,
    _end_tasks,
    _return_tasks,
    delete_old,
    expire_waiting,
    fall_asleep,
    note_refused,
    old_snapshots,
    recover_one,
    sign_off,
    take_turn,
)

OK = Finished(b'{"ok":1}')
RETRYING = Terms(retry=RetryPolicy.fixed([60], auto_retry_for=["BAD"], jitter=False))


def test_claims_follow_queue_then_priority_then_age(store: Store) -> None:
    hand = Hand(store, queues=("high", "low"))
    tasks = [
        a_task(queue="low", priority=1),
        a_task(queue="high"),
        a_task(queue="high", priority=5),
        a_task(queue="high"),
        a_task(queue="other"),
        a_task(queue="high", name="unknown"),
    ]
    send(store, *reversed(tasks))
    assert [claimed.id for claimed in hand.claim(2)] == [tasks[2].id, tasks[1].id]
    assert [claimed.id for claimed in hand.claim(10)] == [tasks[3].id, tasks[0].id]
    assert hand.claim(10) == ()
    assert query(store, "SELECT count(*) FROM {s}.task WHERE worker IS NULL") == [(2,)]


def test_claim_locks_no_row_that_it_does_not_take(store: Store) -> None:
    send(store, *[a_task() for _ in range(10)])
    with psycopg.connect(store.settings.conninfo) as connection:
        hand = Hand(store)
        other = Hand(store)
        first = hand.claim(4)
        store.run_on(connection, _claim_of(hand, 3))
        assert len(other.claim(10)) == 3
        connection.rollback()
    assert len(first) == 4
    assert len(other.claim(10)) == 3


def _claim_of(hand: Hand, wanted: int) -> Operation[TurnResult]:
    wish = Wish(wanted=wanted, direct=0, queues=hand.queues, limited=frozenset(), names=hand.names)
    return take_turn(Turn(worker=hand.worker, lease_s=60, wish=wish), "bell")


def test_payload_and_fence_come_with_the_claim(store: Store) -> None:
    send(store, a_task(payload='{"a":"é"}'.encode(), good_until=datetime(2100, 1, 1, tzinfo=UTC)))
    [claimed] = Hand(store).claim()
    assert claimed.payload == '{"a":"é"}'.encode()
    assert (claimed.claims, claimed.attempt, claimed.losses) == (1, 0, 0)
    assert claimed.good_until == datetime(2100, 1, 1, tzinfo=UTC).timestamp()
    assert not claimed.marked


def test_direct_claims_are_marked_running_in_the_same_write(store: Store) -> None:
    tasks = [a_task() for _ in range(3)]
    send(store, *tasks)
    assert [claimed.marked for claimed in Hand(store).claim(3, direct=1)] == [True, False, False]
    states = [outcome.state for task in tasks if (outcome := store.run(read_outcome(task.id)))]
    assert states == [TaskState.RUNNING, TaskState.CLAIMED, TaskState.CLAIMED]


def test_ended_task_stands_in_the_history_alone(store: Store) -> None:
    task = a_task()
    send(store, task)
    hand = Hand(store)
    [claimed] = hand.claim(direct=1)
    assert hand.settle(claimed, OK).stale == ()
    outcome = store.run(read_outcome(task.id))
    assert outcome is not None
    assert (outcome.state, outcome.result, outcome.attempt) == (TaskState.COMPLETED, b'{"ok":1}', 1)
    assert query(store, "SELECT count(*) FROM {s}.task") == [(0,)]


def test_retry_waits_and_keeps_the_attempt(store: Store) -> None:
    task = a_task()
    send(store, task)
    hand = Hand(store)
    [claimed] = hand.claim(direct=1)
    hand.settle(claimed, Finished(b'{"err":{"error_code":"BAD","message":"why"}}', "BAD"), RETRYING)
    info = store.run(read_info(task.id))
    assert info is not None
    assert (info.state, info.attempt, info.losses, info.worker) == (TaskState.PENDING, 1, 0, None)
    [past] = info.past_attempts
    assert (past.attempt, past.error_code, past.message, past.worker) == (1, "BAD", "why", hand.worker)
    assert past.started_at is not None
    assert past.started_at <= past.finished_at
    assert hand.claim() == ()
    result = hand.turn(1, tick=True)
    assert result.claimed == ()
    assert result.next_due_s is not None
    assert 55 < result.next_due_s <= 60
    query(store, "UPDATE {s}.task SET due_at = now() - interval '1 s'")
    [again] = hand.turn(1, tick=True).claimed
    assert (again.attempt, again.claims) == (1, 2)


def test_stale_reports_change_nothing(store: Store) -> None:
    send(store, a_task())
    first, second = Hand(store), Hand(store)
    [old] = first.claim()
    first.settle(old, Interrupted())
    [new] = second.claim()
    assert [each.claimed for each in first.settle(old, OK).stale] == [old]
    assert [each.claimed for each in second.settle(old, OK).stale] == [old]
    assert [each.claimed for each in first.settle(new, Interrupted()).stale] == [new]
    assert query(store, "SELECT worker, claims FROM {s}.task") == [(second.worker, 2)]
    assert second.settle(new, OK).stale == ()
    assert [each.claimed for each in second.settle(new, OK).stale] == [new]


def test_settled_and_claimed_go_in_one_transaction(store: Store) -> None:
    send(store, *[a_task() for _ in range(6)])
    hand = Hand(store)
    batch = hand.claim(3)
    result = hand.turn(3, *[settled(claimed, OK) for claimed in batch])
    assert len(result.claimed) == 3
    assert query(store, "SELECT count(DISTINCT xmin::text) FROM {s}.history") == [(1,)]
    assert query(
        store, "SELECT count(*) FROM {s}.task t WHERE t.xmin::text = (SELECT xmin::text FROM {s}.history LIMIT 1)"
    ) == [(3,)]


def test_limit_holds_over_racing_workers(store: Store) -> None:
    send(store, *[a_task(queue="few") for _ in range(60)], *[a_task() for _ in range(3)])
    limits: dict[str, int | None] = {"few": 5, "default": None}
    hands = [Hand(store, queues=("few", "default"), limits=limits) for _ in range(4)]
    in_work: list[int] = []
    held: list[list[Claimed]] = [[] for _ in hands]

    def churn(number: int) -> None:
        with psycopg.connect(store.settings.conninfo, autocommit=True) as watcher:
            for _ in range(12):
                reports = [settled(claimed, OK) for claimed in held[number]]
                held[number] = list(hands[number].turn(4, *reports).claimed)
                text = f"SELECT count(*) FROM {store.settings.schema}.task WHERE queue = 'few' AND worker IS NOT NULL"
                in_work.append(watcher.execute(text.encode()).fetchall()[0][0])

    threads = [threading.Thread(target=churn, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(in_work) == 5
    assert query(store, "SELECT count(*) FROM {s}.history WHERE queue = 'default'") == [(3,)]


def test_full_limited_queue_lets_the_next_queue_be_served(store: Store) -> None:
    send(store, a_task(queue="few"), a_task(queue="few"), a_task())
    hand = Hand(store, queues=("few", "default"), limits={"few": 1})
    assert [claimed.queue for claimed in hand.claim(5)] == ["few", "default"]


def test_dropped_limit_does_not_hold_any_more(store: Store) -> None:
    Hand(store, limits={"default": 1})
    send(store, a_task(), a_task())
    assert len(Hand(store, limits={"default": None}).claim(5)) == 2


def rings(listener: psycopg.Connection[Any], hand: Hand) -> int:
    """How often the worker was rung for since the last look. Notifications come in the order of the commits."""
    channel = f"{hand.store.bell}{hand.worker}"
    query(hand.store, "SELECT pg_notify(%s, 'that was all')", channel)
    for count, notification in enumerate(listener.notifies(timeout=PATIENCE_S)):
        if notification.payload == "that was all":
            return count
    raise AssertionError("nothing was heard")


@pytest.mark.parametrize("expects_sleeper", [False, True])
def test_sleeper_is_rung_once(store: Store, expects_sleeper: bool) -> None:
    hand = Hand(store)
    store.run(fall_asleep(hand.worker, hand.queues, hand.names))
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        connection.execute(f"LISTEN {store.bell}{hand.worker}".encode())
        store.run(insert(a_task(name="unknown"), store.bell))
        store.run(insert(a_task(queue="other"), store.bell))
        assert rings(connection, hand) == 0
        rung = [store.run(insert(a_task(), store.bell, expects_sleeper=expects_sleeper)).has_rung for _ in range(5)]
        assert rung == [True, False, False, False, False]
        assert rings(connection, hand) == 1
        store.run(fall_asleep(hand.worker, hand.queues, hand.names))
        send(store, a_task(), a_task())
        send(store, a_task())
        assert rings(connection, hand) == 1


def test_place_that_a_leaving_worker_frees_rings_whoever_waits_for_it(store: Store) -> None:
    leaving, waiting = (Hand(store, limits={"default": 1}) for _ in range(2))
    send(store, a_task(), a_task())
    [held] = leaving.claim()
    assert waiting.claim() == ()
    store.run(fall_asleep(waiting.worker, waiting.queues, waiting.names))
    leaving.settle(held, Finished(b'{"ok":1}', None))  # and claims nothing more
    assert query(store, "SELECT asleep FROM {s}.sleeper") == [(False,)]
    assert len(waiting.claim()) == 1


def test_open_transaction_of_a_sender_keeps_nobody_from_ringing(store: Store) -> None:
    hand = Hand(store)
    store.run(fall_asleep(hand.worker, hand.queues, hand.names))
    with (
        psycopg.connect(store.settings.conninfo, autocommit=True) as listener,
        psycopg.connect(store.settings.conninfo) as sender,
    ):
        listener.execute(f"LISTEN {store.bell}{hand.worker}".encode())
        store.run_on(sender, insert(a_task(), store.bell, "callers"))
        store.run(insert(a_task(), store.bell))
        assert rings(listener, hand) == 1
        sender.commit()
        assert rings(listener, hand) == 1


def test_held_task_is_cancelled_by_its_worker(store: Store) -> None:
    task = a_task()
    send(store, task)
    hand = Hand(store)
    [claimed] = hand.claim(direct=1)
    assert store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b"{}"))
    turn = Turn(worker=hand.worker, lease_s=60, is_tick=True, running=(task.id, new_id()))
    assert store.run(take_turn(turn, store.bell)).cancelled == {task.id}
    hand.settle(claimed, Cancelled())
    outcome = store.run(read_outcome(task.id))
    assert outcome is not None
    assert outcome.state is TaskState.CANCELLED


def test_cancelled_task_is_not_tried_again(store: Store) -> None:
    task = a_task()
    send(store, task)
    hand = Hand(store)
    [claimed] = hand.claim(direct=1)
    store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b"{}"))
    hand.settle(claimed, Finished(b"{}", "BAD"), RETRYING)
    outcome = store.run(read_outcome(task.id))
    assert outcome is not None
    assert (outcome.state, outcome.attempt) == (TaskState.CANCELLED, 1)


def test_late_waiting_tasks_expire_unclaimed(store: Store) -> None:
    late, fresh = a_task(good_until=datetime.now(UTC) - timedelta(seconds=1), delay_s=60.0), a_task()
    send(store, late, fresh)
    assert store.run(expire_waiting("TASK_EXPIRED", EXPIRED_RESULT)) == 1
    outcome = store.run(read_outcome(late.id))
    assert outcome is not None
    assert (outcome.state, outcome.error_code) == (TaskState.EXPIRED, "TASK_EXPIRED")
    assert store.run(expire_waiting("TASK_EXPIRED", EXPIRED_RESULT)) == 0


def judge(worker: int, claimed: Claimed, terms: object) -> Settled:
    return settled(claimed, WorkerLost(claimed.marked, worker), RETRYING if terms == "retry" else None)


def let_lease_run_out(store: Store, hand: Hand) -> None:
    query(store, "UPDATE {s}.worker SET lease_until = now() - interval '1 s' WHERE id = %s", hand.worker)


def test_dead_worker_is_recovered_by_its_own_terms(store: Store) -> None:
    waiting, running = a_task(), a_task()
    send(store, running, waiting)
    dead = Hand(store, terms={"work": "retry"})
    assert [claimed.marked for claimed in dead.claim(2, direct=1)] in ([True, False], [False, True])
    let_lease_run_out(store, dead)
    recovered = store.run(recover_one(0.01, judge, store.bell))
    assert recovered is not None
    assert recovered.worker == dead.worker
    assert len(recovered.settled) == 2
    states = query(store, "SELECT attempt, losses, worker FROM {s}.task")
    states += query(store, "SELECT attempt, losses, NULL FROM {s}.history WHERE error_code = 'WORKER_CRASHED'")
    assert sorted(states, key=str) == [(0, 1, None), (1, 0, None)]
    assert store.run(recover_one(0.01, judge, store.bell)) is None


def test_worker_that_was_recovered_can_neither_claim_nor_write(store: Store) -> None:
    send(store, a_task(), a_task())
    dead = Hand(store)
    [claimed] = dead.claim()
    let_lease_run_out(store, dead)
    store.run(recover_one(0.01, judge, store.bell))
    result = dead.turn(5, settled(claimed, OK), tick=True)
    assert not result.is_alive
    assert result.claimed == ()
    assert [each.claimed for each in result.stale] == [claimed]


def test_worker_whose_lease_runs_out_claims_nothing_until_it_renews(store: Store) -> None:
    send(store, a_task())
    hand = Hand(store)
    let_lease_run_out(store, hand)
    assert hand.claim() == ()
    assert hand.turn(tick=True).is_alive
    assert len(hand.claim()) == 1


def test_worker_that_is_renewing_is_not_recovered(store: Store) -> None:
    hand = Hand(store)
    let_lease_run_out(store, hand)
    with psycopg.connect(store.settings.conninfo) as connection:
        tick = Turn(worker=hand.worker, lease_s=60, is_tick=True)
        store.run_on(connection, take_turn(tick, store.bell))
        assert store.run(recover_one(0.01, judge, store.bell)) is None
        connection.commit()
    assert store.run(recover_one(0.01, judge, store.bell)) is None
    assert hand.turn(tick=True).is_alive


def test_worker_whose_own_lease_ran_out_judges_nobody_before_it_renewed_it(store: Store) -> None:
    """After a sleep of the machine everybody is late, and nobody dead."""
    hand, other = Hand(store), Hand(store)
    for late in (hand, other):
        let_lease_run_out(store, late)
    assert store.run(recover_one(0.01, judge, store.bell, hand.worker)) is None
    assert hand.turn(tick=True).is_alive
    recovered = store.run(recover_one(0.01, judge, store.bell, hand.worker))
    assert recovered is not None
    assert recovered.worker == other.worker
    assert store.run(recover_one(0.01, judge, store.bell, other.worker)) is None


def test_claim_that_outlasts_the_lease_is_recovered_too(store: Store) -> None:
    """A commit may take longer than a lease. If the recovery came in between, nobody would look for the rows again."""
    send(store, a_task())
    hand = Hand(store)
    with psycopg.connect(store.settings.conninfo) as connection:
        claim = store.run_on(connection, _claim_of(hand, 1))
        assert len(claim.claimed) == 1
        let_lease_run_out(store, hand)
        assert store.run(recover_one(0.01, judge, store.bell)) is None
        connection.commit()
    recovered = store.run(recover_one(0.01, judge, store.bell))
    assert recovered is not None
    assert [each.claimed.id for each in recovered.settled] == [claim.claimed[0].id]


def test_worker_that_is_being_recovered_claims_nothing(store: Store) -> None:
    send(store, a_task())
    hand = Hand(store)
    with psycopg.connect(store.settings.conninfo) as connection:
        let_lease_run_out(store, hand)
        store.run_on(connection, recover_one(0.01, judge, store.bell))
        assert hand.claim() == ()
        connection.commit()
    assert hand.claim() == ()


def test_lost_tasks_are_marked_before_they_start_again(store: Store) -> None:
    send(store, a_task())
    hand = Hand(store)
    [claimed] = hand.claim()
    hand.turn(0, Settled(claimed, Requeue(is_loss=True), False))
    [again] = hand.claim()
    assert (again.losses, again.marked) == (1, True)


def test_signing_off_leaves_nothing(store: Store) -> None:
    hand = Hand(store)
    store.run(fall_asleep(hand.worker, hand.queues, hand.names))
    store.run(sign_off(hand.worker))
    assert query(store, "SELECT count(*) FROM {s}.worker") == [(0,)]
    assert query(store, "SELECT count(*) FROM {s}.sleeper") == [(0,)]
    assert not hand.turn(tick=True).is_alive


def id_of(age: timedelta) -> UUID:
    """An id as it was made so long ago."""
    return UUID(int=new_id().int - (int(age.total_seconds() * 1000) << 80))


def end_all(store: Store, age: timedelta) -> None:
    """End everything that may be claimed, so long ago."""
    hand = Hand(store)
    while held := hand.claim(500):
        hand.turn(0, *[settled(each, OK) for each in held])
    query(store, "UPDATE {s}.history SET finished_at = now() - %s", age)


def test_retention_deletes_what_is_old_and_its_keys(store: Store) -> None:
    old, young = a_task(id=id_of(timedelta(hours=2)), idempotency_key="old"), a_task()
    slow = a_task(id=id_of(timedelta(hours=2)))
    for task in (old, young, slow):
        send(store, task)
    end_all(store, timedelta(hours=2))
    query(store, "UPDATE {s}.history SET finished_at = now() WHERE id <> %s", old.id)
    assert store.run(delete_old(3600)) == 1
    assert store.run(read_outcome(old.id)) is None
    assert store.run(read_outcome(young.id)) is not None
    assert store.run(read_outcome(slow.id)) is not None
    assert query(store, "SELECT count(*) FROM {s}.idempotency_key") == [(0,)]


def test_retention_goes_in_bites_and_leaves_live_tasks_alone(store: Store) -> None:
    send(store, *[a_task(id=id_of(timedelta(days=9))) for _ in range(2_300)])
    end_all(store, timedelta(days=8))
    waiting = a_task(id=id_of(timedelta(days=30)))
    send(store, waiting, a_task(id=id_of(timedelta(days=30)), delay_s=60.0))
    assert [store.run(delete_old(7 * 24 * 3600)) for _ in range(4)] == [1000, 1000, 300, 0]
    assert query(store, "SELECT count(*) FROM {s}.history") == [(0,)]
    assert query(store, "SELECT count(*) FROM {s}.task") == [(2,)]


def test_two_who_delete_do_not_wait_for_each_other(store: Store) -> None:
    send(store, *[a_task(id=id_of(timedelta(days=9))) for _ in range(1_500)])
    end_all(store, timedelta(days=8))
    with psycopg.connect(store.settings.conninfo) as connection:
        assert store.run_on(connection, delete_old(3600)) == 1000
        assert store.run(delete_old(3600)) == 500
        connection.commit()


def test_retention_looks_only_at_what_is_old(store: Store) -> None:
    """However much is kept: a look that finds nothing must not read it all, every minute, in every worker."""
    send(store, *[a_task() for _ in range(5_000)])
    end_all(store, timedelta(0))
    query(store, "ANALYZE {s}.history")
    with psycopg.connect(store.settings.conninfo) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        text = b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + text_of("delete_old", store.settings.schema)
        [[[plan]]] = connection.execute(text, {"age": timedelta(hours=1)}).fetchall()
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 30


def test_old_snapshots_are_named(store: Store) -> None:
    with psycopg.connect(store.settings.conninfo, application_name="forgotten") as connection:
        pid = connection.info.backend_pid

        def found(age_s: float) -> list[OldSnapshot]:
            return [each for each in store.run(old_snapshots(age_s)) if each.pid == pid]

        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM pg_class")
        assert found(3600.0) == []
        wait_until(lambda: found(0.3), "it is old, and among the oldest")
        [named] = found(0.3)
        assert named.application == "forgotten"
        assert named.open_s >= 0.3


@pytest.mark.parametrize("rows", [0, 20_000])
def test_hot_statements_use_their_indexes(store: Store, rows: int) -> None:
    """Also on an empty table: the plan that is made then is kept when the table grows."""
    send(store, *[a_task(queue=f"q{number % 3}") for number in range(rows)])
    hand = Hand(store, queues=("q0", "q1"))
    hand.claim(1)
    plans = _plans(store, hand)
    for name, indexes in [
        ("claim", ["task_ready", "task_pkey"]),
        ("end_tasks", ["task_pkey"]),
        ("return_tasks", ["task_pkey"]),
    ]:
        assert "Seq Scan on task" not in plans[name], plans[name]
        for index in indexes:
            assert index in plans[name], plans[name]
        assert "Sort" not in plans[name], plans[name]


def _plans(store: Store, hand: Hand) -> dict[str, str]:
    claimed = Claimed(new_id(), "work", "q0", "f", b"{}", 1, 0, 0, None, False)
    [claim] = _claim(
        hand.worker, Wish(wanted=5, direct=1, queues=hand.queues, limited=frozenset(), names=hand.names), 60
    )
    end = _end_tasks(hand.worker, [settled(claimed, OK)])
    back = _return_tasks(hand.worker, [settled(claimed, Interrupted())])[0]
    plans: dict[str, str] = {}
    with psycopg.connect(store.settings.conninfo) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        for statement in (claim, end, back):
            text = b"EXPLAIN " + text_of(statement.name, store.settings.schema)
            rows = connection.execute(text, statement.parameters).fetchall()
            plans[statement.name] = "\n".join(row[0] for row in rows)
    return plans


def test_a_row_is_not_claimed_again_by_a_reader_that_refused_it(store: Store) -> None:
    send(store, a_task())
    hand, other = Hand(store), Hand(store)
    [claimed] = hand.claim(1)
    hand.turn(0, Settled(claimed, Requeue(is_loss=False, refused_by="r1"), False))
    for _ in range(2):
        wish = Wish(wanted=1, direct=0, queues=hand.queues, limited=frozenset(), names=hand.names, unfit=("r1", "r2"))
        assert store.run(take_turn(Turn(worker=hand.worker, lease_s=60, wish=wish), store.bell)).claimed == ()
    [again] = other.claim(1)
    assert (again.attempt, again.losses) == (0, 0)
    other.turn(0, Settled(again, Requeue(is_loss=False, refused_by="r1"), False))
    assert query(store, "SELECT refused_by FROM {s}.task") == [(["r1"],)]


def test_what_all_live_readers_refuse_is_shown_as_waiting_for_a_capable_worker(store: Store) -> None:
    refused, other, fine = a_task(), a_task(fingerprint="0" * 32), a_task(fingerprint="1" * 32)
    send(store, refused, other, fine)
    hand = Hand(store)
    query(store, "UPDATE {s}.worker SET readers = '{r1}'")
    query(store, "UPDATE {s}.task SET refused_by = '{r0,r1}' WHERE id = %s", refused.id)
    store.run(note_refused(hand.worker, (other.fingerprint,)))

    def shown() -> list[tuple[str, int, bool]]:
        return [(each.fingerprint, each.count, each.is_known) for each in store.run(read_status()).unserved]

    assert shown() == [("0" * 32, 1, True), ("f" * 32, 1, True)]
    Hand(store)
    assert shown() == [], "another reader may read both"
