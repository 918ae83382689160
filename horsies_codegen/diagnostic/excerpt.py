"""Excerpts: the lines under a span with markers below them, in terminal cells.

Only the geometry; numbers, colours and what stands around an excerpt are the renderer's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from horsies_codegen.diagnostic.cells import Cell, cells_of
from horsies_codegen.source.span import Position, Span
from horsies_codegen.source.text import SourceText

MAX_LINES = 6
"""A span over more lines is shown by its first and last ones."""

_CUT = "..."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an excerpt: a source line (``number`` set), a row of markers, or the sign that lines are left out."""

    text: str
    number: int | None = None
    is_marker: bool = False


def excerpt(source: SourceText, span: Span, marker: str, width_cells: int) -> list[Row]:
    """The rows that show a span, the last one its markers (``marker`` repeated); none if the text has no such line.

    A span that reaches beyond its lines is shown as far as there is text. Lines wider than ``width_cells`` are cut around
    what is marked.
    """
    if not 1 <= span.start.line <= source.line_count:
        return []
    end = _last_marked(source, span)
    if end.line == span.start.line:
        return _on_one_line(source, span.start, end.column, marker, width_cells)
    return list(_on_several_lines(source, span.start, end, marker, width_cells))


def _last_marked(source: SourceText, span: Span) -> Position:
    """Where the marking ends, exclusive; a span that takes nothing of its last line but the start ends on the line above."""
    end = max(span.start, span.end)
    if end.line > source.line_count:
        end = Position(source.line_count, len(source.line(source.line_count)) + 1)
    if end.column <= 1 and end.line > span.start.line:
        return Position(end.line - 1, len(source.line(end.line - 1)) + 1)
    return end


def _on_one_line(source: SourceText, start: Position, end_column: int, marker: str, width_cells: int) -> list[Row]:
    line = _View.of(source.line(start.line), start.column - 1, end_column - 1, width_cells)
    markers = " " * line.cells_before + marker * max(line.cells_marked, 1)
    return [Row(line.text, start.line), Row(markers, is_marker=True)]


def _on_several_lines(
    source: SourceText, start: Position, end: Position, marker: str, width_cells: int
) -> Iterator[Row]:
    """In the manner of ``rustc``: a line drawn at the left leads from where the span begins to where it ends."""
    width_cells = max(width_cells - 2, 1)
    before = start.line
    for number in _shown_lines(start.line, end.line):
        text = source.line(number)
        if number - before > 1:
            yield Row("|")
        if number == start.line:
            yield from _first_of_several(text, start, marker, width_cells)
        elif number < end.line:
            yield Row(f"| {_View.of(text, 0, 0, width_cells).text}".rstrip(), number)
        else:
            line = _View.of(text, max(end.column - 2, 0), end.column - 1, width_cells)
            yield Row(f"| {line.text}".rstrip(), number)
            yield Row(f"|{'_' * (line.cells_before + 1)}{marker}", is_marker=True)
        before = number


def _first_of_several(text: str, start: Position, marker: str, width_cells: int) -> Iterator[Row]:
    line = _View.of(text, start.column - 1, start.column, width_cells)
    if text[: max(start.column - 1, 0)].strip():
        yield Row(f"  {line.text}".rstrip(), start.line)
        yield Row(f" {'_' * (line.cells_before + 1)}{marker}", is_marker=True)
    else:
        yield Row(f"/ {line.text}".rstrip(), start.line)


def _shown_lines(first: int, last: int) -> Sequence[int]:
    if last - first < MAX_LINES:
        return range(first, last + 1)
    return [*range(first, first + MAX_LINES - 2), last - 1, last]


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown of a line, and where the marking is in it."""

    text: str
    cells_before: int
    cells_marked: int

    @classmethod
    def of(cls, line: str, first: int, last: int, width_cells: int) -> _View:
        """The part of a line that fits into a width, with the code points ``first`` to ``last`` in it or their beginning."""
        line, skipped, is_clipped = _clipped(line, first, width_cells)
        cells = cells_of(line)
        first = min(max(first - skipped, 0), len(cells))
        last = min(max(last - skipped, first), len(cells))
        low, high = 0, len(cells)
        if is_clipped or _width(cells) > width_cells:
            low, high = _window(cells, first, last, max(width_cells - 2 * len(_CUT), 1))
        head = _CUT if skipped or low else ""
        tail = _CUT if is_clipped or high < len(cells) else ""
        shown = "".join(cell.shown for cell in cells[low:high])
        before, marked = _width(cells[low:first]), _width(cells[first : min(last, high)])
        return cls(f"{head}{shown}{tail}".rstrip(), len(head) + before, marked)


def _clipped(line: str, first: int, width_cells: int) -> tuple[str, int, bool]:
    """A line without what is far from ``first``, how much is gone from its left, and whether anything is gone from its right.

    A generated file may hold megabytes in one line: measuring all of it would cost more than the whole report.
    """
    reach = 8 * width_cells
    if len(line) <= 2 * reach:
        return line, 0, False
    low = max(min(first, len(line)) - reach, 0)
    return line[low : low + 2 * reach], low, low + 2 * reach < len(line)


def _window(cells: Sequence[Cell], first: int, last: int, room_cells: int) -> tuple[int, int]:
    """Which cells to show so that what is marked is among them, with a third of the spare room before it."""
    low = 0
    if _width(cells[:last]) > room_cells:
        low, spare = first, max(room_cells - _width(cells[first:last]), 0) // 3
        while low > 0 and cells[low - 1].width <= spare:
            low -= 1
            spare -= cells[low].width
    high, room = low, room_cells
    while high < len(cells) and cells[high].width <= room:
        room -= cells[high].width
        high += 1
    return low, max(high, min(first + 1, len(cells)))


def _width(cells: Sequence[Cell]) -> int:
    return sum(cell.width for cell in cells)
