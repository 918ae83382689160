"""The plan of a storm: tasks, strikes and pauses, all out of the seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

BATCH, BURST = 20, 120


class Strike(Enum):
    """What can be hit."""

    CHILD = "child killed"
    TEMPLATE = "template killed"
    WORKER = "worker killed"
    DEPLOY = "worker stopped (SIGTERM)"
    DEPLOY_HARD = "worker stopped (SIGTERM twice)"
    PAUSE = "worker paused"
    CUT = "wire cut"
    STALL = "wire stalled"
    PARTITION = "wire stalled for longer than the lease"
    DISCONNECT = "connections ended by the server"
    BACKEND = "server process killed"
    SERVER = "server killed"
    NOTHING = "calm"


WEIGHTS: Mapping[Strike, int] = {
    Strike.CHILD: 30,
    Strike.TEMPLATE: 4,
    Strike.WORKER: 8,
    Strike.DEPLOY: 5,
    Strike.DEPLOY_HARD: 4,
    Strike.PAUSE: 4,
    Strike.CUT: 12,
    Strike.STALL: 5,
    Strike.PARTITION: 4,
    Strike.DISCONNECT: 6,
    Strike.BACKEND: 3,
    Strike.SERVER: 3,
    Strike.NOTHING: 16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One task to send. ``good_for_s`` and ``cancel_after_s`` count from the send; ``name`` is the task's."""

    key: int
    kind: str
    name: str
    arguments: Mapping[str, Any]
    delay_s: float | None = None
    good_for_s: float | None = None
    cancel_after_s: float | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Some tasks, then a strike at whoever has that number, then a pause."""

    sends: tuple[Send, ...]
    strike: Strike
    victim: int
    force: float
    """How hard, from 0 to 1."""
    pause_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole storm."""

    seed: int
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def sends(self) -> tuple[Send, ...]:
        """Every task of it."""
        return tuple(send for step in self.steps for send in step.sends)


Maker = Callable[[Random, int], Send]


def make_plan(seed: int, tasks: int) -> Plan:
    """The storm of a seed. Each kind of task and of strike occurs in it, if it is long enough."""
    rng = Random(seed)
    batches = [BATCH] * max(1, tasks // (2 * BATCH))
    bursts = [BURST] * ((tasks - sum(batches)) // BURST)
    sizes = [*batches, *bursts]
    rng.shuffle(sizes)
    sizes[-1] += tasks - sum(sizes)
    strikes = list(Strike)[: len(sizes)]
    strikes += rng.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()), k=len(sizes) - len(strikes))
    rng.shuffle(strikes)
    steps: list[Step] = []
    first = 0
    for size, strike in zip(sizes, strikes, strict=True):
        sends = _sends(rng, range(first, first + size), is_burst=size >= BURST)
        first += size
        steps.append(Step(sends, strike, rng.randrange(10**6), rng.random(), rng.uniform(0.02, 0.35)))
    return Plan(seed, tuple(steps))


def _sends(rng: Random, keys: range, *, is_burst: bool) -> tuple[Send, ...]:
    """Some of every kind; in a burst, so many short ones that they stand in lines before the children."""
    names = tuple(KINDS)
    weights = [weight * (20 if is_burst and kind == "fast" else 1) for kind, (weight, _) in KINDS.items()]
    kinds = rng.choices(names, weights, k=len(keys))
    if keys.start == 0:
        kinds[: len(names)] = names[: len(kinds)]
    return tuple(KINDS[kind][1](rng, key) for key, kind in zip(keys, kinds, strict=True))


def _pad(rng: Random) -> str:
    """Mostly little, at times more than fits into a packet to a child."""
    size = rng.choice((0, 10, 100, 1_000)) if rng.random() < 0.97 else 60_000
    return "".join(rng.choices('abcäöü€😀"\\ ', k=size))


def _fast(rng: Random, key: int) -> Send:
    cancel = rng.uniform(0, 0.3) if rng.random() < 0.03 else None
    priority = rng.randint(1, 100) if rng.random() < 0.2 else None
    arguments = {"key": key, "pad": _pad(rng)}
    return Send(key=key, kind="fast", name="fast", arguments=arguments, cancel_after_s=cancel, priority=priority)


def _urgent(rng: Random, key: int) -> Send:
    return Send(key=key, kind="urgent", name="urgent", arguments={"key": key, "pad": _pad(rng)})


def _delayed(rng: Random, key: int) -> Send:
    arguments = {"key": key, "pad": _pad(rng)}
    return Send(key=key, kind="delayed", name="fast", arguments=arguments, delay_s=rng.uniform(0, 5))


def _far(rng: Random, key: int) -> Send:
    return Send(key=key, kind="far", name="fast", arguments={"key": key, "pad": _pad(rng)}, delay_s=3600.0)


def _expiring(rng: Random, key: int) -> Send:
    arguments = {"key": key, "seconds": rng.uniform(0, 0.05)}
    return Send(key=key, kind="expiring", name="brief", arguments=arguments, good_for_s=rng.uniform(-0.2, 8))


def _slow(rng: Random, key: int) -> Send:
    cancel = rng.uniform(0, 0.5) if rng.random() < 0.1 else None
    arguments = {"key": key, "seconds": rng.uniform(0.02, 0.5)}
    return Send(key=key, kind="slow", name="slow", arguments=arguments, cancel_after_s=cancel)


def _flaky(rng: Random, key: int) -> Send:
    return Send(key=key, kind="flaky", name="flaky", arguments={"key": key, "failures": rng.choice((1, 1, 2))})


def _raises(rng: Random, key: int) -> Send:
    return Send(key=key, kind="raises", name="raises", arguments={"key": key, "mapped": rng.random() < 0.5})


def _limited(name: str) -> Maker:
    def make(rng: Random, key: int) -> Send:
        return Send(key=key, kind=name, name=name, arguments={"key": key, "seconds": rng.uniform(0.005, 0.04)})

    return make


def _plain(name: str) -> Maker:
    return lambda _, key: Send(key=key, kind=name, name=name, arguments={"key": key})


KINDS: Mapping[str, tuple[float, Maker]] = {
    "fast": (40, _fast),
    "urgent": (6, _urgent),
    "delayed": (8, _delayed),
    "far": (0.6, _far),
    "nobodys": (0.6, _plain("nobodys")),
    "expiring": (8, _expiring),
    "slow": (9, _slow),
    "flaky": (7, _flaky),
    "raises": (4, _raises),
    "pair": (5, _limited("pair")),
    "solo": (3, _limited("solo")),
    "garbage": (2, _plain("garbage")),
    "exit": (0.8, _plain("exit")),
    "exit_once": (0.8, _plain("exit_once")),
    "segfault": (0.5, _plain("segfault")),
    "hungry": (0.6, _plain("hungry")),
    "oom_killed": (0.5, _plain("oom_killed")),
    "scribble": (0.3, _plain("scribble")),
    "hang": (0.7, _plain("hang")),
    "hang_once": (0.5, _plain("hang_once")),
}
"""Every kind with its weight and how one is made."""
