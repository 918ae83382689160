"""GitHub Actions workflow commands: an annotation for each finding."""

from __future__ import annotations

from horsies_codegen.diagnostic.cells import harmless, harmless_lines
from horsies_codegen.diagnostic.fingerprint import Sources
from horsies_codegen.diagnostic.model import Diagnostic, Level, Report
from horsies_codegen.diagnostic.safe import sane_span
from horsies_codegen.diagnostic.style import Style
from horsies_codegen.source.span import Place

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render_github(report: Report, _sources: Sources, _style: Style) -> str:
    """A workflow command line for each diagnostic. Nothing in a message can end the command or begin another."""
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in report.diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = {
        **({} if diagnostic.place is None else _place(diagnostic.place)),
        "title": f"{harmless(diagnostic.code)} {harmless(diagnostic.name)}",
    }
    written = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[diagnostic.level]} {written}::{_escaped(_text(diagnostic))}"


def _place(place: Place) -> dict[str, str]:
    """Where; columns only on one line, because annotations over several lines may not have them."""
    span = sane_span(place.span)
    lines = {"file": harmless(place.path), "line": str(span.start.line), "endLine": str(span.end.line)}
    if span.start.line != span.end.line:
        return lines
    return {**lines, "col": str(span.start.column), "endColumn": str(span.end.column)}


def _text(diagnostic: Diagnostic) -> str:
    """What the annotation says. The place goes first: the log shows the text without the annotation's place."""
    start = None if diagnostic.place is None else diagnostic.place.span.start
    where = "" if start is None else f"{harmless(diagnostic.path or '')}:{start.line}:{start.column}: "
    label = f": {harmless(diagnostic.label)}" if diagnostic.label else ""
    message = f"{where}{harmless(diagnostic.code)} {harmless(diagnostic.message)}{label}"
    remedies = (line for text in diagnostic.help for line in harmless_lines(f"help: {text}"))
    return "\n".join([message, *remedies])


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
