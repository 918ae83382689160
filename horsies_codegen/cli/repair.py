"""``lint --fix``: repairs, judged again before any of them is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Safety
from horsies_codegen.lint import ABOUT_SENDS, Selection, mended, repaired
from horsies_codegen.pipeline import Effort, inspect
from horsies_codegen.source import SourceFile, SourceTree, discover

MAX_ROUNDS = 20
"""One repair may make room for another; a pair that undo each other must not go on for ever."""

_UNCOVERING = frozenset({"HC102", "HC104", "HC109", "HC111", "HC112"})
"""Repairs after which a task, or its result, is read for the first time: what is found then was there before."""

_NAMING = frozenset({"HC109", "HC111"})
"""Repairs that give a name: one that is taken then is their doing."""


class Repairer:
    """Makes repairs round by round, on texts in memory.

    A round is kept only if it brings no finding that was not there before. One that does is made again, code by code, and
    a code whose repairs bring one in a file is left alone there.
    """

    def __init__(self, config: Config, selection: Selection, safeties: frozenset[Safety], effort: Effort) -> None:
        self._config = config
        self._selection = selection
        self._safeties = safeties
        self._effort = effort
        self._left_alone: set[tuple[str, str]] = set()
        self.sources: dict[str, bytes] = {}
        """The new bytes of every file that repairs change."""
        self.repairs = 0

    def run(self) -> None:
        """Make all repairs that can be made."""
        for _ in range(MAX_ROUNDS):
            before = self._findings(self.sources)
            codes = sorted({finding.code for finding in before if self._is_wanted(finding)})
            if not codes:
                return
            if self._round(before, frozenset(codes)):
                continue
            made = [self._round(self._findings(self.sources), frozenset({code}), is_last=True) for code in codes]
            if not any(made):
                return

    def _round(self, before: tuple[Diagnostic, ...], codes: frozenset[str], *, is_last: bool = False) -> bool:
        """Make the repairs of some codes; False if there are none, or if they do harm."""
        wanted = [finding for finding in before if finding.code in codes and self._is_wanted(finding)]
        with self._tree(self.sources) as tree:
            made = repaired(wanted, _files(wanted, tree), self._safeties)
        if not made.repairs:
            return False
        added = _added(before, self._findings({**self.sources, **made.files}), wanted)
        if added:
            if is_last:
                paths = {finding.path for finding in added if finding.path in made.files} or set(made.files)
                self._left_alone.update((code, path) for code in codes for path in paths if path is not None)
            return False
        self.sources.update(made.files)
        self.repairs += made.repairs
        return True

    def _is_wanted(self, finding: Diagnostic) -> bool:
        if finding.fix is None or finding.fix.safety not in self._safeties:
            return False
        return not any((finding.code, edit.place.path) in self._left_alone for edit in finding.fix.edits)

    def _findings(self, sources: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
        with self._tree(sources) as tree:
            return mended(inspect(tree, self._config, self._selection, self._effort).findings, tree, limit=None)

    def _tree(self, overlay: Mapping[str, bytes]) -> SourceTree:
        config = self._config
        return discover(config.paths, exclude=config.exclude, roots=config.roots, overlay=overlay)


def diff_of_sources(sources: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of a unified diff from the files as they are."""
    for path, data in sorted(sources.items()):
        old = Path(path).read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
        new = data.decode("utf-8", "replace").splitlines(keepends=True)
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _files(findings: list[Diagnostic], tree: SourceTree) -> dict[str, SourceFile]:
    """The files that some repair touches."""
    fixes = (finding.fix for finding in findings if finding.fix is not None)
    paths = {edit.place.path for fix in fixes for edit in fix.edits}
    files = {path: tree.file(path) for path in sorted(paths)}
    return {path: file for path, file in files.items() if file is not None}


def _added(
    before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...], made: list[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The findings that the repairs brought about."""
    known = {_gist(finding) for finding in before}
    uncovered = {finding.path for finding in made if finding.code in _UNCOVERING}
    given = {edit.text for finding in made if finding.fix and finding.code in _NAMING for edit in finding.fix.edits}

    is_about_sends = all(finding.code in ABOUT_SENDS for finding in made)

    def was_there(finding: Diagnostic) -> bool:
        if finding.code in ABOUT_SENDS:  # judged once the task's signature is one that it can have
            return not is_about_sends
        if finding.code == "HC108":
            return not any(f'"{finding.task}"' in text for text in given)
        return finding.code != "HC001" and finding.path in uncovered

    return tuple(finding for finding in after if _gist(finding) not in known and not was_there(finding))


def _gist(finding: Diagnostic) -> tuple[str, str | None, str]:
    """A finding without its place, which a repair above it moves."""
    return finding.code, finding.path, finding.message
