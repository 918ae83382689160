"""Waiting for results while nothing can be listened to: no longer than asked for, and not in silence."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from store_support import a_task, send

from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

NOBODY = "postgresql://me:s3cret@127.0.0.1:1/db"
PATIENCE_S = 60.0
"""What a connection is waited for. No wait for a result may take so long."""


@pytest.fixture
def deaf(store_settings: StoreSettings) -> Iterator[Store]:
    store = Store(replace(store_settings, listen_conninfo=NOBODY, connect_timeout_s=PATIENCE_S))
    yield store
    store.close()


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING, logger="horsies.store")
    return caplog


def assert_said_once(warnings: pytest.LogCaptureFixture) -> None:
    [line] = [record.getMessage() for record in warnings.records]
    assert line.startswith("no connection to hear of results on")
    assert "s3cret" not in line


def test_wait_is_over_in_time(deaf: Store, warnings: pytest.LogCaptureFixture) -> None:
    task = a_task()
    send(deaf, task)
    started = time.monotonic()
    for _ in range(3):
        outcome = deaf.wait(task.id, 0.4)
        assert outcome is not None
        assert not outcome.is_terminal
    assert time.monotonic() - started < PATIENCE_S
    assert_said_once(warnings)


def test_nothing_is_said_of_a_connection_that_nobody_wants_any_more(
    store_settings: StoreSettings, warnings: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        silent = f"host=127.0.0.1 port={server.getsockname()[1]} sslmode=disable gssencmode=disable"
        store = Store(replace(store_settings, listen_conninfo=silent, connect_timeout_s=PATIENCE_S))
        task = a_task()
        send(store, task)
        before = set(threading.enumerate())
        store.wait(task.id, 0.1)
        [listening] = set(threading.enumerate()) - before
        caller, _ = server.accept()
        store.close()
        caller.close()
        listening.join(PATIENCE_S)
    assert not listening.is_alive()
    assert not warnings.records


def test_wait_in_an_event_loop_is_over_in_time(deaf: Store, warnings: pytest.LogCaptureFixture) -> None:
    task = a_task()
    send(deaf, task)

    async def go() -> list[bool]:
        outcomes = [await deaf.wait_async(task.id, 0.4) for _ in range(3)]
        await deaf.close_async()
        return [outcome is not None and outcome.is_terminal for outcome in outcomes]

    started = time.monotonic()
    assert asyncio.run(go()) == [False] * 3
    assert time.monotonic() - started < PATIENCE_S
    assert_said_once(warnings)
