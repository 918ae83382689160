"""How a run goes about its work: with how many processes, with which cache, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from horsies_codegen.cache import Cache

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


def _nobody(_done: int, _of: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Effort:
    """Nothing of it changes a result."""

    processes: int = 1
    cache: Cache | None = None
    progress: Progress = _nobody
