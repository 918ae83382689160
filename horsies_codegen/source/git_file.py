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
