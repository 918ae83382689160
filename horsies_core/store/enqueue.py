"""Operations of a producer: storing tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from horsies_core.outcome.errors import IdempotencyConflictError
from horsies_core.store.operation import Atomic, Copy, Operation, Statement, Together
from horsies_core.store.rows import Enqueued, NewTask

Transaction: TypeAlias = Literal["own", "callers"]
"""Whose transaction the rows go into. One of the caller's may stay open for long, so it must not lock a sleeper's flag."""


def insert(task: NewTask, bell: str, transaction: Transaction = "own") -> Operation[Enqueued]:
    """Store one task and ring a sleeping worker that serves it. Nothing happens if the id is already among the live tasks.

    Raises `IdempotencyConflictError` if the task's key stands for another payload.
    """
    if task.idempotency_key is not None:
        return (yield from _insert_keyed(task, bell, transaction))
    [[row]] = yield _insertion(task, bell, transaction)
    return Enqueued(task.id, bool(row.added))


def insert_again(task: NewTask, bell: str) -> Operation[Enqueued]:
    """As `insert`, for a task that may have been stored before, and may even have ended: it is never stored twice."""
    [[row]] = yield Statement("ended", {"id": task.id})
    if row.ended:
        return Enqueued(task.id, False)
    return (yield from insert(task, bell))


def insert_many(
    tasks: Sequence[NewTask], bell: str, transaction: Transaction = "own"
) -> Operation[tuple[Enqueued, ...]]:
    """Store many tasks, all or none: by COPY, or one after another if there are idempotency keys among them.

    Raises `IdempotencyConflictError` if a key stands for another payload, `StoreError` if an id is taken.
    """
    if not tasks:
        return ()
    if any(task.idempotency_key is not None for task in tasks):
        [[enqueued]] = yield Atomic(_one_by_one(tasks, bell, transaction))
        return tuple(enqueued)
    now = None
    if any(task.run_at is not None or task.delay_s is not None for task in tasks):
        [[row]] = yield Statement("read_now")
        now = row.now
    rows = [_copy_row(task, now) for task in tasks]
    queues = sorted({task.queue for task in tasks})
    ring = "ring_all" if transaction == "own" else "ring_all_within"
    yield Together((Copy("copy_tasks", rows), Statement(ring, {"queues": queues, "bell": bell})))
    return tuple(Enqueued(task.id, True) for task in tasks)


def _one_by_one(tasks: Sequence[NewTask], bell: str, transaction: Transaction) -> Operation[list[Enqueued]]:
    enqueued: list[Enqueued] = []
    for task in tasks:
        enqueued.append((yield from insert(task, bell, transaction)))
    return enqueued


def _insert_keyed(task: NewTask, bell: str, transaction: Transaction) -> Operation[Enqueued]:
    """Reserve the key, store the task if the key became its own, and say whose it is; all in one transaction."""
    digest = hashlib.sha256(task.payload).digest()
    key = {"name": task.name, "key": task.idempotency_key, "id": task.id, "digest": digest}
    answer = yield Together(
        (Statement("reserve_key", key), _insertion(task, bell, transaction), Statement("read_key", key))
    )
    [owner] = answer[2]
    if bytes(owner.payload_digest) != digest:
        raise IdempotencyConflictError(
            f"the idempotency key {task.idempotency_key!r} of task {task.name!r} was used before with another payload"
        )
    return Enqueued(owner.task, owner.task == task.id)


def _insertion(task: NewTask, bell: str, transaction: Transaction) -> Statement:
    return Statement(
        "insert" if transaction == "own" else "insert_within",
        {
            "id": task.id,
            "name": task.name,
            "queue": task.queue,
            "priority": task.priority,
            "fingerprint": task.fingerprint,
            "payload": task.payload.decode(),
            "run_at": task.run_at,
            "delay": None if task.delay_s is None else timedelta(seconds=task.delay_s),
            "good_until": task.good_until,
            "key": task.idempotency_key,
            "bell": bell,
        },
    )


def _copy_row(task: NewTask, now: datetime | None) -> tuple[object, ...]:
    """A row of ``sql/copy_tasks.sql``; ``now`` is the database's, given if any task is delayed."""
    due_at = task.run_at
    if task.delay_s is not None and now is not None:
        due_at = now + timedelta(seconds=task.delay_s)
    if due_at is not None and now is not None and due_at <= now:
        due_at = None
    return (
        task.id,
        task.name,
        task.queue,
        task.priority,
        task.fingerprint,
        task.payload.decode(),
        due_at,
        task.good_until,
    )
