"""JSON for programs: one object, described by `REPORT_SCHEMA_FILE`, which is shipped beside this package."""

from __future__ import annotations

from pathlib import Path

from horsies_codegen.diagnostic.fingerprint import Sources, fingerprints
from horsies_codegen.diagnostic.model import Built, Diagnostic, Edit, Fix, JsonValue, Level, Related, Report
from horsies_codegen.diagnostic.safe import json_text, sane_span
from horsies_codegen.diagnostic.style import Style
from horsies_codegen.source.span import Place, Span

REPORT_SCHEMA_FILE = Path(__file__).parent.parent / "report.schema.json"
"""The JSON Schema (2020-12) of what `render_json` gives."""

FORMAT_VERSION = 1
"""Goes up when a reader of the older form would be misled; new keys alone do not mislead."""


def render_json(report: Report, sources: Sources, _style: Style) -> str:
    """The report as one JSON object in ASCII. Columns count code points from 1, ends are exclusive."""
    prints = fingerprints(report.diagnostics, sources)
    findings = [_finding(*pair) for pair in zip(report.diagnostics, prints, strict=True)]
    whole: JsonValue = {"version": FORMAT_VERSION, "findings": findings, "summary": _summary(report)}
    return json_text(whole, indent=2) + "\n"


def _finding(diagnostic: Diagnostic, fingerprint: str) -> JsonValue:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "level": diagnostic.level.value,
        "message": diagnostic.message,
        "label": diagnostic.label,
        "path": diagnostic.path,
        "range": None if diagnostic.place is None else _range(diagnostic.place.span),
        "related": [_related(related) for related in diagnostic.related],
        "help": diagnostic.help,
        "notes": diagnostic.notes,
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
        "task": diagnostic.task,
        "pointer": diagnostic.pointer,
        "witness": diagnostic.witness,
        "fingerprint": fingerprint,
    }


def _summary(report: Report) -> JsonValue:
    return {
        "files": report.files,
        "tasks": report.tasks,
        "errors": report.count(Level.ERROR),
        "warnings": report.count(Level.WARNING),
        "notes": report.count(Level.NOTE),
        "against": report.against,
        "complete": report.complete,
        **({} if report.built is None else {"built": _built(report.built)}),
    }


def _built(built: Built) -> JsonValue:
    return {
        "modules": built.modules,
        "written": built.written,
        "unchanged": built.unchanged,
        "deleted": built.deleted,
    }


def _related(related: Related) -> JsonValue:
    return {**_place(related.place), "message": related.message}


def _fix(fix: Fix) -> JsonValue:
    return {"title": fix.title, "safety": fix.safety.value, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> JsonValue:
    return {**_place(edit.place), "text": edit.text}


def _place(place: Place) -> dict[str, JsonValue]:
    return {"path": place.path, "range": _range(place.span)}


def _range(span: Span) -> JsonValue:
    span = sane_span(span)
    return {
        "start": {"line": span.start.line, "column": span.start.column},
        "end": {"line": span.end.line, "column": span.end.column},
    }
