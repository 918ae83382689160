"""Workers, children and the server killed at the wrong moment; and shutting down in order."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from postgres_support import serve
from store_support import query
from worker_support import TIMEOUT_MS, Sends, WorkerProcess, descendants, is_alive, lines_of, wait_until
from worker_tasks import build_app, let_go

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.folder import real_path
from horsies_core.store.migrate import migrate
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

StartWorker = Callable[..., WorkerProcess]


def test_no_process_outlives_a_killed_worker(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    worker = start_worker()
    send("hold_with_helper", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    wait_until(lambda: len(descendants(worker.pid)) >= 4, "template, both children and the helper are there")
    below = descendants(worker.pid)
    worker.kill()
    helper = int(lines_of(notes)[0])  # started by user code: it is the task's own affair once everything else is gone
    wait_until(lambda: not any(is_alive(pid) for pid in below - {helper}), "all are gone")
    with suppress(ProcessLookupError):  # the template, if it hears of the end before it dies of it, takes it along
        os.kill(helper, signal.SIGKILL)


def test_worker_without_its_template_stops_and_leaves_nothing(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    worker = start_worker(processes=2)
    running = send("sleep", path=str(notes), seconds=60.0)
    wait_until(lambda: lines_of(notes), "it runs")
    below = descendants(worker.pid)
    [template] = below - {further for child in below for further in descendants(child)}
    os.kill(template, signal.SIGKILL)
    assert worker.wait() == 70
    wait_until(lambda: not any(is_alive(pid) for pid in below), "nothing is left")  # the kernel ends them, in its time
    assert running.get(timeout_ms=TIMEOUT_MS).err.error_code == "WORKER_CRASHED"
    assert query(store, "SELECT count(*) FROM {s}.worker") == [(0,)]


def test_what_a_task_leaves_running_is_buried(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    """It goes to the template, not to process 1, which in a container may be the worker and wait for nobody."""
    worker = start_worker(processes=1)
    send("leave_a_daemon", path=str(notes)).get(timeout_ms=TIMEOUT_MS)
    daemon = int(lines_of(notes)[0])
    below = descendants(worker.pid)
    [template] = below - {further for child in below for further in descendants(child)}
    parent = Path(f"/proc/{daemon}/stat").read_text().rpartition(")")[2].split()[1]
    assert int(parent) == template
    os.kill(daemon, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{daemon}").exists(), "it is buried")
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2


def test_tasks_of_a_killed_worker_are_recovered_in_seconds(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    """Once its lease is over, another one needs no longer than until its next look, half a lease later."""
    worker = start_worker(processes=1, lease_s=4.0)
    running = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    start_worker(processes=1, lease_s=4.0)
    [[died]] = query(store, "SELECT min(id) FROM {s}.worker")
    worker.kill()
    [[over_at]] = query(store, "SELECT lease_until FROM {s}.worker WHERE id = %s", died)
    result = running.get(timeout_ms=TIMEOUT_MS)
    assert result.err.error_code == "WORKER_CRASHED"
    assert "lease" in result.err.message
    info = running.info()
    assert 0 <= (info.finished_at - over_at).total_seconds() < 2 + 10
    assert info.losses == 0
    assert len(lines_of(notes)) == 1


def test_worker_that_overslept_its_lease_goes_on_with_what_it_has(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    """A machine that sleeps, and nobody else who could have taken over."""
    worker = start_worker(processes=1, lease_s=1.0)
    handle = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    os.kill(worker.pid, signal.SIGSTOP)
    is_over = "SELECT count(*) FROM {s}.worker WHERE lease_until < now() - interval '1 s'"
    wait_until(lambda: query(store, is_over) == [(1,)], "its lease has long run out")
    os.kill(worker.pid, signal.SIGCONT)
    let_go(notes)
    assert handle.get(timeout_ms=TIMEOUT_MS).is_ok()
    assert (handle.info().attempt, handle.info().losses) == (1, 0)
    assert worker.stop() == 0
    assert worker.count("worker ready") == 1


def test_task_that_kills_every_worker_ends(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    handle = send("kill_worker", path=str(notes))
    for _ in range(3):
        worker = start_worker(processes=1, max_recoveries=2, lease_s=1.0)
        assert worker.wait() == -signal.SIGKILL
    start_worker(max_recoveries=2, lease_s=1.0)
    result = handle.get(timeout_ms=TIMEOUT_MS)
    assert result.err.error_code == "WORKER_CRASHED"
    assert "recovered 2 times" in result.err.message
    assert lines_of(notes) == ["run"] * 3


def test_paused_worker_that_was_recovered_changes_nothing(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    """A machine that sleeps: its lease runs out, another one takes over, and then it wakes up."""
    paused = start_worker(processes=1, lease_s=1.0)
    handle = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    os.kill(paused.pid, signal.SIGSTOP)
    start_worker(processes=1, lease_s=6.0)
    let_go(notes)
    assert handle.get(timeout_ms=TIMEOUT_MS).err.error_code == "WORKER_CRASHED"
    finished_at = handle.info().finished_at
    os.kill(paused.pid, signal.SIGCONT)
    wait_until(lambda: paused.has("the lease ran out and another worker took over; starting again"), "it notices")
    wait_until(lambda: paused.count("worker ready") >= 2, "it begins again")
    assert handle.info().finished_at == finished_at
    assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
    wait_until(lambda: query(store, "SELECT count(*) FROM {s}.worker") == [(2,)], "both are there")


def test_drain_lets_running_tasks_end_and_starts_no_more(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path
) -> None:
    worker = start_worker(processes=1)
    running = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    waiting = send("sleep", path=str(notes), seconds=0.0)
    worker.signal(signal.SIGTERM)
    wait_until(lambda: worker.has("draining"), "it drains")
    let_go(notes)
    assert worker.wait() == 0
    assert running.get(timeout_ms=0).is_ok()
    assert len(lines_of(notes)) == 2
    assert query(store, "SELECT id, worker, attempt FROM {s}.task") == [(waiting.task_id, None, 0)]
    assert query(store, "SELECT count(*) FROM {s}.worker") == [(0,)]


@pytest.mark.parametrize("how", ["second signal", "limit"])
def test_end_of_the_drain_requeues_what_runs(
    start_worker: StartWorker, send: Sends, store: Store, notes: Path, how: str
) -> None:
    worker = start_worker(processes=1, drain_timeout_s=60.0 if how == "second signal" else 0.3)
    handle = send("sleep", path=str(notes), seconds=60.0)
    wait_until(lambda: lines_of(notes), "it runs")
    worker.signal(signal.SIGTERM)
    if how == "second signal":
        wait_until(lambda: worker.has("draining"), "it drains")
        time.sleep(0.3)
        worker.signal(signal.SIGINT)
    assert worker.wait() == 0
    assert query(store, "SELECT id, worker, attempt, losses FROM {s}.task") == [(handle.task_id, None, 0, 0)]


def test_drain_keeps_the_lease(start_worker: StartWorker, send: Sends, store: Store, notes: Path) -> None:
    """A worker that lets a task end for longer than its lease is not taken for dead meanwhile."""
    worker = start_worker(processes=1, lease_s=3.0, drain_timeout_s=600.0)
    handle = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    other = start_worker(processes=1, lease_s=3.0)
    worker.signal(signal.SIGTERM)
    wait_until(lambda: worker.has("draining"), "it drains")
    [[number, over_at]] = query(store, "SELECT id, lease_until FROM {s}.worker ORDER BY id LIMIT 1")
    is_past = "SELECT lease_until > %s + interval '1 s' FROM {s}.worker WHERE id = %s AND now() > %s + interval '1 s'"
    wait_until(lambda: query(store, is_past, over_at, number, over_at) == [(True,)], "it renewed its lease")
    let_go(notes)
    assert worker.wait() == 0
    assert handle.get(timeout_ms=0).is_ok()
    assert (handle.info().attempt, handle.info().losses) == (1, 0)
    assert not other.has("recovered the tasks of a worker that stopped renewing its lease")


def test_signal_that_comes_twice_at_once_is_one(start_worker: StartWorker, send: Sends, notes: Path) -> None:
    """``timeout 60 horsies worker ...`` sends it to the process and to its group."""
    worker = start_worker(processes=1)
    handle = send("hold", path=str(notes))
    wait_until(lambda: lines_of(notes), "it runs")
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):  # so that it gets both at one time
        worker.signal(number)
    wait_until(lambda: worker.has("draining"), "it drains")
    let_go(notes)
    assert worker.wait() == 0
    assert handle.get(timeout_ms=0).is_ok()


def test_signals_at_the_very_end_change_nothing(start_worker: StartWorker) -> None:
    worker = start_worker(processes=1)
    while worker.process.poll() is None:
        worker.signal(signal.SIGTERM)
        time.sleep(0.001)
    assert worker.wait() == 0


@pytest.fixture
def mortal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StoreSettings, Path]]:
    """A server of the test's own, which it may kill; its keeper starts it again."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("mortal") / "data")
    for url in serve(server):
        settings = StoreSettings(conninfo=url, schema="mortal")
        migrate(settings)
        yield settings, real_path(server.data_dir)


