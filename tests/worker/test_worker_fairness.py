"""Queues beside one another: which are served first, and that none of equal priority waits for all of another."""

from __future__ import annotations

from collections.abc import Callable

from store_support import a_task, query
from worker_support import PATIENCE_S, Sends, WorkerProcess, wait_until

from horsies_core.store.enqueue import insert_many
from horsies_core.store.rows import NewTask
from horsies_core.store.store import Store
from horsies_core.worker.catalogue import Catalogue

StartWorker = Callable[..., WorkerProcess]


def catalogue(**ranks: int) -> Catalogue:
    return Catalogue(
        terms={},
        fingerprints={},
        contracts=(),
        queues=tuple(sorted(ranks, key=lambda queue: ranks[queue])),
        limits={},
        readers={},
        ranks=ranks,
    )


def rows(send: Sends, queue: str, count: int, name: str = "pid", payload: bytes = b"{}") -> list[NewTask]:
    task = send.app.registry.get(name)
    assert task is not None
    return [a_task(name=name, queue=queue, payload=payload, fingerprint=task.fingerprint) for _ in range(count)]


def test_queues_of_one_priority_take_turns_behind_the_more_urgent_ones() -> None:
    served = catalogue(urgent=1, a=50, b=50, c=50, last=100)
    assert [served.in_turn(turn) for turn in range(4)] == [
        ("urgent", "a", "b", "c", "last"),
        ("urgent", "b", "c", "a", "last"),
        ("urgent", "c", "a", "b", "last"),
        ("urgent", "a", "b", "c", "last"),
    ]


def test_full_queue_starves_no_other_of_its_priority(start_worker: StartWorker, send: Sends, store: Store) -> None:
    store.run(insert_many([*rows(send, "default", 3_000), *rows(send, "equal", 3)], store.bell))
    start_worker(processes=1)
    wait_until(lambda: query(store, "SELECT count(*) FROM {s}.history") == [(3_003,)], "all are done")
    last = "SELECT max(finished_at) FROM {s}.history WHERE queue = 'equal'"
    [[passed]] = query(store, f"SELECT count(*) FROM {{s}}.history WHERE finished_at < ({last})")
    assert isinstance(passed, int)
    assert passed < 2_000


def test_urgent_tasks_pass_the_ones_that_a_worker_has_in_stock(
    start_worker: StartWorker, send: Sends, store: Store
) -> None:
    """Of tasks that take a millisecond: there are enough for 30 s, and a stock of them for a tenth of a second."""
    start_worker(processes=1)
    store.run(insert_many(rows(send, "default", 30_000, "nap", b'{"seconds":0.001}'), store.bell))
    wait_until(lambda: query(store, "SELECT count(*) > 500 FROM {s}.history") == [(True,)], "it has a stock")
    urgent = rows(send, "urgent", 1)[0]
    store.run(insert_many([urgent], store.bell))
    store.wait(urgent.id, PATIENCE_S)
    [[waiting]] = query(store, "SELECT count(*) FROM {s}.task WHERE worker IS NULL")
    assert isinstance(waiting, int)
    assert waiting > 0
