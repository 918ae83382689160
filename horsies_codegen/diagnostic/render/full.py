"""For people at a terminal: message, place, the source lines with carets under the exact token, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from horsies_codegen.diagnostic.cells import harmless, harmless_lines
from horsies_codegen.diagnostic.excerpt import Row, excerpt
from horsies_codegen.diagnostic.fingerprint import SourceLines, Sources
from horsies_codegen.diagnostic.model import Diagnostic, Fix, Level, Report, Safety
from horsies_codegen.diagnostic.render.paint import Paint
from horsies_codegen.diagnostic.safe import json_line
from horsies_codegen.diagnostic.style import Style
from horsies_codegen.source.span import Place

_MAX_WITNESS_LENGTH = 400


def render_full(report: Report, sources: Sources, style: Style) -> str:
    """Every diagnostic with excerpts, an empty line after each; empty text for an empty report."""
    lines = SourceLines(sources)
    blocks = (_Block(diagnostic, lines, style).rows() for diagnostic in report.diagnostics)
    return "".join("\n".join(rows) + "\n\n" for rows in blocks)


class _Block:
    """One diagnostic on its way to text."""

    def __init__(self, diagnostic: Diagnostic, lines: SourceLines, style: Style) -> None:
        self._diagnostic = diagnostic
        self._lines = lines
        self._paint = Paint(style)
        self._gutter = _gutter_width(diagnostic)
        self._width_cells = max(style.width_cells - self._gutter - 3, 1)

    def rows(self) -> Iterator[str]:
        """The block, row by row."""
        diagnostic = self._diagnostic
        yield self._title()
        if diagnostic.place is not None:
            yield from self._place(diagnostic.place, "-->", "^", diagnostic.label, diagnostic.level)
        for related in diagnostic.related:
            yield from self._place(related.place, ":::", "-", related.message, None)
        remarks = [*_remarks(diagnostic)]
        if remarks and (diagnostic.place is not None or diagnostic.related):
            yield self._bar()
        for kind, text in remarks:
            yield from self._remark(kind, text)

    def _title(self) -> str:
        level = self._diagnostic.level
        kind = self._paint.level(f"{level}[{harmless(self._diagnostic.code)}]", level)
        return kind + self._paint.strong(f": {harmless(self._diagnostic.message)}")

    def _place(self, place: Place, arrow: str, marker: str, label: str | None, level: Level | None) -> Iterator[str]:
        start = place.span.start
        yield f"{' ' * self._gutter}{self._paint.frame(arrow)} {harmless(place.path)}:{start.line}:{start.column}"
        text = self._lines.of(place.path)
        rows = [] if text is None else excerpt(text, place.span, marker, self._width_cells)
        if rows:
            yield self._bar()
        for row in _labelled(rows, label):
            yield self._row(row, level)

    def _row(self, row: Row, level: Level | None) -> str:
        if row.is_marker:
            return f"{self._bar()} {self._paint.marker(row.text, level)}"
        if row.number is None:
            return self._paint.frame(f"{' ' * self._gutter} : {row.text}")
        return f"{self._paint.frame(f'{row.number:>{self._gutter}} |')} {row.text}".rstrip(" ")

    def _remark(self, kind: str, text: str) -> Iterator[str]:
        first, *more = harmless_lines(text)
        lead = f"{' ' * self._gutter} {self._paint.frame('=')} "
        yield f"{lead}{self._paint.strong(kind)}: {first}"
        indent = " " * (self._gutter + len(kind) + 5)
        yield from (f"{indent}{line}".rstrip(" ") for line in more)

    def _bar(self) -> str:
        return self._paint.frame(f"{' ' * self._gutter} |")


def _gutter_width(diagnostic: Diagnostic) -> int:
    """The width of the widest line number that the block may show."""
    places = [related.place for related in diagnostic.related]
    if diagnostic.place is not None:
        places.append(diagnostic.place)
    return max((len(str(max(place.span.start.line, place.span.end.line))) for place in places), default=1)


def _labelled(rows: list[Row], label: str | None) -> list[Row]:
    """The rows with a label behind the markers, or the label alone where there is nothing to mark."""
    if not label:
        return rows
    if not rows:
        return [Row(harmless(label), is_marker=True)]
    return [*rows[:-1], replace(rows[-1], text=f"{rows[-1].text} {harmless(label)}")]


def _remarks(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    if diagnostic.pointer is not None:
        yield "at", f"{diagnostic.task or ''} {diagnostic.pointer}".strip()
    if diagnostic.witness is not None:
        witness = json_line(diagnostic.witness)
        yield "example", witness if len(witness) <= _MAX_WITNESS_LENGTH else f"{witness[:_MAX_WITNESS_LENGTH]}..."
    yield from (("note", note) for note in diagnostic.notes)
    yield from (("help", text) for text in diagnostic.help)
    if diagnostic.fix is not None:
        yield "fix", _fix(diagnostic.fix)


def _fix(fix: Fix) -> str:
    flag = "--fix" if fix.safety is Safety.SAFE else "--fix --unsafe-fixes"
    return f"{fix.title} ({flag})"