def test_worker_goes_on_when_its_connections_are_cut(mortal_server: tuple[StoreSettings, Path], notes: Path) -> None:
    """On a server of its own, where they are nobody else's."""
    settings, _ = mortal_server
    store = Store(settings)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('horsies worker', 'horsies ear')"
    with build_app(settings.conninfo, settings.schema) as app:
        send = Sends(app)
        worker = WorkerProcess(settings, processes=1).wait_ready()
        try:
            handle = send("hold", path=str(notes))
            wait_until(lambda: lines_of(notes), "it runs")
            assert query(store, cut)
            let_go(notes)
            assert handle.get(timeout_ms=TIMEOUT_MS).is_ok()
            assert len(lines_of(notes)) == 2
            assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
        finally:
            store.close()
            assert worker.stop() == 0


def test_an_ear_whose_connection_was_cut_listens_again(mortal_server: tuple[StoreSettings, Path]) -> None:
    """On a server of its own, where nobody else listens."""
    settings, _ = mortal_server
    store = Store(settings)
    worker = WorkerProcess(settings, processes=1).wait_ready()

    def ears() -> set[object]:
        return {
            pid for (pid,) in query(store, "SELECT pid FROM pg_stat_activity WHERE application_name = 'horsies ear'")
        }

    try:
        for _ in range(2):
            wait_until(ears, "it listens")
            before = ears()
            query(
                store, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'horsies ear'"
            )
            wait_until(partial(_have_changed, ears, before), "it listens again")
    finally:
        store.close()
        assert worker.stop() == 0


