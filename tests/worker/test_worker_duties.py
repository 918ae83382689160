"""Background duties on their own."""

from __future__ import annotations

import psycopg
import pytest
from store_support import a_task, query, send
from worker_support import wait_until

from horsies_core.store.store import Store
from horsies_core.store.work import OldSnapshot, old_snapshots
from horsies_core.worker.duties import all_duties


def test_warning_of_an_old_snapshot_names_who_is_to_blame(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    _recovery, _expiry, snapshots, _waiters = all_duties(60.0, None, store.bell, 0.0, lambda: None)
    with psycopg.connect(store.settings.conninfo, application_name="forgotten") as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM pg_class")
        pid = connection.info.backend_pid
        assert of_process(pid, store.run(snapshots.operation())) == ()  # not old enough to speak of
        wait_until(lambda: of_process(pid, store.run(old_snapshots(0.0))), "it is among the oldest")
        found = of_process(pid, store.run(old_snapshots(0.0)))
        snapshots.done(found, 1.0)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    fields = dict(vars(record)["fields"])
    assert fields.pop("open_s") == round(found[0].open_s)
    assert fields == {"backend_pid": pid, "application": "forgotten", "state": "idle in transaction"}
    assert snapshots.due_at > 1.0


def test_entries_of_waits_that_were_broken_off_do_not_pile_up(store: Store) -> None:
    *_, waiters = all_duties(60.0, None, store.bell, 0.0, lambda: None)
    alive = a_task()
    send(store, alive)
    query(store, "INSERT INTO {s}.waiter SELECT gen_random_uuid(), 'c' FROM generate_series(1, 1500)")
    query(store, "INSERT INTO {s}.waiter VALUES (%s, 'c')", alive.id)
    deleted = []
    while waiters.due_at <= 300.0:
        deleted.append(store.run(waiters.operation()))
        waiters.done(deleted[-1], 300.0)
    assert deleted == [1000, 500, 0]
    assert query(store, "SELECT task FROM {s}.waiter") == [(alive.id,)]


def of_process(pid: int, found: tuple[OldSnapshot, ...]) -> tuple[OldSnapshot, ...]:
    """Those of one session: other tests have sessions on the same server."""
    return tuple(each for each in found if each.pid == pid)
