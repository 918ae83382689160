"""Places in source text: positions, spans and the file they stand in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point in a text: line and column, both counted from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text; ``end`` is exclusive. An empty span (``start == end``) is a point between two characters."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span in a file. ``path`` is posix, spelled as the user gave the folder plus the way below it."""

    path: str
    span: Span


START = Position(1, 1)
"""The first position of every text."""


def point(line: int, column: int) -> Span:
    """The empty span at a line and column."""
    position = Position(line, column)
    return Span(position, position)
