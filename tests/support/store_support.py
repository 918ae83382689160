"""Tasks, workers and turns for tests over a real store."""

from __future__ import annotations

import threading
import time
from random import Random

import psycopg
from worker_support import wait_until

from horsies_core.policy.claim import Claimed
from horsies_core.policy.decide import decide
from horsies_core.policy.report import Finished, Report, WorkerLost
from horsies_core.policy.terms import Terms
from horsies_core.store.enqueue import insert_many
from horsies_core.store.ids import new_id
from horsies_core.store.outcomes import cancel
from horsies_core.store.rows import NewTask
from horsies_core.store.store import Store
from horsies_core.store.work import Judge, Registration, Settled, Turn, TurnResult, Wish, register, take_turn

PLAIN_TASK = NewTask(id=new_id(), name="work", queue="default", payload=b"{}", fingerprint="f" * 32)


def a_task(**changes: object) -> NewTask:
    """A new task with an id of its own."""
    return PLAIN_TASK._replace(**({"id": new_id()} | changes))  # type: ignore[arg-type]


def send(store: Store, *tasks: NewTask) -> None:
    """Store tasks in one go."""
    store.run(insert_many(tasks, store.bell))


def query(store: Store, text: str, *parameters: object) -> list[tuple[object, ...]]:
    """Rows of any statement; ``{s}`` is the schema."""
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        cursor = connection.execute(text.replace("{s}", store.settings.schema).encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def cancel_while_waited_for(store: Store, task: NewTask) -> threading.Thread:
    """A running thread that cancels a task once somebody waits for it."""

    def run() -> None:
        wait_until(lambda: query(store, "SELECT count(*) FROM {s}.waiter") == [(1,)], "somebody waits")
        time.sleep(0.3)  # and has looked once more in vain
        store.run(cancel(task.id, store.bell, "TASK_CANCELLED", b'{"err":1}'))

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class Hand:
    """A worker without processes: it takes turns when the test says so."""

    def __init__(
        self,
        store: Store,
        *,
        queues: tuple[str, ...] = ("default",),
        names: tuple[str, ...] = ("work",),
        limits: dict[str, int | None] | None = None,
        lease_s: float = 60.0,
        terms: dict[str, object] | None = None,
    ) -> None:
        self.store = store
        self.queues, self.names, self.lease_s = queues, names, lease_s
        self.limited = frozenset(queue for queue, limit in (limits or {}).items() if limit is not None)
        registration = Registration(
            host="test",
            pid=1,
            processes=1,
            queues=queues,
            names=names,
            terms=terms or {},
            contracts=(),
            limits=limits or {},
            lease_s=lease_s,
        )
        self.worker = store.run(register(registration))

    def turn(self, wanted: int = 0, *settled: Settled, direct: int = 0, tick: bool = False) -> TurnResult:
        """One turn."""
        wish = Wish(wanted=wanted, direct=direct, queues=self.queues, limited=self.limited, names=self.names)
        turn = Turn(
            worker=self.worker,
            lease_s=self.lease_s,
            settled=settled,
            wish=wish if wanted else None,
            is_tick=tick,
            limited=self.limited,
            asks_due=tick,
        )
        return self.store.run(take_turn(turn, self.store.bell))

    def claim(self, wanted: int = 1, *, direct: int = 0) -> tuple[Claimed, ...]:
        """What one turn claims."""
        return self.turn(wanted, direct=direct).claimed

    def settle(self, claimed: Claimed, report: Report, terms: Terms | None = None) -> TurnResult:
        """Report on a claimed task."""
        return self.turn(0, settled(claimed, report, terms))


def settled(claimed: Claimed, report: Report, terms: Terms | None = None) -> Settled:
    """What a report means for a task, as a worker would settle it."""
    transition = decide(claimed, terms or Terms(), report, now=0.0, rng=Random(0))
    return Settled(claimed, transition, isinstance(report, Finished) or getattr(report, "started", False))


def judge(terms: Terms | None = None) -> Judge:
    """What becomes of a dead worker's tasks under these terms."""
    return lambda worker, claimed, _: settled(claimed, WorkerLost(claimed.marked, worker), terms)
