"""Which findings are reported, and at which level: ``select``, ``ignore``, per-file ignores and severities."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.registry import all_rules, find_rule

_PREFIX = re.compile(r"HC[0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Codes or beginnings of codes to report (empty means all) and not to report; the longest match decides."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    severity: Mapping[str, Level] = field(default_factory=dict[str, Level])

    @classmethod
    def of(cls, config: Config, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> Selection:
        """The selection of the settings; what the command line selects goes before theirs, what it ignores is added."""
        return cls(
            select=select or config.select,
            ignore=(*config.ignore, *ignore),
            per_file_ignores=config.per_file_ignores,
            severity=config.severity,
        )

    def apply(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that are reported, at their levels. What may not be suppressed is always reported."""
        for finding in findings:
            if self._reports(finding):
                level = self.severity.get(finding.code, finding.level)
                yield finding if level is finding.level else replace(finding, level=level)

    def _reports(self, finding: Diagnostic) -> bool:
        rule = find_rule(finding.code)
        if rule is not None and not rule.may_be_suppressed:
            return True
        chosen = max((len(prefix) for prefix in self.select or ("",) if finding.code.startswith(prefix)), default=-1)
        refused = max((len(prefix) for prefix in self._ignored_at(finding)), default=-1)
        return chosen > refused

    def _ignored_at(self, finding: Diagnostic) -> Iterator[str]:
        yield from (prefix for prefix in self.ignore if finding.code.startswith(prefix))
        for pattern, prefixes in self.per_file_ignores.items():
            if finding.path is not None and fnmatchcase(finding.path, pattern):
                yield from (prefix for prefix in prefixes if finding.code.startswith(prefix))


def selection_problems(selection: Selection, place: str) -> Iterator[Diagnostic]:
    """Codes in a selection that no rule has. ``place`` says where they were given, in words."""
    given = {*selection.select, *selection.ignore, *selection.severity}
    given.update(prefix for prefixes in selection.per_file_ignores.values() for prefix in prefixes)
    for prefix in sorted(given):
        if not any(rule.code.startswith(prefix) for rule in all_rules()) or not _PREFIX.fullmatch(prefix):
            near = difflib.get_close_matches(prefix, [rule.code for rule in all_rules()], n=1, cutoff=0.3)
            yield Diagnostic(
                code="HC907",
                name="invalid-config",
                level=Level.ERROR,
                message=f"no rule has the code {prefix!r}, which {place} names",
                help=(f"did you mean {near[0]}?",) if near else ("horsies-codegen explain lists every code",),
            )
