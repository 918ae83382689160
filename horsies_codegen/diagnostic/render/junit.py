"""JUnit XML, for CI servers that show test reports: a suite for each file, a case for each finding.

Errors are failures. Warnings and notes pass and say their text, because they do not fail the command either. No times:
the same source gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from horsies_codegen.diagnostic.cells import harmless, harmless_lines
from horsies_codegen.diagnostic.fingerprint import Sources
from horsies_codegen.diagnostic.model import Diagnostic, Level, Report
from horsies_codegen.diagnostic.style import Style

_TOOL = "horsies-codegen"


def render_junit(report: Report, _sources: Sources, _style: Style) -> str:
    """The document. A report with nothing in it has one case that passes: servers take a file without cases for a fault."""
    failures = report.count(Level.ERROR)
    tests = len(report.diagnostics) or 1
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites{_attributes(name=_TOOL, tests=tests, failures=failures, errors=0)}>",
            *_suites(report),
            "</testsuites>",
            "",
        ]
    )


def _suites(report: Report) -> Iterator[str]:
    if not report.diagnostics:
        yield f"  <testsuite{_attributes(name=_TOOL, tests=1, failures=0, errors=0, skipped=0)}>"
        yield f"    <testcase{_attributes(name='clean', classname=_TOOL)}/>"
        yield "  </testsuite>"
    for path, diagnostics in groupby(report.diagnostics, key=lambda diagnostic: diagnostic.path):
        yield from _suite(path or _TOOL, [*diagnostics])


def _suite(name: str, diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    failures = sum(diagnostic.level is Level.ERROR for diagnostic in diagnostics)
    counts = _attributes(name=name, tests=len(diagnostics), failures=failures, errors=0, skipped=0)
    yield f"  <testsuite{counts}>"
    for diagnostic in diagnostics:
        yield from _case(diagnostic)
    yield "  </testsuite>"


def _case(diagnostic: Diagnostic) -> Iterator[str]:
    name, path = f"{diagnostic.code} {diagnostic.name}", diagnostic.path or _TOOL
    place: dict[str, str | int] = {}
    if diagnostic.place is not None:
        start = diagnostic.place.span.start
        name, place = f"{name} ({start.line}:{start.column})", {"file": path, "line": start.line}
    yield f"    <testcase{_attributes(name=name, classname=path, **place)}>"
    if diagnostic.level is Level.ERROR:
        head = _attributes(message=diagnostic.message, type=diagnostic.code)
        yield f"      <failure{head}>{_escaped(_text(diagnostic))}</failure>"
    else:
        yield f"      <system-out>{_escaped(_text(diagnostic))}</system-out>"
    yield "    </testcase>"


def _text(diagnostic: Diagnostic) -> str:
    where = ""
    if diagnostic.place is not None:
        start = diagnostic.place.span.start
        where = f"{harmless(diagnostic.place.path)}:{start.line}:{start.column}: "
    label = [f"  {harmless(diagnostic.label)}"] if diagnostic.label else []
    notes = [line for text in diagnostic.notes for line in harmless_lines(f"note: {text}")]
    remedies = [line for text in diagnostic.help for line in harmless_lines(f"help: {text}")]
    first = f"{where}{diagnostic.level}: {harmless(diagnostic.message)}"
    return "\n".join([first, *label, *notes, *remedies])


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{_escaped(harmless(str(value)))}"' for name, value in values.items())


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _escaped(text: str) -> str:
    """Text as XML 1.0 can hold it; the few code points that it cannot become the replacement character."""
    text = _NOT_IN_XML.sub("\ufffd", text)
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, entity)
    return text
