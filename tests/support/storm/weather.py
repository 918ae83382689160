"""What strikes: each of the plan's strikes, done to the real thing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from storm.fleet import LEASE_S, Fleet, Worker
from storm.plan import Step, Strike
from storm.server import Server

LONGEST_STALL_S = LEASE_S / 3
"""Shorter than what is always left of a lease."""

BEYOND_THE_LEASE_S = LEASE_S + 2


class Weather:
    """Strikes at a server and its workers."""

    def __init__(self, server: Server, fleet: Fleet) -> None:
        self.struck: Counter[Strike] = Counter()
        self._server, self._fleet = server, fleet
        self._paused: list[threading.Timer] = []
        self._ways: Mapping[Strike, Callable[[Worker, Step], bool]] = {
            Strike.CHILD: self._kill_child,
            Strike.TEMPLATE: self._kill_template,
            Strike.WORKER: self._kill_worker,
            Strike.DEPLOY: self._deploy,
            Strike.DEPLOY_HARD: self._deploy_hard,
            Strike.PAUSE: self._pause,
            Strike.CUT: self._cut,
            Strike.STALL: self._stall,
            Strike.PARTITION: self._cut_off,
            Strike.DISCONNECT: self._disconnect,
            Strike.BACKEND: self._kill_backend,
            Strike.SERVER: self._kill_server,
            Strike.NOTHING: self._nothing,
        }

    def strike(self, step: Step) -> None:
        """Do what the step says, to the worker that has its number."""
        worker = self._fleet.at[step.victim % len(self._fleet.at)]
        if self._ways[step.strike](worker, step):
            self.struck[step.strike] += 1

    def calm_down(self) -> None:
        """Wait until every paused worker goes on, and what stood still in the wires has arrived."""
        for timer in self._paused:
            timer.join()
        for wire in self._fleet.wires:
            wire.await_flow()

    def _kill_child(self, worker: Worker, step: Step) -> bool:
        children = sorted(_children(pid) for pid in _children(worker.process.pid))
        found = [pid for each in children for pid in each]
        return bool(found) and _signal(found[step.victim % len(found)], signal.SIGKILL)

    def _kill_template(self, worker: Worker, step: Step) -> bool:
        return any(_signal(pid, signal.SIGKILL) for pid in _children(worker.process.pid))

    def _kill_worker(self, worker: Worker, step: Step) -> bool:
        if worker.process.poll() is not None:
            return False
        self._fleet.kill(worker)
        return True

    def _deploy(self, worker: Worker, step: Step) -> bool:
        return worker.process.poll() is None and _signal(worker.process.pid, signal.SIGTERM)

    def _deploy_hard(self, worker: Worker, step: Step) -> bool:
        if not self._deploy(worker, step):
            return False
        time.sleep(0.25 + step.force * 0.3)  # closer ones count as one
        return worker.process.poll() is not None or _signal(worker.process.pid, signal.SIGTERM)

    def _pause(self, worker: Worker, step: Step) -> bool:
        """As a machine that stands still: for a moment, or for longer than the lease."""
        if worker.process.poll() is not None or not _signal(worker.process.pid, signal.SIGSTOP):
            return False
        seconds = BEYOND_THE_LEASE_S if step.force > 0.6 else step.force
        timer = threading.Timer(
            seconds, lambda: worker.process.poll() is None and _signal(worker.process.pid, signal.SIGCONT)
        )
        timer.start()
        self._paused.append(timer)
        return True

    def _cut(self, worker: Worker, step: Step) -> bool:
        self._fleet.wires[worker.place].cut(after_bytes=int(step.force * 3000) if step.victim % 3 else 0)
        return True

    def _stall(self, worker: Worker, step: Step) -> bool:
        self._fleet.wires[worker.place].stall(0.1 + step.force * (LONGEST_STALL_S - 0.1))
        return True

    def _cut_off(self, worker: Worker, step: Step) -> bool:
        """Others take over what it holds; then everything that it had to say arrives."""
        self._fleet.wires[worker.place].stall(BEYOND_THE_LEASE_S)
        return True

    def _disconnect(self, worker: Worker, step: Step) -> bool:
        self._server.disconnect()
        return True

    def _kill_backend(self, worker: Worker, step: Step) -> bool:
        self._server.kill_backend(step.victim)
        return True

    def _kill_server(self, worker: Worker, step: Step) -> bool:
        self._server.kill()
        return True

    def _nothing(self, worker: Worker, step: Step) -> bool:
        return True


def _children(pid: int) -> list[int]:
    """The direct children of a process."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found |= {int(word) for word in (task / "children").read_text().split()}
    return sorted(found)


def _signal(pid: int, number: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
