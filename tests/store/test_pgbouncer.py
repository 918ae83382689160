"""Everything but LISTEN goes through PgBouncer in transaction mode: the real one, with fewer connections than clients."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from pgbouncer_support import serve_pgbouncer
from postgres_support import fresh_schema
from store_support import Hand, a_task, cancel_while_waited_for, query, send, settled
from worker_support import PATIENCE_S, TIMEOUT_MS, Sends, WorkerProcess, wait_until
from worker_tasks import build_app

from horsies_core.outcome.errors import EnqueueError, StoreError
from horsies_core.policy.report import Finished
from horsies_core.policy.states import TaskState
from horsies_core.store import outcomes
from horsies_core.store.enqueue import insert, insert_many
from horsies_core.store.listening import Listener
from horsies_core.store.migrate import migrate, pending
from horsies_core.store.outcomes import cancel, read_outcome
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

LOCKS = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = hashtextextended('horsies ' || %s, 0)
"""
"""Who holds the lock of a schema's migrations, or waits for it. There are tests beside this one, with locks of their own."""

ROUNDS = 8
"""More than psycopg's threshold for preparing a statement."""


@pytest.fixture(scope="module")
def pooler_url(postgres_url: str) -> Iterator[str]:
    yield from serve_pgbouncer(postgres_url)


@pytest.fixture
def schema(postgres_url: str) -> Iterator[str]:
    yield from fresh_schema(postgres_url)


@pytest.fixture
def pooled(pooler_url: str, schema: str) -> StoreSettings:
    """Through the pooler, as a user would set it up who has no other way in."""
    settings = StoreSettings(conninfo=pooler_url, schema=schema, listen=False, prepare=False)
    migrate(settings)
    return settings


@pytest.fixture
def store(pooled: StoreSettings) -> Iterator[Store]:
    store = Store(pooled)
    yield store
    store.close()


def test_a_transaction_is_all_that_a_client_has_to_itself(pooler_url: str) -> None:
    """That the pooler stands in between and pools by transactions, so that the other tests mean something."""
    clients = [psycopg.connect(pooler_url, autocommit=True, prepare_threshold=None) for _ in range(20)]
    backends = {client.execute("SELECT pg_backend_pid()").fetchone() for client in clients}
    for client in clients:
        client.close()
    assert len(backends) <= 4


