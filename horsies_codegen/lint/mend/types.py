"""Repairs of types that say nothing of what they hold: any JSON value, said by name."""

from __future__ import annotations

from collections.abc import Mapping

from horsies_codegen.diagnostic import Diagnostic, Fix, Safety
from horsies_codegen.lint.mend.imports import can_import, import_edits, speaks_of_horsies
from horsies_codegen.lint.mend.sheet import Sheet

JSON = "JsonValue"

_CONTAINERS: Mapping[str, str] = {
    "list": f"list[{JSON}]",
    "List": f"list[{JSON}]",
    "dict": f"dict[str, {JSON}]",
    "Dict": f"dict[str, {JSON}]",
    "tuple": f"tuple[{JSON}, ...]",
    "Tuple": f"tuple[{JSON}, ...]",
}
_ANYTHING: Mapping[str, str] = {"Any": JSON, "object": JSON}


def filled(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC201: a bare container holds JSON values."""
    return _replaced(finding, sheet, _CONTAINERS)


def any_json(finding: Diagnostic, sheet: Sheet) -> Fix | None:
    """HC202: ``Any`` is any JSON value: nothing else travels."""
    return _replaced(finding, sheet, _ANYTHING)


def _replaced(finding: Diagnostic, sheet: Sheet, words: Mapping[str, str]) -> Fix | None:
    if finding.place is None or finding.place.path != sheet.file.path or not speaks_of_horsies(sheet):
        return None
    span = finding.place.span
    text = words.get(sheet.between(span.start, span.end).rpartition(".")[2])
    if text is None or not can_import(sheet, {JSON}):
        return None
    edits = (sheet.edit(span.start, span.end, text), *import_edits(sheet, {JSON}))
    return Fix(f"Write {text}", Safety.SAFE, edits)
