"""Sending against a real database: rows, handles, options, and every way in which a send fails."""

from __future__ import annotations

import asyncio
import json
import math
import os
import pickle
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from store_support import Hand

from horsies import (
    AppConfig,
    EnqueueError,
    Horsies,
    IdempotencyConflictError,
    OutcomeErrorCode,
    PayloadError,
    PostgresConfig,
    QueueConfig,
    QueueMode,
    ResultTimeoutError,
    RetrievalErrorCode,
    SendOptionError,
    StoreUnavailableError,
    Task,
    TaskError,
    TaskResult,
    TaskState,
)
from horsies_core.policy.report import Finished
from horsies_core.store import enqueue
from horsies_core.store.operation import text_of
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store
from horsies_core.store.work import fall_asleep
from horsies_core.worker.attempt import run_attempt

Greet = Task[Any, str, str]


@pytest.fixture
def app(store_settings: StoreSettings) -> Iterator[Horsies]:
    with Horsies(AppConfig(broker=_broker(store_settings))) as app:
        yield app


def _broker(settings: StoreSettings) -> PostgresConfig:
    return PostgresConfig(database_url=settings.conninfo, schema=settings.schema)


@pytest.fixture
def greet(app: Horsies) -> Greet:
    @app.task("greet")
    def greet(*, name: str, title: str | None = None) -> TaskResult[str, TaskError]:
        return TaskResult(ok=name)

    return greet


def _rows(store: Store) -> list[Any]:
    with psycopg.connect(store.settings.conninfo) as connection:
        query = f"SELECT id, name, queue, priority, payload, fingerprint, due_at, good_until FROM {store.settings.schema}.task"
        return connection.execute(query.encode()).fetchall()


def test_a_send_is_one_row(greet: Greet, store: Store) -> None:
    handle = greet.send(name="Ada")
    [(task_id, name, queue, priority, payload, fingerprint, due_at, good_until)] = _rows(store)
    assert (task_id, name, queue, priority) == (handle.task_id, "greet", "default", 100)
    assert json.loads(payload) == {"name": "Ada"}
    assert fingerprint == greet.definition.fingerprint
    assert due_at is good_until is None
    assert handle.is_new
    info = handle.info()
    assert info is not None
    assert info.state is TaskState.PENDING


def test_a_send_from_a_loop(greet: Greet, store: Store, app: Horsies) -> None:
    async def send() -> None:
        async with app:
            handle = await greet.send_async(name="Ada")
            with pytest.raises(ResultTimeoutError):
                await handle.get_async(timeout_ms=1)
            assert await handle.cancel_async()
            result = await handle.get_async(timeout_ms=120_000)
            assert result.is_err()
            [one, two] = await greet.send_many_async([{"name": "A"}, {"name": "B"}])
            assert one != two
            info = await one.info_async()
            assert info is not None

    asyncio.run(send())
    assert len(_rows(store)) == 2


def test_what_does_not_fit_leaves_no_row(greet: Greet, store: Store) -> None:
    loose: Any = greet
    for wrong in ({"name": 1}, {}, {"name": "a", "other": 1}, {"name": "a\0"}):
        with pytest.raises(PayloadError):
            loose.send(**wrong)
    with pytest.raises(PayloadError, match="by name only"):
        loose.send("Ada")
    with pytest.raises(PayloadError):
        loose.send_many([{"name": "a"}, {"name": 1}])
    assert _rows(store) == []


def test_options(greet: Greet, store: Store) -> None:
    good_until = datetime.now(UTC) + timedelta(hours=1)
    greet.with_options(delay=timedelta(minutes=5), good_until=good_until, priority=3).send(name="Ada")
    [(_, _, _, priority, _, _, due_at, stored_until)] = _rows(store)
    assert priority == 3
    assert stored_until == good_until
    assert timedelta(minutes=4) < due_at - datetime.now(UTC) <= timedelta(minutes=5)


def test_options_do_not_stick(greet: Greet, store: Store) -> None:
    greet.with_options(priority=3)
    greet.send(name="Ada")
    assert [row[3] for row in _rows(store)] == [100]


@pytest.mark.parametrize(
    "wrong",
    [
        {"delay": -1},
        {"delay": "5"},
        {"delay": float("nan")},
        {"delay": True},
        {"good_until": datetime(2026, 1, 1)},
        {"good_until": 5},
        {"priority": 0},
        {"priority": 101},
        {"priority": 1.5},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 201},
        {"idempotency_key": "a\0b"},
        {"idempotency_key": "\ud800"},
    ],
)
def test_a_wrong_option_is_refused(greet: Greet, wrong: dict[str, Any]) -> None:
    with pytest.raises(SendOptionError, match=next(iter(wrong))):
        greet.with_options(**wrong)