def _have_changed(ears: Callable[[], set[object]], before: set[object]) -> bool:
    return bool(ears() - before)


def test_running_tasks_survive_a_killed_server(mortal_server: tuple[StoreSettings, Path], notes: Path) -> None:
    settings, home = mortal_server
    app = build_app(settings.conninfo, settings.schema)
    send = Sends(app)
    worker = WorkerProcess(settings, processes=2).wait_ready()
    try:
        handle = send("hold", path=str(notes))
        wait_until(lambda: lines_of(notes), "it runs")
        _kill_postmaster(home)
        wait_until(lambda: worker.has("the database could not do it"), "the worker has lost the database")
        let_go(notes)
        wait_until(lambda: worker.has("the database answers again"), "the worker is back")
        assert handle.get(timeout_ms=TIMEOUT_MS).is_ok()
        assert [line.split()[0] for line in lines_of(notes)] == ["start", "end"]
        assert handle.info().attempt == 1
        assert send("add", a=1, b=1).get(timeout_ms=TIMEOUT_MS).ok == 2
    finally:
        app.close()
        assert worker.stop() == 0


def _kill_postmaster(home: Path) -> None:
    [pid_file] = home.glob("*/postmaster.pid")
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)


def test_worker_waits_for_a_database_that_starts_later(store_settings: StoreSettings) -> None:
    nowhere = StoreSettings(conninfo="postgresql://127.0.0.1:1/none", schema="s")
    worker = WorkerProcess(nowhere)
    wait_until(lambda: worker.has("waiting for the database"), "it says so")
    assert worker.process.poll() is None
    worker.kill()


def test_nothing_is_lost_when_children_are_killed_at_random(
    start_worker: StartWorker, send: Sends, store: Store
) -> None:
    worker = start_worker(processes=4)
    handles = [send("add", a=number, b=0) for number in range(300)]
    template = next(iter(_children(worker.pid)))
    for _ in range(40):
        for victim in sorted(_children(template))[:1]:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)
    outcomes = [handle.get(timeout_ms=TIMEOUT_MS) for handle in handles]
    codes = {result.err.error_code for result in outcomes if result.is_err()}
    assert codes <= {"WORKER_CRASHED"}
    assert all(result.ok == number for number, result in enumerate(outcomes) if result.is_ok())
    assert sum(result.is_ok() for result in outcomes) > 250
    assert query(store, "SELECT count(*) FROM {s}.task") == [(0,)]
    assert worker.stop() == 0
    assert worker.events[-1]["stale"] == 0


def _children(pid: int) -> set[int]:
    below = descendants(pid)
    return below - {further for child in below for further in descendants(child)}
