"""The storm: tasks of every kind over several workers, while children, workers and connections are killed at random.

Seeded: ``HORSIES_STORM_SEED``; longer with ``HORSIES_STORM_TASKS``. Where the kills fall differs from run to run all the same,
because processes are not deterministic; what must hold afterwards does not depend on it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from store_support import query
from worker_support import Sends, WorkerProcess, descendants, lines_of, wait_until

from horsies_core.store.store import Store

StartWorker = Callable[..., WorkerProcess]

SEED = int(os.environ.get("HORSIES_STORM_SEED", "7"))
TASKS = int(os.environ.get("HORSIES_STORM_TASKS", "600"))
SETTINGS: dict[str, Any] = {"processes": 3, "lease_s": 1.5, "max_tasks_per_child": 50, "poll_s": 0.5}


class Storm:
    """The tasks that were sent, and the weather."""

    def __init__(self, send: Sends, store: Store, folder: Path) -> None:
        self.rng = Random(SEED)
        self.send, self.store, self.folder = send, store, folder
        self.sent: list[Any] = []
        self.expiring: list[tuple[Path, datetime]] = []

    def send_some(self, count: int) -> None:
        kinds: list[Callable[[Path], Any]] = [
            lambda _: self.send("add", a=1, b=2),
            lambda _: self.send("add", {"delay": self.rng.uniform(0, 3)}, a=1, b=2),
            lambda path: self.send("sleep", path=str(path), seconds=self.rng.uniform(0, 0.2)),
            lambda path: self.send("few", path=str(self.folder / "few"), seconds=0.02),
            lambda path: self.send("flaky", path=str(path), failures=1),
            lambda _: self.send("raise_value", kind="key"),
            self._expiring,
        ]
        deadly: list[Callable[[Path], Any]] = [
            lambda _: self.send("exit"),
            lambda _: self.send("segfault"),
            lambda path: self.send("hang", path=str(path)),
        ]
        for _ in range(count):
            make = self.rng.choice(deadly if self.rng.random() < 0.02 else kinds)
            self.sent.append(make(self.folder / str(len(self.sent))))

    def strike(self, workers: list[WorkerProcess]) -> WorkerProcess | None:
        """One bolt: a child, the connections, or a whole worker, which is returned."""
        kind = self.rng.random()
        worker = self.rng.choice(workers)
        if kind < 0.15:
            worker.kill()
            return worker
        if kind < 0.3:
            query(
                self.store,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name IN ('horsies worker', 'horsies ear')",
            )
            return None
        below = descendants(worker.pid)
        children = sorted(below - {min(below, default=0)})  # the template has the lowest number, nearly always
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.rng.choice(children), signal.SIGKILL)
        return None

    def _expiring(self, path: Path) -> Any:
        until = datetime.now(UTC) + timedelta(seconds=self.rng.uniform(-0.5, 2))
        self.expiring.append((path, until))
        return self.send("note", {"good_until": until}, path=str(path), text="ran")


@pytest.mark.slow
def test_nothing_is_lost_in_a_storm(start_worker: StartWorker, send: Sends, store: Store, tmp_path: Path) -> None:
    storm = Storm(send, store, tmp_path)
    workers = [start_worker(**SETTINGS) for _ in range(3)]
    while len(storm.sent) < TASKS:
        storm.send_some(25)
        killed = storm.strike(workers)
        if killed is not None or any(worker.process.poll() is not None for worker in workers):
            workers = [worker for worker in workers if worker.process.poll() is None]
            workers.append(start_worker(**SETTINGS))
        time.sleep(0.1)
    wait_until(lambda: query(store, "SELECT count(*) FROM {s}.task") == [(0,)], "all have ended", timeout_s=120)

    ids = {handle.task_id for handle in storm.sent}
    assert {row[0] for row in query(store, "SELECT id FROM {s}.history")} == ids
    assert query(store, "SELECT count(*) FROM {s}.history WHERE payload = '' OR result = ''") == [(0,)]
    assert query(store, "SELECT name FROM {s}.history WHERE state = 'CANCELLED'") == []
    attempts = "SELECT count(*) FROM {s}.history WHERE jsonb_array_length(coalesce(past_attempts, '[]')) > attempt"
    assert query(store, attempts) == [(0,)]
    for path, until in storm.expiring:
        if path.exists():
            assert path.stat().st_mtime <= until.timestamp() + 0.1
    assert most_at_once(lines_of(tmp_path / "few")) <= 2
    for worker in workers:
        if worker.process.poll() is None:
            assert worker.stop() == 0
    assert query(store, "SELECT count(*) FROM {s}.sleeper") == [(0,)]


def most_at_once(lines: list[str]) -> int:
    """How many ran at one time. One that was killed never says that it ended: it is taken to have run for 20 ms."""
    marks: list[tuple[float, int]] = []
    for line in lines:
        if line[0] == "+":
            at = float(line[1:])
            marks += [(at, 1), (at + 0.02, -1)]
    running = most = 0
    for _, change in sorted(marks):
        running += change
        most = max(most, running)
    return most