def test_many_migrate_at_once(pooler_url: str, schema: str) -> None:
    settings = StoreSettings(conninfo=pooler_url, schema=schema, prepare=False)
    applied: list[int] = []
    threads = [
        threading.Thread(target=lambda: applied.extend(each.number for each in migrate(settings))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied
    assert sorted(applied) == [1 + number for number in range(len(applied))]  # each once; threads end in any order
    assert pending(settings) == ()
    with psycopg.connect(pooler_url, prepare_threshold=None) as connection:
        assert connection.execute(LOCKS, [schema]).fetchone() == (0,)


def test_sends_of_every_kind(store: Store) -> None:
    for number in range(ROUNDS):
        assert store.run(insert(a_task(), store.bell)).is_new
        send(store, a_task(), a_task(delay_s=60.0))
        key = f"k{number}"
        assert store.run(insert(a_task(idempotency_key=key), store.bell)).is_new
        assert not store.run(insert(a_task(idempotency_key=key), store.bell)).is_new
        with psycopg.connect(store.settings.conninfo, prepare_threshold=None) as connection:
            store.run_on(connection, insert(a_task(), store.bell, "callers"))

    async def go() -> None:
        for _ in range(ROUNDS):
            await store.run_async(insert(a_task(), store.bell))
            await store.run_async(insert_many([a_task(), a_task()], store.bell))
        await store.close_async()

    asyncio.run(go())
    assert query(store, "SELECT count(*) FROM {s}.task") == [(ROUNDS * 8,)]


def test_turns_of_many_workers(store: Store) -> None:
    send(store, *[a_task(queue=f"q{number % 2}") for number in range(200)])
    hands = [Hand(store, queues=("q0", "q1"), limits={"q0": 7, "q1": None}) for _ in range(8)]

    def work(hand: Hand) -> None:
        held = hand.claim(3)
        while held:
            held = hand.turn(3, *[settled(each, Finished(b'{"ok":1}')) for each in held], tick=True).claimed

    threads = [threading.Thread(target=work, args=[hand]) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(hands[0])
    assert query(store, "SELECT state::text, attempt, count(*) FROM {s}.history GROUP BY 1, 2") == [
        ("COMPLETED", 1, 200)
    ]


def test_results_are_heard_over_a_connection_of_their_own(
    pooled: StoreSettings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "FIRST_PAUSE_S", 3600.0)  # nobody looks before he has heard of something
    store = Store(replace(pooled, listen=True, listen_conninfo=postgres_url))
    task = a_task()
    send(store, task)
    canceller = cancel_while_waited_for(store, task)
    started = time.monotonic()
    outcome = store.wait(task.id, PATIENCE_S)
    assert time.monotonic() - started < PATIENCE_S / 2
    canceller.join()
    store.close()
    assert outcome is not None
    assert outcome.is_terminal


def test_where_nothing_is_heard_that_is_found_out_and_polled(
    pooled: StoreSettings, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(replace(pooled, listen=True))
    first, second = a_task(), a_task()
    send(store, first, second)
    with caplog.at_level(logging.WARNING, "horsies.store"):
        waited = store.wait(first.id, 0.5)
        assert waited is not None
        assert not waited.is_terminal
        wait_until(lambda: "listen_url" in caplog.text, "it is found out")
    timer = threading.Timer(0.3, lambda: store.run(cancel(second.id, store.bell, "TASK_CANCELLED", b'{"err":1}')))
    timer.start()
    outcome = store.wait(second.id, PATIENCE_S)
    timer.join()
    assert outcome is not None
    assert outcome.state is TaskState.CANCELLED
    assert query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]

    async def go() -> None:
        waited = await store.wait_async(first.id, 0.5)
        assert waited is not None
        async with asyncio.timeout(PATIENCE_S):
            while store._side().mailroom.hears:
                await asyncio.sleep(0.05)
        await store.close_async()

    asyncio.run(go())
    store.close()


def test_a_workers_ear_learns_that_it_is_deaf(pooled: StoreSettings) -> None:
    listener = Listener(replace(pooled, listen=True), "ear")
    assert not listener.open("some_channel")
    listener.close()


def test_prepared_statements_are_named_where_the_pooler_knows_none(pooled: StoreSettings) -> None:
    """PgBouncer learned of them in 1.21; where it has, they just work."""
    stores = [Store(replace(pooled, prepare=True)) for _ in range(4)]
    try:
        for _ in range(ROUNDS * 2):
            for store in stores:
                store.run(read_outcome(a_task().id))
    except StoreError as error:
        assert "PostgresConfig.prepare" in str(error)
    finally:
        for store in stores:
            store.close()


@pytest.mark.parametrize("listens", [False, True], ids=["polling", "listening past the pooler"])
def test_workers_behind_the_pooler(pooled: StoreSettings, postgres_url: str, listens: bool) -> None:
    settings = replace(pooled, listen=listens, listen_conninfo=postgres_url if listens else None)
    app = build_app(
        settings.conninfo, settings.schema, listen=listens, listen_url=settings.listen_conninfo, prepare=False
    )
    workers = [WorkerProcess(settings, processes=2).wait_ready() for _ in range(2)]
    try:
        with app:
            handles = [Sends(app)("add", a=number, b=1) for number in range(60)]
            assert [handle.get(timeout_ms=TIMEOUT_MS).unwrap() for handle in handles] == [
                number + 1 for number in range(60)
            ]
    finally:
        codes = [worker.stop() for worker in workers]
    assert codes == [0, 0]


def test_the_pooler_going_away_is_an_outage_like_any_other(postgres_url: str, schema: str) -> None:
    for url in serve_pgbouncer(postgres_url):
        migrate(StoreSettings(conninfo=url, schema=schema, prepare=False))
    with build_app(url, schema, prepare=False, connect_timeout_s=2) as app, pytest.raises(EnqueueError) as failed:
        Sends(app)("add", a=1, b=1)
    assert failed.value.retryable
