"""Waiting for a result while the database is away, frozen or locked; and loops that end without closing anything."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from relay import Relay, relayed
from store_support import Hand, a_task, query, send

from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.policy.report import Finished
from horsies_core.store.enqueue import insert
from horsies_core.store.rows import StoredOutcome
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

Wait = Callable[[Store, UUID, float | None], StoredOutcome | None]

FOREVER_S = 60.0
"""Much longer than anything here may take."""


def wait(store: Store, task_id: UUID, timeout_s: float | None) -> StoredOutcome | None:
    return store.wait(task_id, timeout_s)


def wait_in_a_loop(store: Store, task_id: UUID, timeout_s: float | None) -> StoredOutcome | None:
    return asyncio.run(store.wait_async(task_id, timeout_s))


both = pytest.mark.parametrize("wait", [wait, wait_in_a_loop])


@pytest.fixture
def relay(store_settings: StoreSettings) -> Iterator[Relay]:
    with relayed(store_settings.conninfo) as relay:
        yield relay


@pytest.fixture
def far(store_settings: StoreSettings, relay: Relay) -> Iterator[Store]:
    """A store that reaches the server through the relay."""
    store = Store(replace(store_settings, conninfo=relay.conninfo))
    yield store
    store.close()


def finish(hand: Hand) -> None:
    [claimed] = hand.claim()
    hand.settle(claimed, Finished(b'{"ok":1}', None))


def await_a_waiter(store: Store) -> None:
    give_up_at = time.monotonic() + FOREVER_S
    while query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]:
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


@both
@pytest.mark.parametrize("timeout_s", [FOREVER_S, None])
def test_a_wait_outlives_an_outage(wait: Wait, timeout_s: float | None, store: Store, far: Store, relay: Relay) -> None:
    task = a_task()
    send(store, task)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait, far, task.id, timeout_s)
        await_a_waiter(store)
        relay.cut()
        query(store, "DELETE FROM {s}.waiter")  # as a server does that crashed
        time.sleep(0.3)
        assert not waiting.done()
        relay.mend()
        await_a_waiter(store)
        finish(Hand(store))
        outcome = waiting.result(timeout=FOREVER_S)
    assert outcome is not None
    assert outcome.is_terminal
    assert query(store, "SELECT count(*) FROM {s}.waiter") == [(0,)]


@both
def test_a_wait_that_begins_in_an_outage_outlives_it_too(wait: Wait, store: Store, far: Store, relay: Relay) -> None:
    task = a_task()
    send(store, task)
    finish(Hand(store))
    relay.cut()
    threading.Timer(0.4, relay.mend).start()
    outcome = wait(far, task.id, FOREVER_S)
    assert outcome is not None
    assert outcome.is_terminal


@both
def test_where_nothing_could_be_asked_to_the_end_that_is_said(wait: Wait, far: Store, relay: Relay) -> None:
    relay.cut()
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="refused"):
        wait(far, a_task().id, 0.5)
    assert time.monotonic() - began >= 0.5
    with pytest.raises(StoreUnavailableError, match="refused"):  # else a wrong address would be waited for in silence
        wait(far, a_task().id, None)


@both
def test_a_frozen_server_holds_nobody_longer_than_the_wait(wait: Wait, store: Store, far: Store, relay: Relay) -> None:
    task = a_task()
    far.run(insert(task, far.bell))
    relay.freeze()
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        wait(far, task.id, 0.3)
    assert time.monotonic() - began < FOREVER_S / 4
    relay.mend()
    finish(Hand(store))
    outcome = wait(far, task.id, FOREVER_S)
    assert outcome is not None
    assert outcome.is_terminal


@both
def test_what_a_wait_has_given_up_does_not_go_on_in_the_server(wait: Wait, store: Store) -> None:
    task = a_task()
    send(store, task)
    with psycopg.connect(store.settings.conninfo) as connection:
        connection.execute(f"LOCK TABLE {store.settings.schema}.task".encode())
        for _ in range(3):
            with pytest.raises(StoreUnavailableError):
                wait(store, task.id, 0.1)
        give_up_at = time.monotonic() + FOREVER_S
        while query(store, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '{s}.task'::regclass"):
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
    assert wait(store, task.id, 0.0) is not None


def test_an_event_loop_that_ends_leaves_no_connection_behind(store: Store) -> None:
    async def send_one() -> None:
        await store.run_async(insert(a_task(), store.bell))

    def count() -> int:
        mine = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%{s}%%' AND application_name = %s"
        [(number,)] = query(store, mine, "horsies producer")
        assert isinstance(number, int)
        return number

    for _ in range(5):
        asyncio.run(send_one())
    give_up_at = time.monotonic() + FOREVER_S
    while count() > 1:  # the server takes its time to notice
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
    store.close()
    while count():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
