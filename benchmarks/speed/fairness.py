"""Priorities and limits at full speed, and queues beside a queue with a million rows."""

from __future__ import annotations

import threading
import time

from benchmarks.speed.draining import store_pending
from benchmarks.speed.figure import Figure, percentile
from benchmarks.speed.processes import worker
from benchmarks.speed.scale import Scale
from benchmarks.speed.server import settle
from benchmarks.speed.stage import Stage, stage

_LIMIT = 3
_ROWS = 400_000
"""So that they are not all done before the last measurement."""
_PAUSE_S = 0.02


def fairness(url: str, scale: Scale) -> list[Figure]:
    """What a task of another queue waits for while a million others are drained, and whether a limit ever gave way."""
    queues = (("bulk", 50, None), ("equal", 50, None), ("urgent", 1, None), ("limited", 1, _LIMIT))
    with stage(url, queues) as made:
        store_pending(made, "noop", "bulk", max(scale.stored, _ROWS))
        settle(url)
        with worker(made.given, processes=2):
            _until_at_full_speed(made)
            urgent = _latencies_ms(made, "noop_urgent", scale.latencies)
            equal = _latencies_ms(made, "noop_equal", scale.latencies)
            most = _most_in_work(made, 2_000)
            assert made.ask("SELECT EXISTS (SELECT FROM {s}.task WHERE queue = 'bulk')"), "too few rows for the test"
    against = f"{max(scale.stored, _ROWS):,} rows of another queue being drained"
    return [
        Figure(name="fair-urgent", title="send → result in a queue of higher priority, p50", samples=_p(urgent, 0.5),
               unit="ms", direction="at most", note=f"p99 {percentile(urgent, 0.99):.1f} ms; {against}"),
        Figure(name="fair-equal", title="send → result in a queue of equal priority, p50", samples=_p(equal, 0.5),
               unit="ms", direction="at most", note=f"p99 {percentile(equal, 0.99):.1f} ms; {against}"),
        Figure(name="limit", title=f"most tasks in work of a queue with limit {_LIMIT}", samples=(float(most),),
               unit="tasks", bar=float(_LIMIT), direction="at most", note=against),
    ]  # fmt: skip


def _p(times: list[float], share: float) -> tuple[float, ...]:
    thirds = [times[start::3] for start in range(3)]
    return tuple(percentile(third, share) for third in thirds)


def _until_at_full_speed(made: Stage) -> None:
    while made.ask("SELECT count(*) FROM {s}.history") < 5_000:
        time.sleep(0.05)


def _latencies_ms(made: Stage, name: str, count: int) -> list[float]:
    task = made.tasks[name]
    times: list[float] = []
    for number in range(count):
        time.sleep(_PAUSE_S)
        began = time.perf_counter()
        task.send(number=number).get(timeout_ms=20_000)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _most_in_work(made: Stage, count: int) -> int:
    """The greatest number of the limited queue's tasks that any snapshot saw in work while so many ran."""
    most = 0
    before = made.ask("SELECT count(*) FROM {s}.history WHERE queue = 'limited'")
    sending = threading.Thread(target=lambda: made.send_noops(count, "noop_limited"))
    sending.start()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        held = made.ask("SELECT count(*) FROM {s}.task WHERE queue = 'limited' AND worker IS NOT NULL")
        most = max(most, held)
        if not sending.is_alive() and not made.ask("SELECT EXISTS (SELECT FROM {s}.task WHERE queue = 'limited')"):
            break
    sending.join()
    assert made.ask("SELECT count(*) FROM {s}.history WHERE queue = 'limited'") - before == count
    return most
