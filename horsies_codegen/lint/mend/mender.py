"""`Mender`: which repair each code has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from horsies_codegen.diagnostic import Diagnostic, Fix
from horsies_codegen.lint.mend import codes, decorators, parameters, returns, sends, types
from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.lint.mend.uses import Sheets, UseFinder
from horsies_codegen.source import SourceTree

_LOCAL: Mapping[str, Callable[[Diagnostic, Sheet], Fix | None]] = {
    "HC102": returns.annotated,
    "HC103": parameters.annotation,
    "HC104": returns.redeclared,
    "HC105": parameters.plain_function,
    "HC109": decorators.named,
    "HC111": decorators.called,
    "HC112": decorators.renamed_option,
    "HC118": parameters.made_inside,
    "HC119": parameters.or_none,
    "HC125": returns.wrapped,
    "HC128": sends.by_name,
    "HC129": sends.renamed,
    "HC201": types.filled,
    "HC202": types.any_json,
    "HC303": decorators.meant,
    "HC305": decorators.kept_once,
    "HC401": decorators.meant,
    "HC403": decorators.in_milliseconds,
}
"""Repairs that look at one file."""

OF_THE_TREE = frozenset({"HC101", "HC301"})
"""Codes whose repairs look at the whole tree."""

OF_A_FILE = frozenset(_LOCAL)


class Mender:
    """Works out repairs for the findings of one tree."""

    def __init__(self, tree: SourceTree) -> None:
        self._sheets = Sheets(tree)
        self._uses = UseFinder(self._sheets)

    def mended(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The findings, each with its repair where there is one."""
        return tuple(self._mended(finding) for finding in findings)

    def _mended(self, finding: Diagnostic) -> Diagnostic:
        if finding.code not in OF_A_FILE | OF_THE_TREE or finding.place is None:
            return finding
        sheet = self._sheets.of(finding.place.path)
        try:
            fix = None if sheet is None else self._fix(finding, sheet)
        except RecursionError:  # an expression of some hundred operators, here or in a file that uses the task
            fix = None
        return finding if fix is None else replace(finding, fix=fix)

    def _fix(self, finding: Diagnostic, sheet: Sheet) -> Fix | None:
        if finding.code == "HC101":
            return parameters.star(finding, sheet, self._uses)
        if finding.code == "HC301":
            return codes.upper_snake(finding, sheet, self._sheets)
        return _LOCAL[finding.code](finding, sheet)
