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

TIMEOUT_MS = 30_000


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
            "config": {"processes": 2, "lease_s": 2.0} | config,
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
        wait_until(lambda: self.has("worker ready"), "the worker is ready")
        return self

    def has(self, event: str) -> bool:
        assert self.process.poll() is None or event != "worker ready", self.other_lines
        return any(line["event"] == event for line in self.events)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(60)
        for reader in self._readers:
            reader.join(10)
        return code

    def kill(self) -> None:
        self.process.kill()
        self.wait()

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


def wait_until(condition: Callable[[], object], what: str, timeout_s: float = 30) -> None:
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
