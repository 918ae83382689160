"""How much of an endless proof one run does: little in `make test`, more in `make proof`."""

from __future__ import annotations

import os


def examples(usual: int) -> int:
    """How many generated examples to try. ``HORSIES_EFFORT=10`` tries ten times as many as usual."""
    return usual * int(os.environ.get("HORSIES_EFFORT", "1"))