def test_the_queues_own_priority_is_the_workers_matter_and_not_stored(
    store_settings: StoreSettings, store: Store
) -> None:
    queues = [QueueConfig(name="critical", priority=2)]
    config = AppConfig(broker=_broker(store_settings), queue_mode=QueueMode.CUSTOM, queues=queues)
    with Horsies(config) as app:

        @app.task("urgent", queue_name="critical")
        def urgent() -> TaskResult[None, TaskError]:
            return TaskResult(ok=None)

        urgent.send()
    assert [(row[2], row[3]) for row in _rows(store)] == [("critical", 100)]


def test_one_key_is_one_task(greet: Greet, store: Store) -> None:
    keyed = greet.with_options(idempotency_key="order-1")
    first, second = keyed.send(name="Ada"), keyed.send(name="Ada")
    assert first == second
    assert (first.is_new, second.is_new) == (True, False)
    assert len(_rows(store)) == 1
    with pytest.raises(IdempotencyConflictError, match="order-1"):
        keyed.send(name="Grace")
    with pytest.raises(SendOptionError, match="send_many"):
        keyed.send_many([{"name": "Ada"}])


def test_many_in_one_go(greet: Greet, store: Store) -> None:
    handles = greet.send_many({"name": str(number)} for number in range(50))
    assert {row[0] for row in _rows(store)} == {handle.task_id for handle in handles}
    assert greet.send_many([]) == []


