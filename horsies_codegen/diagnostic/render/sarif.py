"""SARIF 2.1.0 (OASIS), for code scanning.

No tool version and no time is written: the same source gives the same bytes, whichever release looked at it.
"""

from __future__ import annotations

from urllib.parse import quote

from horsies_codegen.diagnostic.fingerprint import Sources, fingerprints
from horsies_codegen.diagnostic.model import Diagnostic, Edit, Fix, JsonValue, Report
from horsies_codegen.diagnostic.safe import json_text, sane_span, whole_text
from horsies_codegen.diagnostic.style import Style
from horsies_codegen.source.span import Place, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "horsies/v1"


def render_sarif(report: Report, sources: Sources, _style: Style) -> str:
    """One run with one result for each diagnostic."""
    rules = {diagnostic.code: diagnostic.name for diagnostic in report.diagnostics}
    codes = sorted(rules)
    prints = fingerprints(report.diagnostics, sources)
    run: JsonValue = {
        "tool": {"driver": {"name": "horsies-codegen", "rules": [_rule(code, rules[code]) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.complete}],
        "results": [
            _result(diagnostic, codes.index(diagnostic.code), fingerprint)
            for diagnostic, fingerprint in zip(report.diagnostics, prints, strict=True)
        ],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, name: str) -> JsonValue:
    help_text = f"Run `horsies-codegen explain {code}`."
    return {"id": code, "name": name, "shortDescription": {"text": name.replace("-", " ")}, "help": {"text": help_text}}


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str) -> JsonValue:
    result: dict[str, JsonValue] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": diagnostic.level.value,
        "message": {"text": _message(diagnostic)},
        "locations": [] if diagnostic.place is None else [_location(diagnostic.place, diagnostic.label)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": index, **_location(related.place, related.message)}
            for index, related in enumerate(diagnostic.related)
        ]
    if diagnostic.fix is not None and diagnostic.fix.edits:
        result["fixes"] = [_fix(diagnostic.fix)]
    properties = _properties(diagnostic)
    return {**result, "properties": properties} if properties else result


def _message(diagnostic: Diagnostic) -> str:
    remedies = (f"help: {text}" for text in diagnostic.help)
    notes = (f"note: {text}" for text in diagnostic.notes)
    return "\n".join([diagnostic.message, *notes, *remedies])


def _properties(diagnostic: Diagnostic) -> dict[str, JsonValue]:
    known: dict[str, JsonValue] = {
        "task": diagnostic.task,
        "pointer": diagnostic.pointer,
        "witness": diagnostic.witness,
        "fixSafety": None if diagnostic.fix is None else diagnostic.fix.safety.value,
    }
    return {name: value for name, value in known.items() if value is not None}


def _location(place: Place, message: str | None) -> dict[str, JsonValue]:
    location: dict[str, JsonValue] = {
        "physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place.span)}
    }
    return {**location, "message": {"text": message}} if message else location


def _fix(fix: Fix) -> JsonValue:
    paths = sorted({edit.place.path for edit in fix.edits})
    changes: list[JsonValue] = [
        {
            "artifactLocation": _artifact(path),
            "replacements": [_replacement(edit) for edit in fix.edits if edit.place.path == path],
        }
        for path in paths
    ]
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _replacement(edit: Edit) -> JsonValue:
    return {"deletedRegion": _region(edit.place.span), "insertedContent": {"text": edit.text}}


def _region(span: Span) -> JsonValue:
    span = sane_span(span)
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _artifact(path: str) -> JsonValue:
    """A relative path as a relative URI reference, an absolute one as a file URI (RFC 3986, RFC 8089)."""
    if path.startswith("/"):
        return {"uri": f"file://{_quoted(path)}"}
    if path[1:3] == ":/":
        return {"uri": f"file:///{path[0]}:{_quoted(path[2:])}"}
    return {"uri": _quoted(path)}


def _quoted(path: str) -> str:
    """Percent-encoded, with the very bytes of names that are no text (PEP 383)."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return quote(whole_text(path), safe="/")
