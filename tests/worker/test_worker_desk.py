"""The desk on its own: what it asks of the database next, with no process and no database."""

from __future__ import annotations

from random import Random

from horsies_core.policy.claim import Claimed
from horsies_core.store.ids import new_id
from horsies_core.store.operation import Statement, Together
from horsies_core.store.work import TurnResult
from horsies_core.worker.catalogue import Catalogue
from horsies_core.worker.desk import Desk, Load
from horsies_core.worker.pace import Pace

NO_CHILD_IDLE = Load(fronts=(), in_lines=4, idle=0, lively=2, stuck=0)
CATALOGUE = Catalogue(
    terms={}, fingerprints={}, contracts=(), queues=("default",), limits={}, readers={}, ranks={"default": 100}
)


def claimed(name: str, *, marked: bool = False) -> Claimed:
    return Claimed(new_id(), name, "default", "f" * 32, b"{}", 1, 0, 0, None, marked)


def a_desk() -> Desk:
    pace = Pace()
    for _ in range(50):
        pace.took("short", 0.0001)
    desk = Desk(CATALOGUE, pace, 60.0, "bell_", Random(1))
    desk.enter(1, 0.0)
    return desk


def turn(desk: Desk, now: float, *, load: Load = NO_CHILD_IDLE, found: tuple[Claimed, ...] = ()) -> list[str]:
    """Take a turn that claims these, and say whose starts it marked."""
    operation = desk.next_operation(load, (), now)
    assert operation is not None
    step = next(operation)
    assert isinstance(step, Together)
    marks = [each for each in step.steps if isinstance(each, Statement) and each.name == "mark_started"]
    desk.turn_done(
        TurnResult(is_alive=True, claimed=found, stale=(), next_due_s=None, cancelled=frozenset(), now=now), now
    )
    return [str(each.parameters["ids"]) for each in marks]


def test_long_task_is_marked_among_short_ones_though_no_child_is_idle() -> None:
    """Else it would wait for as long as short ones keep coming, since they keep every child busy."""
    desk = a_desk()
    first, second = claimed("long"), claimed("long")
    turn(desk, 0.0, found=(claimed("short"), first, claimed("short"), second))
    [marked] = turn(desk, 0.1)
    assert str(first.id) in marked
    assert str(second.id) not in marked


def test_only_one_long_task_at_a_time_stops_the_flow_of_short_ones() -> None:
    desk = a_desk()
    turn(desk, 0.0, found=(claimed("long"), claimed("long"), claimed("short")))
    assert len(turn(desk, 0.1)) == 1
    assert desk.next_operation(NO_CHILD_IDLE, (), 0.1) is None


def test_as_many_long_tasks_are_marked_as_children_wait() -> None:
    desk = a_desk()
    tasks = [claimed("long") for _ in range(3)]
    turn(desk, 0.0, found=tuple(tasks))
    [marked] = turn(desk, 0.1, load=Load(fronts=(), in_lines=0, idle=2, lively=2, stuck=0))
    assert [str(task.id) in marked for task in tasks] == [True, True, False]


def test_short_task_that_runs_for_long_is_marked() -> None:
    desk = a_desk()
    turn(desk, 0.0, found=(claimed("short"), claimed("short")))
    front = desk.stock.popleft()
    front.since = 1.0
    load = Load(fronts=(front,), in_lines=2, idle=0, lively=2, stuck=0)
    assert turn(desk, 1.01, load=load) == []
    assert desk.next_wakeup(load, 1.01) <= 1.04
    [marked] = turn(desk, 1.05, load=load)
    assert str(front.claimed.id) in marked