def test_who_found_a_worker_asleep_expects_the_next_one_to_be(
    greet: Greet, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: list[object] = []
    insert = enqueue.insert

    def spy(*arguments: Any, **options: Any) -> Any:
        expected.append(options["expects_sleeper"])
        return insert(*arguments, **options)

    monkeypatch.setattr(enqueue, "insert", spy)
    hand = Hand(store, names=("greet",))
    for is_asleep in (False, True, True, False, False):
        if is_asleep:
            store.run(fall_asleep(hand.worker, hand.queues, hand.names))
        greet.send(name="Ada")
        with psycopg.connect(
            store.settings.conninfo
        ) as connection:  # a ring of the caller's says nothing of who sleeps
            greet.with_options(connection=connection).send(name="Ada")
    assert expected == [False, False, False, False, True, False, True, False, False, False]
    assert len(_rows(store)) == 10


def test_in_the_callers_own_transaction(greet: Greet, store: Store) -> None:
    with psycopg.connect(store.settings.conninfo) as connection:
        handle = greet.with_options(connection=connection).send(name="Ada")
        assert _rows(store) == []
        assert handle.get(timeout_ms=0).err.error_code is RetrievalErrorCode.TASK_NOT_FOUND
        connection.rollback()
        assert _rows(store) == []
        greet.with_options(connection=connection).send(name="Ada")
        connection.commit()
    assert len(_rows(store)) == 1


def test_what_was_never_sent_is_not_found(greet: Greet) -> None:
    result = greet.handle(uuid4()).get(timeout_ms=10)
    assert result.is_err()
    assert result.err.error_code is RetrievalErrorCode.TASK_NOT_FOUND


def test_a_wait_can_be_given_up_and_taken_up_again(greet: Greet) -> None:
    handle = greet.send(name="Ada")
    with pytest.raises(ResultTimeoutError, match="PENDING") as raised:
        handle.get(timeout_ms=20)
    assert isinstance(raised.value, TimeoutError)
    same = greet.handle(str(handle.task_id))
    assert same == handle
    assert handle.cancel()
    assert not handle.cancel()
    assert same.get(timeout_ms=120_000).err.error_code is OutcomeErrorCode.TASK_CANCELLED


@pytest.mark.parametrize("timeout_ms", [math.inf, 1e300])
def test_a_wait_may_have_any_length(greet: Greet, store: Store, timeout_ms: float) -> None:
    handle = greet.send(name="Ada")
    threading.Timer(0.1, _work, (store, greet)).start()
    assert handle.get(timeout_ms=timeout_ms) == TaskResult(ok="Ada")
    assert asyncio.run(handle.get_async(timeout_ms=timeout_ms)) == TaskResult(ok="Ada")


@pytest.mark.parametrize("timeout_ms", [-1, math.nan, "5"])
def test_what_is_no_length_of_a_wait_is_refused(greet: Greet, timeout_ms: Any) -> None:
    with pytest.raises(ValueError, match="timeout_ms is"):
        greet.handle(uuid4()).get(timeout_ms=timeout_ms)


def test_a_handle_that_is_pickled_says_what_to_pass_on(greet: Greet) -> None:
    with pytest.raises(TypeError, match="task_id"):
        pickle.dumps(greet.handle(uuid4()))


def test_what_the_database_did_not_take_can_be_replayed(greet: Greet, app: Horsies, store: Store) -> None:
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE {store.settings.schema}.task RENAME TO task_away".encode())
        with pytest.raises(EnqueueError, match="horsies migrate") as raised:
            greet.send(name="Ada")
        connection.execute(f"ALTER TABLE {store.settings.schema}.task_away RENAME TO task".encode())
    [handle] = app.replay(raised.value)
    [again] = asyncio.run(_replay(app, raised.value))
    assert handle == again
    [row] = _rows(store)
    assert row[0] == handle.task_id == raised.value.attempted.rows[0].id
    assert json.loads(row[4]) == {"name": "Ada"}


async def _replay(app: Horsies, error: EnqueueError) -> Any:
    async with app:
        return await app.replay_async(error)


def test_a_database_that_is_not_there() -> None:
    broker = PostgresConfig(database_url="postgresql://u:s3cr3t@127.0.0.1:9/none", connect_timeout_s=0.5)
    with Horsies(AppConfig(broker=broker)) as app:

        @app.task("t")
        def task() -> TaskResult[None, TaskError]:
            return TaskResult(ok=None)

        with pytest.raises(EnqueueError) as raised:
            task.send()
        assert raised.value.retryable
        assert "s3cr3t" not in str(raised.value)
        assert isinstance(raised.value.__cause__, StoreUnavailableError)
        with pytest.raises(EnqueueError):
            task.send_many([{}, {}])
        with pytest.raises(ValueError, match="another process"):
            app.replay(pickle.loads(pickle.dumps(raised.value)))


def test_a_producer_creates_no_tables(postgres_url: str, schema: str) -> None:
    with Horsies(AppConfig(broker=PostgresConfig(database_url=postgres_url, schema=schema))) as app:

        @app.task("t")
        def task() -> TaskResult[None, TaskError]:
            return TaskResult(ok=None)

        with pytest.raises(EnqueueError, match="horsies migrate") as raised:
            task.send()
        assert not raised.value.retryable
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchall()
    assert found == []


def _work(store: Store, task: Greet) -> None:
    """Do what a worker does for one task."""
    hand = Hand(store, names=(task.name,))
    [claimed] = hand.claim()
    encoded = run_attempt(task.definition, claimed.payload)
    hand.settle(claimed, Finished(encoded.data, encoded.error_code))


def test_the_result_of_a_worker_comes_back(greet: Greet, store: Store) -> None:
    handle = greet.send(name="Ada")
    _work(store, greet)
    assert handle.get(timeout_ms=120_000) == TaskResult(ok="Ada")
    assert handle.get() == TaskResult(ok="Ada")
    assert not handle.cancel()


def test_a_waiting_thread_is_woken(greet: Greet, store: Store) -> None:
    handle = greet.send(name="Ada")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(handle.get, timeout_ms=120_000)
        _work(store, greet)
        assert waiting.result(timeout=120) == TaskResult(ok="Ada")


def test_threads_share_an_app(greet: Greet, store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        handles = list(pool.map(lambda number: greet.send(name=str(number)), range(80)))
    assert {row[0] for row in _rows(store)} == {handle.task_id for handle in handles}


def test_a_forked_child_has_connections_of_its_own(greet: Greet, store: Store) -> None:
    greet.send(name="parent")
    pid = os.fork()
    if pid == 0:
        try:
            greet.send(name="child")
        except BaseException:
            os._exit(1)
        os._exit(0)
    greet.send(name="parent again")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(_rows(store)) == 3


def test_a_closed_app_opens_again(greet: Greet, app: Horsies, store: Store) -> None:
    greet.send(name="one")
    app.close()
    greet.send(name="two")
    assert len(_rows(store)) == 2


def test_the_page_on_sending_names_what_a_send_writes_down() -> None:
    """Every column of an insertion, and no other one."""
    page = (Path(__file__).parents[2] / "docs" / "sending.md").read_text(encoding="utf-8")
    table = page.partition("| column | what |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:])))
    statement = text_of("copy_tasks", "s").decode()
    assert named == set(statement.partition("(")[2].partition(")")[0].split(", "))
