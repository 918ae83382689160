"""What a producer pays: one send, many at once, eight producers together."""

from __future__ import annotations

import time
from multiprocessing.synchronize import Barrier
from typing import Any

from benchmarks.speed import limits
from benchmarks.speed.app import build
from benchmarks.speed.figure import Figure, interleaved, ratios
from benchmarks.speed.processes import worker
from benchmarks.speed.scale import Scale
from benchmarks.speed.stage import stage

_FIRST = 20
"""Sends before the clock starts: they build the codec, connect, and let the driver prepare its statement."""


def sends(url: str, scale: Scale) -> list[Figure]:
    """``send``, one by one, against the bare INSERT, a commit each."""
    count = scale.sends
    measured = interleaved(
        {
            "send": lambda: _send_rate(url, count, 1),
            "bare INSERT": lambda: limits.insert_rate(url, count),
        },
        scale.repeats,
    )
    return [
        Figure(
            name="send",
            title="send, one by one",
            against="bare INSERT, autocommit",
            samples=ratios(measured["send"], measured["bare INSERT"]),
            bar=0.7,
            aim=0.9,
            measured=measured,
        )
    ]


def sends_of_many(url: str, scale: Scale) -> list[Figure]:
    """``send_many``, from Python values, against COPY of rows that are ready."""
    count = scale.drain
    measured = interleaved(
        {"send_many": lambda: _send_many_rate(url, count), "COPY": lambda: limits.copy_rate(url, count)},
        scale.repeats,
    )
    return [
        Figure(
            name="send-many",
            title="send_many",
            against="COPY of the same rows",
            samples=ratios(measured["send_many"], measured["COPY"]),
            bar=0.3,
            aim=0.5,
            measured=measured,
        )
    ]


def eight_producers(url: str, scale: Scale) -> list[Figure]:
    """Eight processes that send, against eight that INSERT and notify nobody; and the same beside a worker that drains."""
    count = scale.sends * 2
    measured = interleaved(
        {
            "8 × send": lambda: _send_rate(url, count, 8),
            "8 × bare INSERT": lambda: limits.insert_rate(url, count, 8),
            "8 × send, a worker drains": lambda: _send_rate(url, count, 8, with_worker=True),
        },
        scale.repeats,
    )
    return [
        Figure(
            name="eight-producers",
            title="8 concurrent producers",
            against="8 bare INSERTs without NOTIFY",
            samples=ratios(measured["8 × send"], measured["8 × bare INSERT"]),
            bar=0.8,
            aim=0.95,
            measured=measured,
        ),
        Figure(
            name="eight-producers-and-worker",
            title="the same while a worker drains on the same two cores",
            against="8 bare INSERTs without NOTIFY",
            samples=ratios(measured["8 × send, a worker drains"], measured["8 × bare INSERT"]),
        ),
    ]


def _send_rate(url: str, count: int, clients: int, *, with_worker: bool = False) -> float:
    with stage(url) as made:
        arguments = (made.given, count // clients)
        if not with_worker:
            return limits.at_once(clients, _send, arguments, count // clients * clients)
        with worker(made.given):
            made.warm_up()
            return limits.at_once(clients, _send, arguments, count // clients * clients)


def _send(barrier: Barrier, spans: Any, _number: int, given: dict[str, Any], count: int) -> None:
    app, tasks = build(given)
    with app:
        noop = tasks["noop"]
        for number in range(_FIRST):
            noop.send(number=number)
        barrier.wait()
        began = time.monotonic()
        for number in range(count):
            noop.send(number=number)
        spans.put(limits.Span(began, time.monotonic()))


def _send_many_rate(url: str, count: int) -> float:
    with stage(url) as made:
        made.send_noops(10)
        batch = [{"number": number} for number in range(count)]
        began = time.perf_counter()
        made.tasks["noop"].send_many(batch)
        return count / (time.perf_counter() - began)
