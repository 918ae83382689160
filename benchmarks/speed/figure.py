"""Figures: what was measured, next to what it is measured by, over interleaved repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

Direction = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. ``samples`` are ratios to ``against`` if there is one, else values in ``unit``."""

    name: str
    title: str
    samples: tuple[float, ...]
    unit: str = ""
    against: str = ""
    bar: float | None = None
    aim: float | None = None
    direction: Direction = "at least"
    measured: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, tuple[float, ...]])
    """What the ratios were made of: by contestant, one value a repeat."""
    measured_unit: str = "/s"
    note: str = ""

    @property
    def value(self) -> float:
        """The median of the samples."""
        return median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest sample."""
        return min(self.samples), max(self.samples)

    @property
    def is_met(self) -> bool | None:
        """Whether the median is on the right side of the bar; None if there is no bar."""
        return self._reaches(self.bar)

    @property
    def is_aim_met(self) -> bool | None:
        """Whether the median is on the right side of the aim; None if there is no aim."""
        return self._reaches(self.aim)

    def to_json(self) -> dict[str, object]:
        """Everything, for the file beside the table."""
        return {
            "name": self.name,
            "title": self.title,
            "value": self.value,
            "unit": self.unit or "ratio",
            "against": self.against,
            "samples": list(self.samples),
            "direction": self.direction,
            "bar": self.bar,
            "aim": self.aim,
            "met": self.is_met,
            "aim_met": self.is_aim_met,
            "measured": {name: list(values) for name, values in self.measured.items()},
            "measured_unit": self.measured_unit,
            "note": self.note,
        }

    def _reaches(self, mark: float | None) -> bool | None:
        if mark is None:
            return None
        return self.value >= mark if self.direction == "at least" else self.value <= mark


def interleaved(contestants: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, tuple[float, ...]]:
    """Let the contestants take turns, so that whatever else the machine does hits them alike."""
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, measure in contestants.items():
            measured[name].append(measure())
    return {name: tuple(values) for name, values in measured.items()}


def ratios(of: tuple[float, ...], to: tuple[float, ...]) -> tuple[float, ...]:
    """Repeat by repeat."""
    return tuple(one / other for one, other in zip(of, to, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
