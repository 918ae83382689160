"""How a run goes about its work: with how many processes, with which cache, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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

    def after(self, files: int) -> Effort:
        """The same for further files, when so many are done: whoever is told how far it is hears of all."""

        def told(done: int, of: int) -> None:
            self.progress(files + done, files + of)

        return replace(self, progress=told)
