"""The tasks that the worker's tests run, and the program of a worker process over them.

Settings come from the environment as JSON: ``HORSIES_TEST_WORKER`` = {"url", "schema", "broker", "config", "queues", "level"}.
"""

from __future__ import annotations

import ctypes
import json
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from horsies_core.app import Horsies
from horsies_core.config import AppConfig, PostgresConfig, QueueConfig, QueueMode, WorkerConfig
from horsies_core.contract.retry import RetryPolicy
from horsies_core.outcome.result import TaskError, TaskResult
from horsies_core.worker.log import set_up
from horsies_core.worker.run import run_worker

VARIABLE = "HORSIES_TEST_WORKER"
QUEUES = [
    QueueConfig(name="default"),
    QueueConfig(name="urgent", priority=1),
    QueueConfig(name="few", max_concurrency=2),
    QueueConfig(name="equal"),
]


def build_app(url: str, schema: str, **broker: Any) -> Horsies:
    """The app of the tests. A new one each time: a test may send through one that another process serves."""
    config = AppConfig(
        broker=PostgresConfig(database_url=url, schema=schema, **broker), queue_mode=QueueMode.CUSTOM, queues=QUEUES
    )
    app = Horsies(config)
    _quick_tasks(app)
    _deadly_tasks(app)
    _retrying_tasks(app)
    _start_hooks(app)
    return app


def _note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(text + "\n")


def _start_hooks(app: Horsies) -> None:
    """Hooks that write into the file of HORSIES_TEST_HOOK; they fail while there is one beside it that says so."""
    path = os.environ.get("HORSIES_TEST_HOOK")
    if path is None:
        return

    @app.on_child_start
    def first() -> None:
        if Path(path).with_suffix(".fail").exists():
            raise RuntimeError("no such luck")
        _note(path, f"first {os.getpid()}")

    @app.on_child_start
    def second() -> None:
        _note(path, f"second {os.getpid()}")


def _until_let_go(path: str) -> None:
    while not Path(f"{path}.go").exists():
        time.sleep(0.005)


def let_go(path: Path) -> None:
    """Let the tasks end that hold at this path."""
    Path(f"{path}.go").touch()


MADE_AT_IMPORT = os.urandom(8).hex()


def _quick_tasks(app: Horsies) -> None:
    @app.task("add", queue_name="default")
    def add(*, a: int, b: int) -> TaskResult[int, TaskError]:
        return TaskResult(ok=a + b)

    @app.task("note", queue_name="default")
    def note(*, path: str, text: str) -> TaskResult[None, TaskError]:
        _note(path, text)
        return TaskResult(ok=None)

    @app.task("note_urgent", queue_name="urgent")
    def note_urgent(*, path: str, text: str) -> TaskResult[None, TaskError]:
        _note(path, text)
        return TaskResult(ok=None)

    @app.task("few", queue_name="few")
    def few(*, path: str, seconds: float) -> TaskResult[None, TaskError]:
        _note(path, f"+{time.time()}")
        time.sleep(seconds)
        _note(path, f"-{time.time()}")
        return TaskResult(ok=None)

    @app.task("sleep", queue_name="default")
    def sleep(*, path: str, seconds: float) -> TaskResult[int, TaskError]:
        _note(path, f"start {os.getpid()}")
        time.sleep(seconds)
        _note(path, f"end {os.getpid()}")
        return TaskResult(ok=os.getpid())

    @app.task("hold", queue_name="default")
    def hold(*, path: str) -> TaskResult[int, TaskError]:
        """Runs until somebody lets it go."""
        _note(path, f"start {os.getpid()}")
        _until_let_go(path)
        _note(path, f"end {os.getpid()}")
        return TaskResult(ok=os.getpid())

    @app.task("pid", queue_name="default")
    def pid() -> TaskResult[int, TaskError]:
        return TaskResult(ok=os.getpid())

    @app.task("made_at_import", queue_name="default")
    def made_at_import() -> TaskResult[tuple[str, int], TaskError]:
        return TaskResult(ok=(MADE_AT_IMPORT, os.getpid()))

    @app.task("big", queue_name="default")
    def big(*, text: str) -> TaskResult[str, TaskError]:
        return TaskResult(ok=text[::-1])

    @app.task("say", queue_name="default")
    def say(*, text: str) -> TaskResult[None, TaskError]:
        print(text)
        return TaskResult(ok=None)

    @app.task("stop_own_process", queue_name="default")
    def stop_own_process() -> TaskResult[int | None, TaskError]:
        """Forks a process, asks it to end, and says how it did."""
        process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(3600,))
        process.start()
        process.terminate()
        process.join(10)
        return TaskResult(ok=process.exitcode)

    @app.task("lie", queue_name="default")
    def lie() -> TaskResult[int, TaskError]:
        return TaskResult(ok="not an int")  # type: ignore[arg-type]  # the point of the task


