"""Passes over the bytes of a tree: which files are worth a parse, and which hold suppressions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from horsies_codegen.lint import Comment, comments_in, may_hold_comments
from horsies_codegen.resolve import callers, may_define_tasks
from horsies_codegen.source import Entry, SourceFile, SourceTree, speaks


class Candidate(NamedTuple):
    """A file that may define tasks, or send them, a hash of its bytes, and their number."""

    entry: Entry
    digest: str
    size: int


class Sifted(NamedTuple):
    """The candidates in order of path, and every suppression comment of the tree."""

    candidates: tuple[Candidate, ...]
    comments: tuple[Comment, ...]


def sift(tree: SourceTree, found: Iterable[tuple[Entry, SourceFile]] | None = None) -> Sifted:
    """Read every file once; keep nothing of those that speak of no task. ``found`` are those that do, if that is known."""
    candidates: list[Candidate] = []
    comments: list[Comment] = []
    for entry, file in tree.sifted(speaks) if found is None else found:
        if may_define_tasks(file):
            candidates.append(Candidate(entry, file.digest, len(file.data)))
        if may_hold_comments(file):
            comments.extend(comments_in(file))
    return Sifted(tuple(candidates), tuple(comments))


def sift_callers(
    tree: SourceTree, known: Sifted, functions: Collection[str], processes: int = 1
) -> tuple[Candidate, ...]:
    """The other files that may send the tasks of these functions: a second pass, made only where there are tasks."""
    others = frozenset(candidate.entry.path for candidate in known.candidates)
    found = callers(tree, functions, others, processes)
    return tuple(Candidate(entry, file.digest, len(file.data)) for entry, file in found)
