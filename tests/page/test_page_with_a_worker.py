"""The page *Defining Tasks* end to end: its samples in one module, a real worker from the command line, real sends.

Where the page admits a weakness (a timeout interrupts the tasks beside it) we do better, and that is what is tested.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

SAMPLES = Path(__file__).parent / "samples"
WAIT_MS = 120_000

AROUND = """
import time

def do_something():
    pass


@app.task("hang", timeout_ms=1_000)
def hang() -> TaskResult[None, TaskError]:
    time.sleep(600)
    return TaskResult(ok=None)


@app.task("sleep_two_seconds")
def sleep_two_seconds() -> TaskResult[str, TaskError]:
    time.sleep(2)
    return TaskResult(ok="undisturbed")
"""

APP = "app.discover_tasks([{entries}])\n"


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.py").read_text()


@pytest.fixture(scope="module")
def page_url(postgres_url: str) -> Iterator[str]:
    """A database of this process's own: the page's samples name no schema."""
    name = f"page_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield postgres_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module")
def page(page_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module of samples, imported here as a producer, with a worker that serves it."""
    folder = tmp_path_factory.mktemp("page")
    app_text = sample("basic").replace(
        "postgresql+psycopg://...", page_url.replace("postgresql://", "postgresql+psycopg://")
    )
    names = ("success", "void", "domain_error", "crash", "email")
    tasks = "from page_app import *\n" + AROUND + "\n".join(sample(name) for name in names)
    (folder / "page_app.py").write_text(app_text + APP.format(entries='"page_tasks.py"'))
    (folder / "page_tasks.py").write_text(tasks)
    worker = subprocess.Popen(
        ["horsies", "worker", "page_app:app", "--processes", "3"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stderr=(folder / "log").open("wb"),
    )
    sys.path.insert(0, str(folder))
    try:
        wait_for_worker(worker, folder / "log")
        yield importlib.import_module("page_tasks")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=120) == 0
    finally:
        sys.path.remove(str(folder))
        if worker.poll() is None:
            worker.kill()
            worker.wait()


def wait_for_worker(worker: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + 120
    while "worker ready" not in log.read_text():
        assert worker.poll() is None, log.read_text()
        assert time.monotonic() < give_up, log.read_text()
        time.sleep(0.05)


def test_samples_run_in_a_worker(page: Any) -> None:
    assert page.process_order.send(order_id=1).get(WAIT_MS).ok == "Order 1 processed"
    assert page.compute.send(x=21).get(WAIT_MS).ok == 42
    assert page.fire_and_forget.send().get(WAIT_MS).ok is None
    assert page.validate_input.send(data={"email": "a@b"}).get(WAIT_MS).ok == {"email": "a@b"}


def test_domain_errors_come_back_as_written(page: Any) -> None:
    error = page.validate_input.send(data={}).get(WAIT_MS).err
    assert (error.error_code, error.message, error.data) == (
        "MISSING_EMAIL",
        "Email is required",
        {"field": "email"},
    )


def test_unhandled_exceptions_come_back_wrapped(page: Any) -> None:
    error = page.might_crash.send().get(WAIT_MS).err
    assert error.error_code == "UNHANDLED_EXCEPTION"
    assert error.message.startswith("Unhandled exception in task might_crash: ")
    assert "Something went wrong" in error.message


def test_a_timeout_ends_the_task_and_interrupts_nobody(page: Any) -> None:
    beside = [page.sleep_two_seconds.send() for _ in range(2)]
    error = page.hang.send().get(WAIT_MS).err
    assert error.error_code == "TASK_TIMEOUT"
    for handle in beside:
        assert handle.get(WAIT_MS).ok == "undisturbed"
        info = handle.info()
        assert info.past_attempts == ()
        assert info.losses == 0
