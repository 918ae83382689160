"""Least privilege: each kind of role can do all that it is for, and nothing else. Tried with real roles on each Postgres."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import errors, sql
from store_support import Hand, a_task, judge, query, send, settled

from horsies import AppConfig, EnqueueError, Horsies, PostgresConfig, SchemaError, Task, TaskError, TaskResult
from horsies_core.outcome.errors import StoreError
from horsies_core.policy.report import Finished
from horsies_core.policy.transition import EXPIRED_RESULT
from horsies_core.store.grants import RoleKind, grants_sql
from horsies_core.store.migrate import all_migrations, migrate, pending
from horsies_core.store.settings import StoreSettings
from horsies_core.store.status import read_status
from horsies_core.store.store import Store
from horsies_core.store.work import (
    delete_old,
    expire_waiting,
    fall_asleep,
    old_snapshots,
    recover_one,
    sign_off,
    sweep_waiters,
)

_numbers = itertools.count(1)

StoreOf = Callable[..., Store]


@pytest.fixture
def store_of(store: Store) -> Iterator[StoreOf]:
    """Makes a role of some kinds, and a store that works as that role."""
    url = store.settings.conninfo
    made: list[tuple[str, Store]] = []

    def make(*kinds: RoleKind) -> Store:
        role = f"role_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            for kind in kinds:
                connection.execute(grants_sql(kind, role, store.settings.schema).encode())
        conninfo = url.replace("//horsies@", f"//{role}@")
        assert role in conninfo
        made.append((role, Store(replace(store.settings, conninfo=conninfo))))
        return made[-1][1]

    yield make
    for role, made_store in made:
        made_store.close()
        with psycopg.connect(url, autocommit=True) as connection:
            for text in ("DROP OWNED BY {}", "DROP ROLE {}"):
                connection.execute(sql.SQL(text).format(sql.Identifier(role)))


def app_of(settings: StoreSettings) -> tuple[Horsies, Task[..., int, str]]:
    app = Horsies(AppConfig(broker=PostgresConfig(database_url=settings.conninfo, schema=settings.schema)))

    @app.task("work")
    def work(*, number: int = 0) -> TaskResult[int, TaskError]:
        return TaskResult(ok=number)

    return app, work


def test_a_producer_sends_in_every_way_and_reads_results(store_of: StoreOf, store: Store) -> None:
    producer = store_of(RoleKind.PRODUCER)
    hand = Hand(store)
    store.run(fall_asleep(hand.worker, hand.queues, hand.names))
    app, work = app_of(producer.settings)
    with app:
        first = work.send(number=1)
        work.with_options(delay=60, priority=3).send()
        keyed = work.with_options(idempotency_key="k")
        assert keyed.send() == keyed.send()
        work.send_many([{"number": 2}, {"number": 3}])
        with psycopg.connect(producer.settings.conninfo) as connection:
            work.with_options(connection=connection).send()
            work.with_options(connection=connection).send_many([{}, {}])
        info = first.info()
        assert info is not None
        [claimed] = hand.claim(1)
        hand.settle(claimed, Finished(b'{"ok":1}'))
        assert work.handle(claimed.id).get(timeout_ms=120_000) == TaskResult(ok=1)
        with pytest.raises(TimeoutError):
            keyed.send().get(timeout_ms=100)

    async def go() -> None:
        app, work = app_of(producer.settings)
        async with app:
            handle = await work.send_async()
            with pytest.raises(TimeoutError):
                await handle.get_async(timeout_ms=100)

    asyncio.run(go())
    assert query(store, "SELECT count(*) FROM {s}.task") == [(8,)]
    assert query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]


def test_a_producer_replays(store_of: StoreOf, store: Store) -> None:
    app, work = app_of(store_of(RoleKind.PRODUCER).settings)
    query(store, "ALTER TABLE {s}.task RENAME TO away")
    with app:
        with pytest.raises(EnqueueError) as failed:
            work.send_many([{}, {}])
        query(store, "ALTER TABLE {s}.away RENAME TO task")
        assert [handle.is_new for handle in app.replay(failed.value)] == [True, True]
        assert [handle.is_new for handle in app.replay(failed.value)] == [False, False]


FORBIDDEN = {
    "payloads of waiting tasks": "SELECT payload FROM {s}.task",
    "payloads of ended tasks": "SELECT payload FROM {s}.history",
    "all of a row": "SELECT * FROM {s}.task",
    "changing a task": "UPDATE {s}.task SET priority = 1",
    "claiming": "UPDATE {s}.task SET worker = 1",
    "locking a task": "SELECT id FROM {s}.task FOR UPDATE",
    "deleting a task": "DELETE FROM {s}.task",
    "forging a claim": "INSERT INTO {s}.task (id, name, queue, fingerprint, payload, worker) "
    "VALUES (gen_random_uuid(), 'n', 'q', 'f', '{}', 1)",
    "forging a result": "INSERT INTO {s}.history (id) VALUES (gen_random_uuid())",
    "changing a result": "UPDATE {s}.history SET result = '{}'",
    "deleting a result": "DELETE FROM {s}.history",
    "becoming a worker": "INSERT INTO {s}.worker (host) VALUES ('x')",
    "lifting a limit": "DELETE FROM {s}.queue_limit",
    "moving a key": "UPDATE {s}.idempotency_key SET task = gen_random_uuid()",
    "freeing a key": "DELETE FROM {s}.idempotency_key",
    "the contracts": "UPDATE {s}.contract SET body = '{}'",
    "the migrations": "DELETE FROM {s}.migration",
    "emptying": "TRUNCATE {s}.task",
    "new tables": "CREATE TABLE {s}.mine (id integer)",
    "other tables": "ALTER TABLE {s}.task ADD COLUMN mine integer",
    "no tables": "DROP TABLE {s}.task",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_a_producer_cannot_do(store_of: StoreOf, store: Store, what: str) -> None:
    send(store, a_task())
    with pytest.raises(errors.InsufficientPrivilege):
        query(store_of(RoleKind.PRODUCER), FORBIDDEN[what])


def test_a_producer_cannot_cancel_unless_it_is_a_canceller_too(store_of: StoreOf, store: Store) -> None:
    app, work = app_of(store_of(RoleKind.PRODUCER).settings)
    with app:
        handle = work.send()
        with pytest.raises(StoreError, match=r"permission denied.*horsies grants"):
            handle.cancel()
    app, work = app_of(store_of(RoleKind.PRODUCER, RoleKind.CANCELLER).settings)
    with app:
        assert work.handle(handle.task_id).cancel()
        [claimed] = [work.send()]
        held = Hand(store).claim()
        assert [each.id for each in held] == [claimed.task_id]
        assert claimed.cancel()


def test_a_worker_does_its_whole_work_without_any_ddl(store_of: StoreOf, store: Store) -> None:
    as_worker = store_of(RoleKind.WORKER)
    assert migrate(as_worker.settings) == ()
    assert pending(as_worker.settings) == ()
    send(as_worker, *[a_task(queue=queue) for queue in ("few", "default") * 3])
    hand = Hand(as_worker, queues=("few", "default"), limits={"few": 2, "default": None})
    as_worker.run(fall_asleep(hand.worker, hand.queues, hand.names))
    held = hand.turn(4, direct=1, tick=True).claimed
    assert hand.turn(4, *[settled(each, Finished(b'{"ok":1}')) for each in held], tick=True).stale == ()
    as_worker.run(expire_waiting("TASK_EXPIRED", EXPIRED_RESULT))
    as_worker.run(old_snapshots(60))
    query(store, "UPDATE {s}.worker SET lease_until = now() - interval '1 s'")
    assert as_worker.run(recover_one(0.01, judge(), as_worker.bell)) is not None
    query(store, "UPDATE {s}.history SET finished_at = now() - interval '2 h'")
    as_worker.run(delete_old(3600))
    as_worker.run(sweep_waiters())
    as_worker.run(sign_off(hand.worker))
    for what in ("new tables", "other tables", "no tables", "emptying"):
        with pytest.raises(errors.InsufficientPrivilege):
            query(as_worker, FORBIDDEN[what])


def test_a_worker_that_meets_an_older_schema_names_the_remedy(store_of: StoreOf, store: Store) -> None:
    as_worker = store_of(RoleKind.WORKER)
    query(store, "DELETE FROM {s}.migration WHERE number = %s", all_migrations()[-1].number)
    with pytest.raises(SchemaError, match="horsies migrate"):
        migrate(as_worker.settings)
    with pytest.raises(SchemaError, match="may not create"):
        migrate(replace(as_worker.settings, schema="nowhere"))


def test_an_observer_counts_and_reads_nothing(store_of: StoreOf, store: Store) -> None:
    observer = store_of(RoleKind.OBSERVER)
    send(store, a_task())
    Hand(store)
    status = observer.run(read_status())
    assert status.queues[0].ready == 1
    for what in FORBIDDEN:
        with pytest.raises(errors.InsufficientPrivilege):
            query(observer, FORBIDDEN[what])
    with pytest.raises(errors.InsufficientPrivilege):
        query(observer, "SELECT result FROM {s}.history")
