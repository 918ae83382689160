"""Fixtures of the worker's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from worker_support import Sends, WorkerProcess, descendants, is_alive, wait_until
from worker_tasks import build_app

from horsies_core.store.settings import StoreSettings

StartWorker = Callable[..., WorkerProcess]


@pytest.fixture
def start_worker(store_settings: StoreSettings) -> Iterator[StartWorker]:
    """Starts workers; after the test they are gone, and so is everything they started."""
    started: list[WorkerProcess] = []
    seen: set[int] = set()

    def start(*args: Any, **config: Any) -> WorkerProcess:
        worker = WorkerProcess(store_settings, *args, **config)
        started.append(worker)
        return worker.wait_ready()

    yield start
    for worker in started:
        seen |= descendants(worker.pid)
        if worker.process.poll() is None:
            worker.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in seen), "no process is left behind")


@pytest.fixture
def send(store_settings: StoreSettings) -> Iterator[Sends]:
    """Sends tasks by name."""
    app = build_app(store_settings.conninfo, store_settings.schema)
    yield Sends(app)
    app.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A file that tasks write to."""
    return tmp_path / "notes"
