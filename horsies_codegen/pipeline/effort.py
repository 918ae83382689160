"""How a run goes about its work: with how many processes, with which cache, and who is told how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from horsies_codegen.cache import Cache

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


def _nobody(_done: int, _of: int) -> None:
    return None


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Effort:
    """Nothing of it changes a result."""

    processes: int = 1
    cache: Cache | None = None
    progress: Progress = _nobody
