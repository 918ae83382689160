"""Keys: a hash of all that a result depends on, this tool and its libraries included."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("libcst", "jinja2")
"""The packages that have part in what is read and printed, besides our own."""


def key_of(*parts: object) -> str:
    """The key of values that have an exact ``repr``: texts, numbers, tuples and lists of them."""
    return hashlib.blake2b(repr((_tool(), *parts)).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


@cache
def _tool() -> str:
    """This tool as it is installed: size and time of each of its own files, so that those who work on it are served too."""
    parts = [platform.python_version(), *sorted((*_library_files(), *_own_files()))]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _library_files() -> Iterator[str]:
    """The libraries as they are installed. Their versions stand in files; reading package metadata takes longer than all this."""
    for library in LIBRARIES:
        found = find_spec(library)
        for folder in () if found is None else found.submodule_search_locations or ():
            yield from _files_below(folder, deep=False)


def _own_files() -> Iterator[str]:
    package = Path(__file__).resolve().parent.parent
    for folder in (package, package.parent / "horsies_core" / "contract", package.parent / "templates"):
        yield from _files_below(str(folder))


def _files_below(folder: str, *, deep: bool = True) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # the templates stand inside the package once it is installed
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if deep and entry.name != "__pycache__":
                yield from _files_below(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"
