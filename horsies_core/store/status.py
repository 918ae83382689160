"""Operations of whoever looks after the queue: how much waits, runs and has ended, and who works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from horsies_core.store.operation import Operation, Statement, Together


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Live tasks of one queue by where they stand, and ended ones that are still kept by their state."""

    queue: str
    ready: int
    delayed: int
    claimed: int
    running: int
    ended: dict[str, int]


@dataclass(frozen=True, slots=True)
class Unserved:
    """Waiting tasks that no live worker serves, by the contract that their payloads were encoded by.

    ``is_known``: there are workers with the task in that queue, but none that can read these payloads.
    """

    queue: str
    name: str
    fingerprint: str
    count: int
    oldest: datetime
    is_known: bool


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A registered worker. ``is_alive``: its lease has not run out."""

    id: int
    host: str
    pid: int
    processes: int
    queues: tuple[str, ...]
    started_at: datetime
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Status:
    """One look at everything, from one snapshot."""

    queues: tuple[QueueCounts, ...]
    unserved: tuple[Unserved, ...]
    workers: tuple[WorkerInfo, ...]


def read_status() -> Operation[Status]:
    """Count everything. Reads whole tables: for people, not for loops."""
    names = ("status_tasks", "status_history", "status_unserved", "status_workers")
    live, ended, unserved, workers = yield Together(tuple(Statement(name) for name in names))
    by_queue: dict[str, dict[str, int]] = {}
    for row in ended:
        by_queue.setdefault(row.queue, {})[row.state] = row.count
    counts = {row.queue: (row.ready, row.delayed, row.claimed, row.running) for row in live}
    return Status(
        queues=tuple(
            QueueCounts(queue, *counts.get(queue, (0, 0, 0, 0)), by_queue.get(queue, {}))
            for queue in sorted(counts.keys() | by_queue.keys())
        ),
        unserved=tuple(
            Unserved(row.queue, row.name, row.fingerprint, row.count, row.oldest, row.is_known) for row in unserved
        ),
        workers=tuple(
            WorkerInfo(row.id, row.host, row.pid, row.processes, tuple(row.queues), row.started_at, row.alive)
            for row in workers
        ),
    )
