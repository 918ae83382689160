"""How long tasks take, and what follows from it: how many to hold, and how deep a child's line may be.

Short tasks want a stock, or the worker would wait for the database after each one; long ones must not be held by a worker that
is busy while another one is free. So a name counts as short only after some of its tasks were, and everything unknown
is long.
"""

from __future__ import annotations

from collections.abc import Set

from horsies_core.worker.slot import Held

SHORT_S = 0.01
"""A task with a mean above it is never put into a line or held in stock on purpose."""

_LINE_S = 0.004
_STOCK_S = 0.1
_MAX_LINE = 48
_MAX_STOCK = 200
_SAMPLES = 5
_WEIGHT = 0.1


class Pace:
    """Means over the latest tasks, by name and over all."""

    def __init__(self) -> None:
        self._means: dict[str, float] = {}
        self._counts: dict[str, int] = {}
        self._depths: dict[str, int] = {}
        """Of the names that are short: how many may be in one line."""
        self._overall_s = 1.0

    def took(self, name: str, seconds: float) -> None:
        """An attempt of the task took so long."""
        mean = self._means.get(name, seconds)
        mean += _WEIGHT * (seconds - mean)
        count = self._counts.get(name, 0) + 1
        self._means[name], self._counts[name] = mean, count
        self._overall_s += _WEIGHT * (min(seconds, 1.0) - self._overall_s)
        if mean >= SHORT_S:
            self._depths.pop(name, None)
        elif count >= _SAMPLES:
            self._depths[name] = min(_MAX_LINE, 1 + int(_LINE_S / max(mean, 1e-6)))

    def is_short(self, held: Held) -> bool:
        """Whether the task may wait in a line, and its start be marked later."""
        return held.claimed.name in self._depths and held.claimed.losses == 0

    def are_short(self, names: Set[str]) -> bool:
        """Whether all tasks of these names that were not lost before are short."""
        return names <= self._depths.keys()

    def line_depth(self, held: Held) -> int:
        """How many tasks like this one a child may have at one time."""
        return self._depths.get(held.claimed.name, 1) if held.claimed.losses == 0 else 1

    def stock(self, slots: int) -> int:
        """How many tasks to hold beyond one for each slot."""
        if self._overall_s >= SHORT_S:
            return 0
        return slots * min(_MAX_STOCK, int(_STOCK_S / max(self._overall_s, 1e-6)))
