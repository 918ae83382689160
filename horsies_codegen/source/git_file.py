"""One file at a git ref: read from the object store, with no checkout."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from horsies_codegen.source.git import open_repository


@dataclass(frozen=True, slots=True)
class FileAtRef:
    """The commit that a ref stands for, and the bytes of a file in it; None where the commit has no such file."""

    commit: str
    data: bytes | None


def file_at(ref: str, path: str, *, cwd: str | os.PathLike[str] | None = None) -> FileAtRef:
    """A file as it stands at a ref (a branch, tag or commit). The path counts from ``cwd``, and need not exist on disk.

    Raises `SourceError`, as `horsies_codegen.source.git.discover_at` does.
    """
    repository, inside = open_repository(path, os.path.abspath(cwd or Path.cwd()))  # noqa: PTH100 - keeps links
    repository.tree_id(ref)
    return FileAtRef(repository.commit_id(ref), repository.blob(ref, inside))


def versions_of(ref: str, path: str, since: float, *, cwd: str | os.PathLike[str] | None = None) -> tuple[str, ...]:
    """The commits of a ref that changed a file, the newest first: those since a moment, and the last one before it.

    ``since`` is in seconds since the epoch. Merged branches count as the merge. Raises `SourceError`, as `file_at` does, and
    `ShallowHistoryError` where the clone's history ends before the last one is found.
    """
    repository, inside = open_repository(path, os.path.abspath(cwd or Path.cwd()))  # noqa: PTH100 - keeps links
    repository.tree_id(ref)
    return repository.changes_of(ref, inside, since)
