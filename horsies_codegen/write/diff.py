"""A comparison as a unified diff, from the folder as it is to the folder as wanted."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from horsies_codegen.write.compare import Change, Comparison

NOTHING = "/dev/null"


def diff_of(comparison: Comparison, folder: str = "") -> Iterator[str]:
    """The lines of the diff, each with its line break. ``folder`` (with a slash at its end) stands before every path."""
    for change in comparison.changes:
        yield from _diff_of_change(change, folder)


def _diff_of_change(change: Change, folder: str) -> Iterator[str]:
    before = NOTHING if change.old is None else f"a/{folder}{change.path}"
    after = NOTHING if change.new is None else f"b/{folder}{change.path}"
    lines = difflib.unified_diff(_lines(change.old), _lines(change.new), before, after)
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str | None) -> list[str]:
    return [] if text is None else text.encode("utf-8", "replace").decode().splitlines(keepends=True)
