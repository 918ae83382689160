"""The workers: real processes of the real command line, each start of one with a database role of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worker_support import descendants, is_alive

from storm.server import Server, role_of
from storm.wire import Wire, Wires

PROCESSES = 3
LEASE_S = 4.0
GONE_WITHIN_S = 60.0
OPTIONS = (
    *("--processes", str(PROCESSES), "--lease", str(LEASE_S), "--drain-timeout", "2"),
    *("--max-tasks-per-child", "60", "--max-child-memory", "500", "--log-format", "json"),
)
GOOD_EXITS = {0: "stopped", -signal.SIGKILL: "killed", 70: "lost its template", 1: "stopped, could not report"}


class Worker:
    """One process of a place."""

    def __init__(self, place: int, number: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.place, self.number, self.process, self.log = place, number, process, log
        self.ended_at: float | None = None
        """When its end was seen, in seconds since the epoch."""

    @property
    def who(self) -> str:
        """As it stands in the journal."""
        return f"{self.place}.{self.number}"

    @property
    def role(self) -> str:
        """Its database role."""
        return role_of(self.place, self.number)

    @property
    def events(self) -> Iterator[dict[str, Any]]:
        """Its log lines so far."""
        for line in self.log.read_text(errors="replace").splitlines():
            if line.startswith("{"):
                yield json.loads(line)

    @property
    def stray_lines(self) -> list[str]:
        """What it wrote that is no log line."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if not line.startswith("{")]


class Fleet:
    """All workers of a storm, the dead ones too."""

    def __init__(self, server: Server, folder: Path, run: str, places: int, clocks_s: dict[int, int]) -> None:
        self._server, self._folder, self._run = server, folder, run
        self._clock = _built_clock(folder) if clocks_s else None
        self._clocks_s = clocks_s if self._clock is not None else {}
        self._wires = Wires()
        self.wires = [Wire(self._wires, server.socket) for _ in range(places)]
        self.all: list[Worker] = []
        self.at: list[Worker] = [self._start(place) for place in range(places)]
        self.survivors: list[str] = []
        """Processes that outlived their killed worker."""

    @property
    def shifted(self) -> dict[int, int]:
        """Places whose clock is off, and by how many seconds."""
        return self._clocks_s

    def replace_dead(self) -> None:
        """Start a new worker at each place whose worker has ended."""
        for place, worker in enumerate(self.at):
            if worker.process.poll() is not None:
                worker.ended_at = worker.ended_at or time.time()
                self.at[place] = self._start(place)

    def kill(self, worker: Worker) -> None:
        """SIGKILL; everything below it must be gone soon."""
        below = descendants(worker.process.pid)
        worker.process.kill()
        worker.process.wait()
        worker.ended_at = time.time()
        give_up = time.monotonic() + GONE_WITHIN_S
        while left := [pid for pid in below if is_alive(pid)]:
            if time.monotonic() > give_up:
                self.survivors += [f"{pid} of worker {worker.who}" for pid in left]
                return
            time.sleep(0.01)

    def stop_all(self, patience_s: float) -> None:
        """SIGTERM to all, and wait for their ends."""
        for worker in self.at:
            if worker.process.poll() is None:
                worker.process.send_signal(signal.SIGTERM)
        for worker in self.at:
            worker.process.wait(patience_s)
            worker.ended_at = worker.ended_at or time.time()

    def orphans(self) -> list[str]:
        """Processes of this storm that live though no worker should."""
        marker = f"STORM_RUN={self._run}".encode()
        return [str(pid) for pid in _processes() if pid != os.getpid() and marker in _environment(pid)]

    def end(self) -> None:
        """Whatever happened: nothing of it is left behind."""
        for worker in self.all:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.wait()
        for wire in self.wires:
            wire.close()
        self._wires.close()

    def _start(self, place: int) -> Worker:
        number = sum(worker.place == place for worker in self.all)
        url = f"postgresql://{role_of(place, number)}@127.0.0.1:{self.wires[place].port}/postgres"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HORSIES_")},
            "HORSIES_DATABASE_URL": url,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "STORM_FOLDER": str(self._folder),
            "STORM_WHO": f"{place}.{number}",
            "STORM_RUN": self._run,
        }
        if self._clock is not None and place in self._clocks_s:
            environment |= {"LD_PRELOAD": str(self._clock), "STORM_CLOCK_S": str(self._clocks_s[place])}
        log = self._folder / f"worker-{place}.{number}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(Path(sys.executable).with_name("horsies")), "worker", "storm.app:app", *OPTIONS],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        worker = Worker(place, number, process, log)
        self.all.append(worker)
        return worker


def _built_clock(folder: Path) -> Path | None:
    """The library that shifts a process's clock; None on a machine without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes() if is_alive(pid) else b""
    except OSError:
        return b""
