"""Colours, if they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from horsies_codegen.diagnostic.model import Level
from horsies_codegen.diagnostic.style import Style

_RESET = "\x1b[0m"
_STRONG = "\x1b[1m"
_FRAME = "\x1b[1;34m"
_LEVELS = {Level.ERROR: "\x1b[1;31m", Level.WARNING: "\x1b[1;33m", Level.NOTE: "\x1b[1;36m"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Puts terminal colours around text that is already harmless; without colour it changes nothing."""

    style: Style

    def level(self, text: str, level: Level) -> str:
        """Text in the colour of a level."""
        return self._in(_LEVELS[level], text)

    def marker(self, text: str, level: Level | None) -> str:
        """Markers and their label: in the level's colour, or that of the frame for related places."""
        return self._in(_FRAME if level is None else _LEVELS[level], text)

    def frame(self, text: str) -> str:
        """Line numbers, bars and arrows."""
        return self._in(_FRAME, text)

    def strong(self, text: str) -> str:
        """The message."""
        return self._in(_STRONG, text)

    def _in(self, color: str, text: str) -> str:
        return f"{color}{text}{_RESET}" if self.style.color and text else text
