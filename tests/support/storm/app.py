"""The storm's tasks. Each says in the journal when its user code begins and when it ends, by the monotonic clock of the machine."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from horsies_core.app import Horsies
from horsies_core.config import AppConfig, QueueConfig, QueueMode
from horsies_core.contract.retry import RetryPolicy
from horsies_core.outcome.result import TaskError, TaskResult

FOLDER = Path(os.environ.get("STORM_FOLDER", "."))
"""Where the journal is; the database is the one of HORSIES_DATABASE_URL."""

WHO = os.environ.get("STORM_WHO", "-")
"""Which worker this is, and the how manieth process of its place."""

LIMITS = {"pair": 2, "solo": 1}
QUEUES = [
    QueueConfig(name="default"),
    QueueConfig(name="urgent", priority=1),
    *(QueueConfig(name=name, max_concurrency=limit) for name, limit in LIMITS.items()),
]

app = Horsies(
    AppConfig(
        queue_mode=QueueMode.CUSTOM,
        queues=QUEUES,
        default_unhandled_error_code="STORM_ERROR",
    )
)

AT_ONCE = RetryPolicy.fixed([0] * 8, auto_retry_for=["WORKER_CRASHED"])
IN_A_MOMENT = RetryPolicy.exponential(base_seconds=1, max_retries=6, auto_retry_for=["FLAKY", "WORKER_CRASHED"])


def write(*words: object) -> None:
    """One line of the journal, in one write: it is whole, whoever dies next."""
    line = " ".join(str(word) for word in (f"{time.monotonic():.6f}", *words, WHO, os.getpid()))
    descriptor = os.open(FOLDER / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(descriptor, line.encode() + b"\n")
    finally:
        os.close(descriptor)


@contextmanager
def noted(key: int) -> Generator[int]:
    """Write down beginning and end; gives the how manieth beginning it is."""
    write("begin", key)
    mine = FOLDER / "begun" / str(key)
    with mine.open("ab") as file:
        file.write(b".")
    yield mine.stat().st_size
    write("end", key)


@contextmanager
def place(queue: str) -> Generator[None]:
    """One of the queue's places, held by a lock that the kernel drops when the process ends, however it ends."""
    holders: list[str] = []
    for number in range(LIMITS[queue]):
        descriptor = os.open(FOLDER / f"{queue}.{number}", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holders.append(os.pread(descriptor, 100, 0).decode() or "?")
            os.close(descriptor)
            continue
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, WHO.encode(), 0)
        try:
            yield
        finally:
            os.close(descriptor)
        return
    write("exceeded", queue, ",".join(holders))
    yield


@app.task("fast", queue_name="default")
def fast(*, key: int, pad: str) -> TaskResult[int, TaskError]:
    with noted(key):
        return TaskResult(ok=key)


@app.task("urgent", queue_name="urgent")
def urgent(*, key: int, pad: str) -> TaskResult[int, TaskError]:
    with noted(key):
        return TaskResult(ok=key)


@app.task("brief", queue_name="default")
def brief(*, key: int, seconds: float) -> TaskResult[int, TaskError]:
    """Sent with an expiry."""
    with noted(key):
        time.sleep(seconds)
        return TaskResult(ok=key)


@app.task("slow", queue_name="default", retry_policy=AT_ONCE)
def slow(*, key: int, seconds: float) -> TaskResult[int, TaskError]:
    with noted(key):
        time.sleep(seconds)
        return TaskResult(ok=key)


@app.task("pair", queue_name="pair", retry_policy=AT_ONCE)
def pair(*, key: int, seconds: float) -> TaskResult[int, TaskError]:
    with place("pair"), noted(key):
        time.sleep(seconds)
        return TaskResult(ok=key)


@app.task("solo", queue_name="solo", retry_policy=AT_ONCE)
def solo(*, key: int, seconds: float) -> TaskResult[int, TaskError]:
    with place("solo"), noted(key):
        time.sleep(seconds)
        return TaskResult(ok=key)


@app.task("hang", queue_name="default", timeout_ms=1000)
def hang(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key):
        while True:
            time.sleep(60)


@app.task(
    "hang_once",
    queue_name="default",
    timeout_ms=1000,
    retry_policy=RetryPolicy.fixed([0] * 8, auto_retry_for=["TASK_TIMEOUT", "WORKER_CRASHED"]),
)
def hang_once(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key) as begun:
        while begun == 1:
            time.sleep(60)
        return TaskResult(ok=key)


@app.task("exit", queue_name="default")
def exit_(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key):
        os._exit(7)


@app.task("exit_once", queue_name="default", retry_policy=AT_ONCE)
def exit_once(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key) as begun:
        if begun == 1:
            os._exit(7)
        return TaskResult(ok=key)


@app.task("segfault", queue_name="default")
def segfault(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key):
        ctypes.string_at(0)
        return TaskResult(ok=key)


@app.task("hungry", queue_name="default")
def hungry(*, key: int) -> TaskResult[int, TaskError]:
    """Runs out of memory inside Python."""
    with noted(key):
        before = resource.getrlimit(resource.RLIMIT_AS)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 32 * 2**20, before[1]))
        try:
            hoard = [bytearray(8 * 2**20) for _ in range(100)]
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)
        return TaskResult(ok=len(hoard))


@app.task("oom_killed", queue_name="default")
def oom_killed(*, key: int) -> TaskResult[int, TaskError]:
    """Ends as the kernel ends a process that took too much memory."""
    with noted(key):
        os.kill(os.getpid(), signal.SIGKILL)
        return TaskResult(ok=key)


@app.task("garbage", queue_name="default")
def garbage(*, key: int) -> TaskResult[int, TaskError]:
    with noted(key):
        wrong: Any = {"no": ["int"]}
        return TaskResult(ok=wrong)


@app.task("scribble", queue_name="default")
def scribble(*, key: int) -> TaskResult[int, TaskError]:
    """Writes into whatever is open."""
    with noted(key):
        for descriptor in range(3, 40):
            try:
                os.write(descriptor, b"\xff" * 64)
            except OSError:
                continue
        time.sleep(20)
        return TaskResult(ok=key)


@app.task("flaky", queue_name="default", retry_policy=IN_A_MOMENT)
def flaky(*, key: int, failures: int) -> TaskResult[int, TaskError]:
    with noted(key) as begun:
        if begun <= failures:
            return TaskResult(err=TaskError(error_code="FLAKY", message=f"beginning {begun}"))
        return TaskResult(ok=key)


@app.task("raises", queue_name="default", exception_mapper={KeyError: "MISSING"})
def raises(*, key: int, mapped: bool) -> TaskResult[int, TaskError]:
    with noted(key):
        raise KeyError(key) if mapped else ValueError(key)
