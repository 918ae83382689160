"""One pass over the bytes of a tree: which files are worth a parse, and which hold suppressions."""

from __future__ import annotations

from typing import NamedTuple

from horsies_codegen.lint import Comment, comments_in, may_hold_comments
from horsies_codegen.resolve import may_define_tasks
from horsies_codegen.source import Entry, SourceTree


class Candidate(NamedTuple):
    """A file that may define tasks, a hash of its bytes, and their number."""

    entry: Entry
    digest: str
    size: int


class Sifted(NamedTuple):
    """The candidates in order of path, and every suppression comment of the tree."""

    candidates: tuple[Candidate, ...]
    comments: tuple[Comment, ...]


def sift(tree: SourceTree) -> Sifted:
    """Read every file once; keep nothing of those that speak of no task."""
    candidates: list[Candidate] = []
    comments: list[Comment] = []
    for entry, file in tree.sifted(_is_of_interest):
        if may_define_tasks(file):
            candidates.append(Candidate(entry, file.digest, len(file.data)))
        if may_hold_comments(file):
            comments.extend(comments_in(file))
    return Sifted(tuple(candidates), tuple(comments))


def _is_of_interest(data: bytes) -> bool:
    """A necessary condition for both questions, cheap enough to be asked of every byte."""
    return b"task" in data or b"horsies:" in data
