"""The baseline: findings that a code base had when it began to be linted, and that are not reported again.

An entry is what a finding is about: its file, its code and the text of its line, not the line's number, with how many findings
are alike. So it survives lines that move, and ends when its own line is edited. A baseline is only ever made smaller:
what is new is reported.

What cannot be in it: a file that is no Python (HC001), because nothing behind it was judged; and what the tool says of itself
(HC9xx).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.diagnostic.fingerprint import SourceLines
from horsies_codegen.lint.registry import find_rule
from horsies_codegen.lint.rule import Kind

VERSION = 1
_JUDGED = (Kind.LAW, Kind.REFUSAL, Kind.RULE)
_KEYS = {"code", "count", "text"}


class Entry(NamedTuple):
    """What a finding is recognised by. ``path`` counts from the folder of the baseline."""

    path: str
    code: str
    text: str


class BaselineFormatError(ValueError):
    """The text is no baseline; the message says why."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings each entry stands for."""

    counts: Mapping[Entry, int] = field(default_factory=dict[Entry, int])

    @property
    def size(self) -> int:
        """How many findings it holds back."""
        return sum(self.counts.values())

    def shrunk(self, present: Baseline, is_judged: Callable[[Entry], bool]) -> Baseline:
        """This baseline without what is no longer found, as far as this run could have found it."""
        kept = (
            (entry, min(count, present.counts.get(entry, 0)) if is_judged(entry) else count)
            for entry, count in self.counts.items()
        )
        return Baseline({entry: count for entry, count in kept if count})


def baseline_of(findings: Iterable[Diagnostic], lines: SourceLines, spelled: Callable[[str], str]) -> Baseline:
    """The baseline that holds back all of these that one can. ``spelled`` turns a finding's path into an entry's."""
    entries = (_entry(finding, lines, spelled) for finding in findings)
    return Baseline(Counter(entry for entry in entries if entry is not None))


def new_findings(
    findings: Iterable[Diagnostic], baseline: Baseline, lines: SourceLines, spelled: Callable[[str], str]
) -> Iterator[Diagnostic]:
    """The findings that a baseline does not hold back; of more alike than it knows, the last ones."""
    left = dict(baseline.counts)
    for finding in findings:
        entry = _entry(finding, lines, spelled)
        if entry is not None and left.get(entry, 0):
            left[entry] -= 1
        else:
            yield finding


def _entry(finding: Diagnostic, lines: SourceLines, spelled: Callable[[str], str]) -> Entry | None:
    rule = find_rule(finding.code)
    if finding.place is None or finding.code == "HC001" or rule is None or rule.kind not in _JUDGED:
        return None
    return Entry(spelled(finding.place.path), finding.code, " ".join(lines.under(finding).split()))


def written(baseline: Baseline) -> str:
    """The baseline as JSON, in an order of its own, so that a diff of two shows what went."""
    by_path: dict[str, list[dict[str, object]]] = {}
    for entry, count in sorted(baseline.counts.items()):
        by_path.setdefault(entry.path, []).append({"code": entry.code, "text": entry.text, "count": count})
    return json.dumps({"version": VERSION, "findings": by_path}, indent=2) + "\n"


def read(text: str) -> Baseline:
    """The baseline in a text. Raises `BaselineFormatError`."""
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineFormatError(f"it is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BaselineFormatError("it is no object")
    table = cast("dict[str, object]", document)
    if table.get("version") != VERSION:
        raise BaselineFormatError(f"its version is {table.get('version')!r}, and this tool reads version {VERSION}")
    by_path = table.get("findings")
    if not isinstance(by_path, dict) or table.keys() != {"version", "findings"}:
        raise BaselineFormatError('it must hold "version" and "findings", a list for each path, and nothing else')
    return Baseline(dict(_entries(cast("dict[str, object]", by_path))))


def _entries(by_path: Mapping[str, object]) -> Iterator[tuple[Entry, int]]:
    for path, listed in by_path.items():
        if not isinstance(listed, list):
            raise BaselineFormatError(f"the entries of {path} are no list")
        for item in cast("list[object]", listed):
            yield _read_entry(path, item)


def _read_entry(path: str, item: object) -> tuple[Entry, int]:
    match item:
        case {"code": str() as code, "text": str() as text, "count": int() as count} if (
            count > 0 and not isinstance(count, bool) and cast("dict[str, object]", item).keys() == _KEYS
        ):
            return Entry(path, code, text), count
        case _:
            raise BaselineFormatError(f'an entry of {path} is not {{"code": ..., "text": ..., "count": ...}}: {item!r}')
