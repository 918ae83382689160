"""Workers as processes, and what they cost: processor time, memory, start-up."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.speed.app import VARIABLE

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker:
    """``horsies worker``, started as a user starts it. ``lines`` are its log so far."""

    def __init__(self, given: Mapping[str, object], processes: int = 2, options: Sequence[str] = ()) -> None:
        self.began = time.monotonic()
        command = [str(Path(sys.executable).parent / "horsies"), "worker", "benchmarks.speed.app:app"]
        self.process = subprocess.Popen(
            [*command, "--processes", str(processes), "--log-format", "json", *options],
            cwd=ROOT,
            env={**os.environ, VARIABLE: json.dumps(given)},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        wait_until(lambda: self.says("worker ready"), "the worker is ready")

    @property
    def pid(self) -> int:
        """The supervisor's."""
        return self.process.pid

    @property
    def pids(self) -> tuple[int, ...]:
        """The supervisor and everything below it."""
        return (self.pid, *descendants(self.pid))

    def says(self, text: str) -> bool:
        """Whether a line of the log holds the text."""
        if self.process.poll() is not None and not any(text in line for line in self.lines):
            raise RuntimeError("the worker ended:\n" + "".join(self.lines))
        return any(text in line for line in self.lines)

    def stop(self) -> None:
        """SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines.extend(self.process.stderr)


@contextlib.contextmanager
def worker(given: Mapping[str, object], processes: int = 2, options: Sequence[str] = ()) -> Iterator[Worker]:
    """A worker for the block."""
    started = Worker(given, processes, options)
    try:
        yield started
    finally:
        started.stop()


def wait_until(condition: Callable[[], object], what: str, timeout_s: float = 120, every_s: float = 0.005) -> None:
    """Wait for something to come true. Raises TimeoutError."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_s:g} s: {what}")
        time.sleep(every_s)


def descendants(pid: int) -> list[int]:
    """All processes below one, parents before children."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                below.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = below.get(waiting.pop(), [])
        found.extend(children)
        waiting.extend(children)
    return found


def processor_s(pids: Sequence[int]) -> float:
    """Processor time of living processes, user and system."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def memory_mb(pid: int, *keys: str) -> float:
    """The sum of lines of ``/proc/PID/smaps_rollup`` in MiB: ``Pss``, or ``Private_Clean`` and ``Private_Dirty``."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        key, _, value = line.partition(":")
        if key in keys:
            total += int(value.split()[0])
    return total / 1024
