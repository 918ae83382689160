"""Children at their start: hooks, hooks that fail, and what is loaded before the first task."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from worker_support import TIMEOUT_MS, Sends, WorkerProcess, lines_of, wait_until

import horsies_core
from horsies import ConfigError, Horsies
from horsies_core.worker.run import run_worker

StartWorker = Callable[..., WorkerProcess]


def test_hooks_run_once_in_each_child_before_its_first_task(
    start_worker: StartWorker, send: Sends, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HORSIES_TEST_HOOK", str(notes))
    start_worker(processes=1, max_tasks_per_child=2)
    pids = [send("pid").get(timeout_ms=TIMEOUT_MS).ok for _ in range(4)]
    assert len(set(pids)) == 2
    wait_until(lambda: len(lines_of(notes)) >= 4, "the hooks have run")
    assert lines_of(notes)[:4] == [f"{name} {pid}" for pid in (pids[0], pids[2]) for name in ("first", "second")]


def test_child_whose_hook_fails_takes_no_task_and_is_replaced(
    start_worker: StartWorker, send: Sends, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HORSIES_TEST_HOOK", str(notes))
    notes.with_suffix(".fail").touch()
    worker = start_worker(processes=1)
    handle = send("pid")
    wait_until(lambda: sum(line["event"] == "a child died" for line in worker.events) >= 2, "it is tried again")
    failed = next(line for line in worker.events if line["event"].startswith("a start hook failed"))
    assert "RuntimeError: no such luck" in failed["trace"]
    assert handle.info().attempt == 0
    notes.with_suffix(".fail").unlink()
    assert handle.get(timeout_ms=TIMEOUT_MS).is_ok()
    assert not any(line.strip() for line in worker.other_lines)


def test_children_share_what_the_task_modules_loaded(start_worker: StartWorker, send: Sends) -> None:
    """They are forked from a process that has it: the module-level value is the same object's, made once."""
    start_worker(processes=2, max_tasks_per_child=1)
    answers = [send("made_at_import").get(timeout_ms=TIMEOUT_MS).ok for _ in range(4)]
    assert len({pid for _, pid in answers}) == 4
    assert len({token for token, _ in answers}) == 1


@pytest.mark.parametrize("hook", [None, "name", 5])
def test_hook_must_be_a_plain_function(hook: Any) -> None:
    with pytest.raises(ConfigError, match="on_child_start"):
        Horsies().on_child_start(hook)


def test_package_may_be_replaced_under_a_running_worker(
    start_worker: StartWorker, send: Sends, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an upgrade does: what the worker needs of its own files it has read when it starts."""
    package = tmp_path / "horsies_core"
    shutil.copytree(Path(horsies_core.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    worker = start_worker(processes=1)
    shutil.rmtree(package / "store" / "sql")
    assert send("pid").get(timeout_ms=TIMEOUT_MS).is_ok()
    assert send("flaky", path=str(notes), failures=1).get(timeout_ms=TIMEOUT_MS).is_ok()
    assert not worker.has("the database could not do it")
    assert worker.stop() == 0


def test_async_hook_is_refused() -> None:
    async def hook() -> None: ...

    with pytest.raises(ConfigError, match="plain function"):
        Horsies().on_child_start(hook)


def test_other_systems_are_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ConfigError, match="a worker needs Linux"):
        run_worker(Horsies())


def test_threads_that_would_not_come_along_are_named(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="metrics")
    thread.start()
    app = Horsies()
    monkeypatch.setattr(app, "store_settings", _stop)
    try:
        with caplog.at_level("WARNING", logger="horsies.worker"), pytest.raises(KeyboardInterrupt):
            run_worker(app)
    finally:
        over.set()
        thread.join()
    said = next(record for record in caplog.records if "started threads" in record.getMessage())
    assert "metrics" in said.__dict__["fields"]["threads"]


def _stop() -> None:
    raise KeyboardInterrupt
