"""Everything that one build writes, as ``{path: text}`` below the out folder."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from horsies_codegen.emit.client import client_files
from horsies_codegen.emit.schemas import schema_files
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, LockEntry, Tombstone, write_lock

LOCK_PATH = LOCK_FILE_NAME


def emit(entries: Sequence[LockEntry], *, package: str, tombstones: Sequence[Tombstone] = ()) -> dict[str, str]:
    """The files of a build by posix path, sorted. ``package`` is the client's dotted import name.

    Raises ValueError for a package name that cannot be imported, SyntaxError for a module of ours that is no Python: a
    defect, found before anything is written.
    """
    if not is_package_name(package):
        raise ValueError(f"{package!r} is not a name that a package can be imported by")
    ordered = sorted(entries, key=lambda entry: entry.contract.name)
    folder = package.replace(".", "/")
    lock = write_lock(Lock(entries=tuple(ordered), tombstones=tuple(tombstones)))
    files = {
        LOCK_PATH: lock,
        **schema_files(entry.contract for entry in ordered),
        **{f"{folder}/{path}": text for path, text in client_files(ordered, lock).items()},
    }
    for path, text in files.items():
        if path.endswith(".py"):
            compile(text, path, "exec", dont_inherit=True)
    return dict(sorted(files.items()))


def is_package_name(name: str) -> bool:
    """Whether ``import name`` can be written."""
    return all(part.isidentifier() and part.isascii() and not keyword.iskeyword(part) for part in name.split("."))
