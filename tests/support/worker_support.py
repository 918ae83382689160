"""Workers as processes for tests: started, watched through their logs, signalled, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import worker_tasks

from horsies_core.app import Horsies
from horsies_core.store.settings import StoreSettings

PATIENCE_S = 120.0
"""How long anything is waited for that must come: ten times as long as on a busy machine, since only a failure takes so long."""

TIMEOUT_MS = 120_000

LEASE_S = 60.0
"""Of the tests' workers: one that a busy machine does not let run for a while is not to be taken for dead."""


class WorkerProcess:
    """A running worker. ``events`` are its log lines so far."""

    def __init__(
        self, settings: StoreSettings, queues: list[str] | None = None, level: str = "info", **config: Any
    ) -> None:
        given = {
            "url": settings.conninfo,
            "schema": settings.schema,
            "broker": {
                "listen": settings.listen,
                "listen_url": settings.listen_conninfo,
                "prepare": settings.prepare,
            },
            "config": {"processes": 2, "lease_s": LEASE_S} | config,
            "queues": queues,
            "level": level,
        }
        self.process = subprocess.Popen(
            [sys.executable, worker_tasks.__file__],
            env={**os.environ, worker_tasks.VARIABLE: json.dumps(given)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events: list[dict[str, Any]] = []
        self.other_lines: list[str] = []
        self.output: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_log, daemon=True),
            threading.Thread(target=self._read_output, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_ready(self) -> WorkerProcess:
        wait_until(lambda: self.has("worker ready") or self._has_ended(), "the worker is ready")
        assert self.has("worker ready"), self.other_lines
        return self

    def has(self, event: str) -> bool:
        return self.count(event) > 0

    def count(self, event: str) -> int:
        """How often it was logged so far."""
        return sum(line["event"] == event for line in self.events)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(PATIENCE_S)
        self._read_to_the_end()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def _has_ended(self) -> bool:
        """Whether nothing more can come: it may end right after a line that nobody has read yet."""
        if self.process.poll() is None:
            return False
        self._read_to_the_end()
        return True

    def _read_to_the_end(self) -> None:
        for reader in self._readers:
            reader.join(PATIENCE_S)

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                self.events.append(json.loads(line))
            except ValueError:
                self.other_lines.append(line)

    def _read_output(self) -> None:
        assert self.process.stdout is not None
        self.output.extend(self.process.stdout)


def wait_until(condition: Callable[[], object], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Wait for something to come true; fail after a while."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s} s: {what}"
        time.sleep(0.01)


def descendants(pid: int) -> set[int]:
    """All living processes below one."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        children = below.get(waiting.pop(), [])
        found.update(children)
        waiting.extend(children)
    return found


def is_alive(pid: int) -> bool:
    """Whether a process lives; a dead one that nobody buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def lines_of(path: Path) -> list[str]:
    """The lines of a file that may not be there yet."""
    return path.read_text().splitlines() if path.exists() else []


class Sends:
    """Sends the tests' tasks by name."""

    def __init__(self, app: Horsies) -> None:
        self.app = app

    def __call__(self, name: str, options: dict[str, Any] | None = None, /, **arguments: Any) -> Any:
        """Send a task; the handle."""
        return self.app.sender.send(self.app.registry.get(name), arguments, make_options(options or {}))  # type: ignore[arg-type]


def make_options(given: dict[str, Any]) -> Any:
    """The options of a send."""
    from horsies_core.producer.options import SendOptions

    return SendOptions(**given)
