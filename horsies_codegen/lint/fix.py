"""Repairs: the edits that findings carry, applied to texts. Nothing here writes.

A repair is taken whole or not at all; where two overlap, the first in the file is taken and the other waits for the next
round. An edit that two repairs share (the same import) is made once. A repair after which a file no longer parses is not
taken.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Safety
from horsies_codegen.parse import parse
from horsies_codegen.source import SourceFile


@dataclass(frozen=True, slots=True)
class Repaired:
    """The new bytes of each changed file, and how many repairs they hold."""

    files: Mapping[str, bytes]
    repairs: int


def repaired(findings: Iterable[Diagnostic], files: Mapping[str, SourceFile], safeties: frozenset[Safety]) -> Repaired:
    """The files with every repair of these kinds that can be made in one round."""
    wanted = [finding.fix for finding in findings if finding.fix is not None and finding.fix.safety in safeties]
    fixes = tuple(_compatible(dict.fromkeys(wanted), files))
    while fixes:
        changed = {path: _edited(files[path], edits) for path, edits in _by_path(fixes).items()}
        broken = {path for path, data in changed.items() if not _parses(files[path], data)}
        if not broken:
            return Repaired(changed, len(fixes))
        fixes = tuple(fix for fix in fixes if broken.isdisjoint(edit.place.path for edit in fix.edits))
    return Repaired({}, 0)


def _compatible(fixes: Iterable[Fix], files: Mapping[str, SourceFile]) -> Iterator[Fix]:
    """The repairs that touch known files and nothing that an earlier one touches, but for edits that are the same."""
    taken: dict[str, dict[Edit, tuple[int, int]]] = {}
    for fix in fixes:
        if any(edit.place.path not in files for edit in fix.edits):
            continue
        spans = {edit: _offsets(edit, files[edit.place.path]) for edit in fix.edits}
        if any(_overlaps(edit, span, taken.get(edit.place.path, {})) for edit, span in spans.items()):
            continue
        for edit, span in spans.items():
            taken.setdefault(edit.place.path, {})[edit] = span
        yield fix


def _overlaps(edit: Edit, span: tuple[int, int], taken: Mapping[Edit, tuple[int, int]]) -> bool:
    if edit in taken:
        return False
    start, end = span
    return any(
        start == other_start or (start < other_end and other_start < end) for other_start, other_end in taken.values()
    )


def _by_path(fixes: Iterable[Fix]) -> dict[str, list[Edit]]:
    edits: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edit for fix in fixes for edit in fix.edits):
        edits.setdefault(edit.place.path, []).append(edit)
    return edits


def _edited(file: SourceFile, edits: list[Edit]) -> bytes:
    text = file.text
    for edit in sorted(edits, key=lambda edit: edit.place.span, reverse=True):
        start, end = _offsets(edit, file)
        text = text[:start] + edit.text + text[end:]
    mark = codecs.BOM_UTF8 if file.data.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode(file.encoding)


def _offsets(edit: Edit, file: SourceFile) -> tuple[int, int]:
    span = edit.place.span
    return file.source.offset(span.start), file.source.offset(span.end)


def _parses(file: SourceFile, data: bytes) -> bool:
    return parse(SourceFile(file.path, file.module, file.is_package, file.root, data)).problem is None
