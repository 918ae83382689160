"""What the tasks wrote down themselves: when user code began and ended, and where a limit was exceeded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Journal:
    """By key: the moments (monotonic clock) at which user code began and ended. ``exceeded``: queue, who, the others."""

    begun: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    ended: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    exceeded: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list[tuple[str, str, tuple[str, ...]]])


def read_journal(path: Path) -> Journal:
    """Everything in the file."""
    journal = Journal()
    for line in path.read_text().splitlines() if path.exists() else ():
        at, what, *words = line.split()
        if what == "exceeded":
            queue, holders, who, _ = words
            journal.exceeded.append((queue, who, tuple(holders.split(","))))
        else:
            moments = journal.begun if what == "begin" else journal.ended
            moments[int(words[0])].append(float(at))
    return journal
