"""How rendered text may look: whether coloured, and how wide. Decided once, by a pure function of what the rim knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ColorChoice = Literal["auto", "always", "never"]

DEFAULT_WIDTH_CELLS = 120
_MIN_WIDTH_CELLS = 40


@dataclass(frozen=True, slots=True)
class Style:
    """What a renderer may do. ``width_cells`` is the terminal's width: longer source lines are trimmed around the caret."""

    color: bool = False
    width_cells: int = DEFAULT_WIDTH_CELLS


PLAIN = Style()


def choose_style(
    environ: Mapping[str, str], *, is_terminal: bool, color: ColorChoice = "auto", columns: int | None = None
) -> Style:
    """The style for an output. An explicit choice goes first, then ``NO_COLOR``, ``FORCE_COLOR``, then the terminal.

    ``columns`` is the terminal's width where it is known. Empty variables count as unset (no-color.org); a terminal
    that calls itself ``dumb`` gets no colours.
    """
    width = columns if columns else DEFAULT_WIDTH_CELLS
    return Style(_wants_color(environ, is_terminal, color), max(width, _MIN_WIDTH_CELLS))


def _wants_color(environ: Mapping[str, str], is_terminal: bool, color: ColorChoice) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"
