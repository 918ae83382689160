"""Operations of a producer: storing tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from horsies_core.outcome.errors import IdempotencyConflictError, StoreUnavailableError
from horsies_core.store.arrays import plain_array
from horsies_core.store.copying import NO_TIMES, escaped, line_part
from horsies_core.store.operation import Atomic, Copy, Operation, Statement, Together
from horsies_core.store.rows import Enqueued, NewTask

Transaction: TypeAlias = Literal["own", "callers"]
"""Whose transaction the rows go into. One of the caller's may stay open for long, so it must not lock a sleeper's flag."""


def insert(
    task: NewTask,
    bell: str,
    transaction: Transaction = "own",
    *,
    may_exist: bool = False,
    expects_sleeper: bool = False,
) -> Operation[Enqueued]:
    """Store one task and ring a sleeping worker that serves it.

    With ``expects_sleeper`` both go in one statement: a worker at rest hears of it a round trip sooner, a busy queue pays for
    it in vain. With ``may_exist`` a live task of the same id is left as it is. Raises `IdempotencyConflictError` if the task's
    key stands for another payload.
    """
    if task.idempotency_key is not None:
        return (yield from _insert_keyed(task, bell, transaction))
    if transaction == "callers" or task.is_timed or expects_sleeper:
        insertion = _insertion(task, bell, transaction)
        # In the caller's transaction behind a savepoint: a failure leaves it usable.
        [[row]] = yield insertion if transaction == "own" else Together((insertion,))
        return Enqueued(task.id, bool(row.added), bool(row.rung))
    [rows] = yield Statement("insert_again" if may_exist else "insert", _bare_values(task))
    has_sleeper = bool(rows) and rows[0].has_sleeper
    if has_sleeper:
        yield Statement("ring_one", {"queue": task.queue, "name": task.name, "bell": bell})
    return Enqueued(task.id, bool(rows), has_sleeper)


def insert_again(tasks: Sequence[NewTask], bell: str) -> Operation[tuple[Enqueued, ...]]:
    """As `insert`, all or none, for tasks that may have been stored before, and may even have ended: none is stored twice.

    Raises `StoreUnavailableError` if a task ended at that very moment; nothing was stored then, and trying again will do.
    """
    [[enqueued]] = yield Atomic(_insert_again(tasks, bell))
    return tuple(enqueued)


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
    if any(task.is_timed for task in tasks):
        [[row]] = yield Statement("read_now")
        now = row.now
    queues = sorted({task.queue for task in tasks})
    ring = "ring_all" if transaction == "own" else "ring_all_within"
    yield Together((Copy("copy_tasks", _copy_lines(tasks, now)), Statement(ring, {"queues": queues, "bell": bell})))
    return tuple(Enqueued(task.id, True) for task in tasks)


def _insert_again(tasks: Sequence[NewTask], bell: str) -> Operation[list[Enqueued]]:
    """Look, insert, and look once more: a task that ended in between was no hindrance to its own second insertion."""
    ended = yield from _ended(tasks)
    enqueued: list[Enqueued] = []
    for task in tasks:
        enqueued.append(
            Enqueued(task.id, False) if task.id in ended else (yield from insert(task, bell, may_exist=True))
        )
    added = {each.id for each in enqueued if each.is_new}
    if (yield from _ended([task for task in tasks if task.id in added])):
        raise StoreUnavailableError("a task ended while it was sent again; nothing was stored")
    return enqueued


def _ended(tasks: Sequence[NewTask]) -> Operation[frozenset[UUID]]:
    [rows] = yield Statement("ended", {"ids": plain_array(task.id for task in tasks)})
    return frozenset(row.id for row in rows)


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
    first = UUID(str(owner.task))  # the caller's connection may load UUIDs in its own way
    return Enqueued(first, first == task.id)


def _insertion(task: NewTask, bell: str, transaction: Transaction) -> Statement:
    return Statement(
        "insert_with" if transaction == "own" else "insert_within",
        {
            **_bare_values(task),
            "run_at": task.run_at,
            "delay": None if task.delay_s is None else timedelta(seconds=task.delay_s),
            "good_until": task.good_until,
            "key": task.idempotency_key,
            "bell": bell,
        },
    )


def _bare_values(task: NewTask) -> dict[str, object]:
    return {
        "id": task.id,
        "name": task.name,
        "queue": task.queue,
        "priority": task.priority,
        "fingerprint": task.fingerprint,
        "payload": task.payload.decode(),
    }


def _copy_lines(tasks: Sequence[NewTask], now: datetime | None) -> Iterator[bytes]:
    """The lines of ``sql/copy_tasks.sql``; ``now`` is the database's, given if any task is delayed or has a limit."""
    heads: dict[tuple[str, str, int, str], bytes] = {}
    for task in tasks:
        id_, name, queue, payload, fingerprint, priority, _, _, _, _ = task
        kind = (name, queue, priority, fingerprint)
        head = heads.get(kind)
        if head is None:
            head = heads[kind] = line_part(kind)
        tail = NO_TIMES if now is None else line_part((_due_at(task, now), task.good_until))
        yield b"%032x\t%b\t%b\t%b\n" % (id_.int, head, escaped(payload), tail)


def _due_at(task: NewTask, now: datetime) -> datetime | None:
    due_at = task.run_at if task.delay_s is None else now + timedelta(seconds=task.delay_s)
    return None if due_at is None or due_at <= now else due_at
