"""Text with a line table: offsets, positions, lines.

Lines end where Python's own lines end: at ``\\n``, ``\\r\\n`` and ``\\r``, and nowhere else (`str.splitlines` also
breaks at form feeds and U+2028, and would count lines that no compiler counts).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, count
from operator import add

from horsies_codegen.source.span import Position, Span

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class SourceText:
    """An immutable text and, built when first asked for, the table of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def line_count(self) -> int:
        """How many lines there are; an empty text has one, a final line break begins one more."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line break; empty when there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def position(self, offset: int) -> Position:
        """The position of an offset in code points; offsets outside the text are moved to its nearer end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def position_in_utf8_line(self, line: int, utf8_column: int) -> Position:
        """The position of a line (from 1) and a column in UTF-8 bytes from 0, as stdlib ``ast`` counts."""
        prefix = self.line(line).encode("utf-8", "surrogatepass")[: max(utf8_column, 0)]
        return Position(line, len(prefix.decode("utf-8", "ignore")) + 1)

    def offset(self, position: Position) -> int:
        """The offset in code points of a position; a position outside the text is moved to the nearest inside."""
        if position.line < 1:
            return 0
        if position.line > len(self._starts):
            return len(self.text)
        start = self._starts[position.line - 1]
        end = self._starts[position.line] if position.line < len(self._starts) else len(self.text)
        return min(max(start + position.column - 1, start), end)

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets in code points, ``end`` exclusive."""
        starts = self._starts
        if 0 <= start <= end <= len(self.text):  # nearly always, and on one line
            line = bisect_right(starts, start)
            first = Position(line, start - starts[line - 1] + 1)
            if start == end:
                return Span(first, first)
            if line == len(starts) or end < starts[line]:
                return Span(first, Position(line, end - starts[line - 1] + 1))
        return Span(self.position(start), self.position(end))

    def slice(self, span: Span) -> str:
        """The text under a span."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    @cached_property
    def _starts(self) -> list[int]:
        """The offset at which each line begins."""
        if "\r" in self.text:
            return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]
        lengths = map(len, self.text.split("\n")[:-1])  # in C from end to end: each file that is judged needs its table
        return [0, *map(add, accumulate(lengths), count(1))]
