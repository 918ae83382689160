"""``lint --fix``: repairs, judged again before any of them is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Safety
from horsies_codegen.lint import Selection, repaired
from horsies_codegen.pipeline import Analysis, analyse
from horsies_codegen.source import SourceFile, SourceTree, discover

MAX_ROUNDS = 10
"""One repair may make room for another; a pair that undo each other must not go on for ever."""


def repaired_sources(config: Config, selection: Selection, safeties: frozenset[Safety]) -> tuple[dict[str, bytes], int]:
    """The new bytes of every file that repairs change, and how many repairs that takes.

    A round is kept only if it brings no finding that was not there before.
    """
    overlay: dict[str, bytes] = {}
    repairs = 0
    for _ in range(MAX_ROUNDS):
        with _tree(config, overlay) as tree:
            before = analyse(tree, config, selection)
            made = repaired(before.findings, _files(before, tree), safeties)
        if not made.repairs:
            break
        with _tree(config, {**overlay, **made.files}) as tree:
            if _added(before, analyse(tree, config, selection)):
                break
        overlay.update(made.files)
        repairs += made.repairs
    return overlay, repairs


def diff_of_sources(sources: Mapping[str, bytes]) -> Iterator[str]:
    """The lines of a unified diff from the files as they are."""
    for path, data in sorted(sources.items()):
        old = Path(path).read_bytes().decode("utf-8", "replace").splitlines(keepends=True)
        new = data.decode("utf-8", "replace").splitlines(keepends=True)
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _tree(config: Config, overlay: Mapping[str, bytes]) -> SourceTree:
    return discover(config.paths, exclude=config.exclude, roots=config.roots, overlay=overlay)


def _files(analysis: Analysis, tree: SourceTree) -> dict[str, SourceFile]:
    """The files that some repair touches."""
    fixes = (finding.fix for finding in analysis.findings if finding.fix is not None)
    paths = {edit.place.path for fix in fixes for edit in fix.edits}
    files = {path: tree.file(path) for path in sorted(paths)}
    return {path: file for path, file in files.items() if file is not None}


def _added(before: Analysis, after: Analysis) -> bool:
    return not {_gist(finding) for finding in after.findings} <= {_gist(finding) for finding in before.findings}


def _gist(finding: Diagnostic) -> tuple[str, str | None, str]:
    """A finding without its place, which a repair above it moves."""
    return finding.code, finding.path, finding.message
