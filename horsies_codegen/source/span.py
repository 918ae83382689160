"""Places in source text: positions, spans and the file they stand in.

Tuples, because they are made by the ten thousand and kept between runs.
"""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """A point in a text: line and column, both counted from 1, columns in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of text; ``end`` is exclusive. An empty span (``start == end``) is a point between two characters."""

    start: Position
    end: Position


class Place(NamedTuple):
    """A span in a file. ``path`` is posix, spelled as the user gave the folder plus the way below it."""

    path: str
    span: Span


START = Position(1, 1)
"""The first position of every text."""


def point(line: int, column: int) -> Span:
    """The empty span at a line and column."""
    position = Position(line, column)
    return Span(position, position)
