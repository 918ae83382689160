"""Which findings are reported, and at which level: ``select``, ``ignore``, per-file ignores and severities."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.registry import all_rules, find_rule
from horsies_codegen.source import Place, path_filter

_PREFIX = re.compile(r"HC[0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Codes or beginnings of codes to report (empty means all) and not to report; the longest match decides.

    The patterns of per-file ignores are those of ``exclude``, for paths as they are spelled from ``folder``.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    severity: Mapping[str, Level] = field(default_factory=dict[str, Level])
    folder: str = "."

    @classmethod
    def of(cls, config: Config, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> Selection:
        """The selection of the settings; what the command line selects goes before theirs, what it ignores is added."""
        return cls(
            select=select or config.select,
            ignore=(*config.ignore, *ignore),
            per_file_ignores=config.per_file_ignores,
            severity=config.severity,
            folder="." if config.path is None else str(PurePosixPath(config.path).parent),
        )

    def apply(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that are reported, at their levels. What may not be suppressed is always reported."""
        for finding in findings:
            if self.reports(finding.code, finding.path):
                level = self._level(finding)
                yield finding if level is finding.level else replace(finding, level=level)

    def reports(self, code: str, path: str | None) -> bool:
        """Whether what is found under a code in a file is reported."""
        rule = find_rule(code)
        if rule is not None and not rule.may_be_suppressed:
            return True
        chosen = max((len(prefix) for prefix in self.select or ("",) if code.startswith(prefix)), default=-1)
        refused = max((len(prefix) for prefix in self._ignored(path) if code.startswith(prefix)), default=-1)
        return chosen > refused

    def _ignored(self, path: str | None) -> Iterator[str]:
        yield from self.ignore
        if path is None or not self.per_file_ignores:
            return
        spelled = PurePosixPath(os.path.relpath(path, self.folder).replace(os.sep, "/"))
        for pattern, prefixes in self.per_file_ignores.items():
            matches = path_filter([pattern])
            if any(matches(str(part)) for part in (spelled, *spelled.parents)):
                yield from prefixes

    def _level(self, finding: Diagnostic) -> Level:
        prefixes = [prefix for prefix in self.severity if finding.code.startswith(prefix)]
        return self.severity[max(prefixes, key=len)] if prefixes else finding.level


def selection_problems(
    config: Config,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    key_place: Callable[[tuple[str, ...]], Place | None],
) -> Iterator[Diagnostic]:
    """Codes that no rule has, on the command line and in the settings. ``key_place`` says where a setting stands."""
    for option, given in (("--select", select), ("--ignore", ignore)):
        yield from (_unknown(code, option, None) for code in given if not _is_known(code))
    for keys, codes in _configured(config):
        for code in codes:
            if not _is_known(code):
                yield _unknown(code, ".".join(keys[:1]), key_place(keys))


def _configured(config: Config) -> Iterator[tuple[tuple[str, ...], Iterable[str]]]:
    yield ("select",), config.select
    yield ("ignore",), config.ignore
    for pattern, codes in config.per_file_ignores.items():
        yield ("per-file-ignores", pattern), codes
    for code in config.severity:
        yield ("severity", code), (code,)


def _is_known(prefix: str) -> bool:
    return _PREFIX.fullmatch(prefix) is not None and any(rule.code.startswith(prefix) for rule in all_rules())


def _unknown(code: str, where: str, place: Place | None) -> Diagnostic:
    return Diagnostic(
        code="HC907",
        name="invalid-config",
        level=Level.ERROR,
        message=f"no rule has the code {code!r}, which {where} names",
        place=place,
        help=(_nearest(code),),
    )


def _nearest(wanted: str) -> str:
    """The rule that may be meant: one of that name, else one whose code or name is much alike."""
    rules = {name: rule for rule in all_rules() for name in (rule.code, rule.name)}
    near = difflib.get_close_matches(wanted.strip(), rules, n=1, cutoff=0.5)
    if not near and wanted.strip().upper() in rules:
        near = [wanted.strip().upper()]
    if not near:
        return "horsies-codegen explain lists every code"
    rule = rules[near[0]]
    return f"did you mean {rule.code} ({rule.name})?"
