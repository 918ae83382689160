"""What can happen to a claimed task, as a closed set of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Finished:
    """The attempt came to its end in the child. ``result`` is the wire form; ``error_code`` is None for an ``ok``."""

    result: bytes
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The deadline passed and the child was killed. ``started``: user code had begun."""

    started: bool
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class ChildDied:
    """The child ended by itself. ``how`` is for people: ``killed by SIGSEGV``, ``exit code 3``."""

    started: bool
    how: str


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The worker's lease ran out. ``started`` is what was durably marked."""

    started: bool
    worker: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The worker shuts down and gives the task back: it was not started, or was killed to that end."""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The worker held the task in stock and needs its place for something else; nothing was begun."""


@dataclass(frozen=True, slots=True)
class Expired:
    """``good_until`` passed before the task was started."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody cancelled it; if it was running, its child was killed."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The payload was encoded by another version's contract, and the reader ``by`` refused it before user code."""

    by: str


Report: TypeAlias = (
    Finished | TimedOut | ChildDied | WorkerLost | Interrupted | GivenBack | Expired | Cancelled | Unread
)
