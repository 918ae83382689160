"""How far a long run is: one line on a terminal, rewritten in place and gone at the end; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

from horsies_codegen.pipeline import Progress

PATIENCE_S = 0.5
"""How long a run may take before it says anything."""
_INTERVAL_S = 0.1
_ERASE = "\r\033[K"


@contextmanager
def told(doing: str) -> Generator[Progress]:
    """A listener for `Effort` that says on stderr, if that is a terminal: ``checking: 120 of 1,000 files``."""
    line = _Line(doing)
    try:
        yield line.tell if sys.stderr.isatty() else _nothing
    finally:
        line.erase()


def _nothing(_done: int, _of: int) -> None:
    return None


class _Line:
    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._next_s = time.monotonic() + PATIENCE_S
        self._is_shown = False

    def tell(self, done: int, of: int) -> None:
        now_s = time.monotonic()
        if now_s >= self._next_s and done < of:
            self._next_s = now_s + _INTERVAL_S
            self._is_shown = True
            sys.stderr.write(f"{_ERASE}{self._doing}: {done:,} of {of:,} files")
            sys.stderr.flush()

    def erase(self) -> None:
        if self._is_shown:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
