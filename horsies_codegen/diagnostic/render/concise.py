"""One line a finding: ``path:line:column: CODE message``, as editors and ``grep`` read it."""

from __future__ import annotations

from horsies_codegen.diagnostic.cells import harmless
from horsies_codegen.diagnostic.fingerprint import Sources
from horsies_codegen.diagnostic.model import Diagnostic, Report
from horsies_codegen.diagnostic.render.paint import Paint
from horsies_codegen.diagnostic.style import Style


def render_concise(report: Report, _sources: Sources, style: Style) -> str:
    """A line for each diagnostic; one without a place has no path before it."""
    paint = Paint(style)
    return "".join(f"{_line(diagnostic, paint)}\n" for diagnostic in report.diagnostics)


def _line(diagnostic: Diagnostic, paint: Paint) -> str:
    finding = f"{paint.level(harmless(diagnostic.code), diagnostic.level)} {harmless(diagnostic.message)}"
    if diagnostic.place is None:
        return finding
    start = diagnostic.place.span.start
    return f"{paint.strong(harmless(diagnostic.place.path))}:{start.line}:{start.column}: {finding}"
