"""How much is measured: the whole, or a quick look."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Sizes of the measurements."""

    repeats: int = 5
    drain: int = 20_000
    """No-op tasks of one drain."""
    sends: int = 3_000
    latencies: int = 300
    stored: int = 1_000_000
    """Finished, and waiting, tasks that must not slow a drain."""
    churned: int = 100_000
    """Tasks drained while another session keeps a snapshot open."""
    rest_s: float = 20.0
    awaits_warning: bool = True
    """Whether to wait, up to two minutes, for the worker's warning about that snapshot."""

    def with_repeats(self, repeats: int | None) -> Scale:
        """The same with another number of repeats, if one is given."""
        return self if repeats is None else replace(self, repeats=repeats)


FULL = Scale()
QUICK = Scale(
    repeats=2, drain=5_000, sends=600, latencies=60, stored=50_000, churned=20_000, rest_s=5.0, awaits_warning=False
)