def _deadly_tasks(app: Horsies) -> None:
    @app.task("exit", queue_name="default")
    def exit_() -> TaskResult[None, TaskError]:
        os._exit(3)

    @app.task("segfault", queue_name="default")
    def segfault() -> TaskResult[None, TaskError]:
        ctypes.string_at(0)
        return TaskResult(ok=None)

    @app.task("raise_exit", queue_name="default")
    def raise_exit() -> TaskResult[None, TaskError]:
        sys.exit(5)

    @app.task("raise_value", queue_name="default", exception_mapper={KeyError: "MISSING"})
    def raise_value(*, kind: str) -> TaskResult[None, TaskError]:
        raise KeyError("k") if kind == "key" else ValueError("Something went wrong")

    @app.task("hang", queue_name="default", timeout_ms=2000)
    def hang(*, path: str) -> TaskResult[None, TaskError]:
        child = subprocess.Popen(["sleep", "1000"])
        _note(path, str(child.pid))
        time.sleep(1000)
        return TaskResult(ok=None)

    @app.task("hold_with_helper", queue_name="default")
    def hold_with_helper(*, path: str) -> TaskResult[None, TaskError]:
        child = subprocess.Popen(["sleep", "1000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _note(path, str(child.pid))
        _until_let_go(path)
        return TaskResult(ok=None)

    @app.task("stubborn", queue_name="default", timeout_ms=1000)
    def stubborn(*, way: str) -> TaskResult[None, TaskError]:
        if way == "deaf":
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        if way == "holding the interpreter":
            ctypes.PyDLL(None).sleep(600)
        while True:
            try:
                if way != "busy":
                    time.sleep(600)
            except BaseException:
                continue

    @app.task("leave_a_daemon", queue_name="default")
    def leave_a_daemon(*, path: str) -> TaskResult[None, TaskError]:
        script = (
            f"import os, time; os.fork() and os._exit(0); open({path!r}, 'w').write(str(os.getpid())); time.sleep(1000)"
        )
        subprocess.run([sys.executable, "-c", script], start_new_session=True, check=True)
        while not Path(path).exists() or not Path(path).read_text():
            time.sleep(0.01)
        return TaskResult(ok=None)

    @app.task("log", queue_name="default")
    def log(*, text: str) -> TaskResult[None, TaskError]:
        logging.getLogger("shop.orders").warning(text)
        return TaskResult(ok=None)

    @app.task("nap", queue_name="default")
    def nap(*, seconds: float, path: str | None = None) -> TaskResult[None, TaskError]:
        time.sleep(seconds)
        if path is not None:
            _until_let_go(path)
        return TaskResult(ok=None)

    @app.task("kill_worker", queue_name="default", retry_policy=_at_once("WORKER_CRASHED"))
    def kill_worker(*, path: str) -> TaskResult[None, TaskError]:
        _note(path, "run")
        os.kill(int(os.environ["HORSIES_TEST_SUPERVISOR"]), signal.SIGKILL)
        time.sleep(10)
        return TaskResult(ok=None)

    @app.task("garbage", queue_name="default")
    def garbage() -> TaskResult[None, TaskError]:
        for descriptor in range(3, 30):
            try:
                os.write(descriptor, b"\xff" * 64)
            except OSError:
                continue
        time.sleep(10)
        return TaskResult(ok=None)

    @app.task("eat", queue_name="default")
    def eat(*, megabytes: int) -> TaskResult[int, TaskError]:
        hoard.append(b"x" * (megabytes * 2**20))
        return TaskResult(ok=os.getpid())

    hoard: list[bytes] = []


def _at_once(*codes: str, retries: int = 20) -> RetryPolicy:
    return RetryPolicy.fixed([0] * retries, auto_retry_for=codes)


def _retrying_tasks(app: Horsies) -> None:
    @app.task("flaky", queue_name="default", retry_policy=RetryPolicy.fixed([0, 1], auto_retry_for=["FLAKY"]))
    def flaky(*, path: str, failures: int) -> TaskResult[int, TaskError]:
        _note(path, str(time.time()))
        attempts = len(Path(path).read_text().splitlines())
        if attempts <= failures:
            return TaskResult(err=TaskError(error_code="FLAKY", message=f"attempt {attempts}"))
        return TaskResult(ok=attempts)

    @app.task("hang_twice", queue_name="default", timeout_ms=2000, retry_policy=_at_once("TASK_TIMEOUT", retries=1))
    def hang_twice(*, path: str) -> TaskResult[None, TaskError]:
        _note(path, "run")
        time.sleep(1000)
        return TaskResult(ok=None)


def main() -> int:
    """The program of a worker process."""
    given = json.loads(os.environ[VARIABLE])
    os.environ["HORSIES_TEST_SUPERVISOR"] = str(os.getpid())
    set_up("json", given["level"])
    app = build_app(given["url"], given["schema"], **given["broker"])
    return run_worker(app, WorkerConfig(**given["config"]), given["queues"])


if __name__ == "__main__":
    sys.exit(main())
