"""A worker with nothing to do: how fast it wakes, what it costs, how it starts and replaces a child."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from benchmarks.speed import limits
from benchmarks.speed.figure import Figure, interleaved, percentile, ratios
from benchmarks.speed.processes import Worker, descendants, memory_mb, processor_s, wait_until, worker
from benchmarks.speed.scale import Scale
from benchmarks.speed.server import without_autovacuum
from benchmarks.speed.stage import Counters, Stage, stage

_PAUSE_S = 0.06
"""Longer than the worker goes on looking for late arrivals."""


def latency(url: str, scale: Scale) -> list[Figure]:
    """From ``send`` to the result in hand, one at a time, against bare clients that notify each other."""
    ours: dict[str, list[float]] = {}
    bare: dict[str, list[float]] = {}

    def run(into: dict[str, list[float]], times: list[float]) -> float:
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            into.setdefault(name, []).append(percentile(times, share))
        return 0.0

    contestants = {
        "ours": lambda: run(ours, _latencies_ms(url, scale.latencies)),
        "bare": lambda: run(bare, limits.round_trips_ms(url, scale.latencies, _PAUSE_S)),
    }
    interleaved(contestants, min(scale.repeats, 3))
    return [
        Figure(
            name=f"latency-{name}",
            title=f"send → result at rest, {name}",
            samples=tuple(ours[name]),
            unit="ms",
            bar=bar,
            aim=aim,
            direction="at most",
            measured={"horsies": tuple(ours[name]), "bare clients, INSERT + NOTIFY": tuple(bare[name])},
            measured_unit="ms",
            note=f"{min(ratios(tuple(ours[name]), tuple(bare[name]))):.1f} × bare clients that notify each other",
        )
        for name, bar, aim in (("p50", 4.0, 2.5), ("p99", 12.0, 5.0))
    ]


def at_rest(url: str, scale: Scale) -> list[Figure]:
    """Processor time, transactions and memory of a worker that has done something and has nothing to do now."""
    load: list[float] = []
    transactions: list[float] = []
    whole: list[float] = []
    child: list[float] = []
    for _ in range(min(scale.repeats, 2)):
        with without_autovacuum(url), stage(url) as made, worker(made.given) as running:
            made.warm_up()
            before, used = Counters.read(url), processor_s(running.pids)
            time.sleep(scale.rest_s)
            after = Counters.read(url)
            span_s = after.at - before.at
            load.append((processor_s(running.pids) - used) / span_s * 100)
            transactions.append(max(0.0, (after.transactions - before.transactions - 1) / span_s))
            whole.append(sum(memory_mb(pid, "Pss") for pid in running.pids))
            child.append(memory_mb(_children(running)[-1], "Private_Clean", "Private_Dirty"))
    return [
        Figure(name="rest-cpu", title="worker at rest: processor", samples=tuple(load), unit="%", bar=0.5,
               direction="at most"),
        Figure(name="rest-transactions", title="worker at rest: transactions", samples=tuple(transactions), unit="/s",
               bar=1.0, direction="at most", note="the server's own vacuum is off meanwhile"),
        Figure(name="memory", title="memory of a worker at rest with 2 children (PSS)", samples=tuple(whole), unit="MB",
               bar=80, aim=60, direction="at most"),
        Figure(name="memory-child", title="memory of each further child (private)", samples=tuple(child), unit="MB",
               bar=12, direction="at most"),
    ]  # fmt: skip


def starts(url: str, scale: Scale) -> list[Figure]:
    """From the start of the process to the end of its first task; from the kill of a child to its slot serving again."""
    first: list[float] = []
    again: list[float] = []
    for _ in range(scale.repeats):
        with stage(url) as made:
            made.tasks["noop"].send(number=1)
            began = time.monotonic()
            running = Worker(made.given, processes=1)
            try:
                wait_until(lambda: _done(made), "the first task is done", every_s=0.002)  # called at once
                first.append(time.monotonic() - began)
                made.warm_up(100)
                time.sleep(0.3)
                again.append(_replacement_s(made, running))
            finally:
                running.stop()
    return [
        Figure(name="start", title="worker start to first task done", samples=tuple(first), unit="s", bar=0.8,
               direction="at most"),
        Figure(name="replacement", title="kill of one child to its slot serving again", samples=tuple(again), unit="s",
               bar=0.15, direction="at most"),
    ]  # fmt: skip


_IMPORT = """
import time
began = time.perf_counter()
from horsies import AppConfig, Horsies, PostgresConfig, TaskError, TaskResult
app = Horsies(AppConfig(broker=PostgresConfig(database_url="postgresql://u:p@h/d")))
@app.task("noop")
def noop(*, number: int) -> TaskResult[int, TaskError]: ...
took = time.perf_counter() - began
rss = int(open("/proc/self/statm").read().split()[1]) * 4096 / 2**20
print(took, rss)
"""


def imports(_url: str, scale: Scale) -> list[Figure]:
    """What ``from horsies import ...`` and a task definition cost a producer before its first send."""
    found: list[tuple[float, float]] = []
    for _ in range(scale.repeats + 1):
        printed = subprocess.run([sys.executable, "-c", _IMPORT], check=True, capture_output=True, text=True).stdout
        took, rss = printed.split()
        found.append((float(took), float(rss)))
    times, sizes = zip(*found[1:], strict=True)  # the first one may compile
    return [
        Figure(name="import", title="import horsies and define a task: time", samples=times, unit="s", bar=0.15,
               direction="at most"),
        Figure(name="import-memory", title="import horsies and define a task: the process's memory (RSS)",
               samples=sizes, unit="MB", bar=40, direction="at most"),
    ]  # fmt: skip


def _latencies_ms(url: str, count: int) -> list[float]:
    with stage(url) as made, worker(made.given):
        noop = made.tasks["noop"]
        made.warm_up(100)
        for number in range(20):
            noop.send(number=number).get(timeout_ms=10_000)
        times: list[float] = []
        for number in range(count):
            time.sleep(_PAUSE_S)
            began = time.perf_counter()
            noop.send(number=number).get(timeout_ms=10_000)
            times.append((time.perf_counter() - began) * 1000)
        return times


def _done(made: Stage) -> bool:
    return bool(made.ask("SELECT EXISTS (SELECT FROM {s}.history)"))


def _children(running: Worker) -> list[int]:
    """The children that run tasks: they are below the template, which is below the supervisor."""
    template = descendants(running.pid)[0]
    return descendants(template)


def _replacement_s(made: Stage, running: Worker) -> float:
    began = time.monotonic()
    os.kill(_children(running)[0], signal.SIGKILL)
    made.tasks["noop"].send(number=1).get(timeout_ms=10_000)
    return time.monotonic() - began
