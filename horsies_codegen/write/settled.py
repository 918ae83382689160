"""Which files of an out folder are known to be as wanted without reading them, as git knows it: by what the system says of them.

A record holds, for each file that was as wanted at the end of a build, its size, times and inode. A file of which the system
still says the same was not written since: its time of change cannot be set by a program. A file that had just been written
when the record was made is marked as fresh: a later write within the same tick of the clock could not be told, so it is read
once more.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from horsies_codegen.write.manifest import MANIFEST_NAME, Manifest, ManifestFormatError, digest_of, read_manifest

Signature: TypeAlias = tuple[int, int, int, int]
"""Size, time of modification and of change in nanoseconds, inode."""

_FEW = 100
_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
"""For file systems that count whole seconds."""


class Record(NamedTuple):
    """The files of an out folder by path: signature, and hash of the text (None for the manifest)."""

    files: Mapping[str, tuple[Signature, str | None]]
    fresh: frozenset[str] = frozenset()
    """Those that may have been written again since, with nothing in the signature to tell it."""


def signatures(out: Path, paths: Iterable[str]) -> dict[str, Signature]:
    """What the system says of those paths that are regular files; where they are many, a listing a folder and no call a file."""
    wanted = frozenset(paths)
    if len(wanted) < _FEW:
        return dict(_asked(out, wanted))
    found: dict[str, Signature] = {}
    for folder in {path.rpartition("/")[0] for path in wanted}:
        try:
            with os.scandir(out / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if path in wanted and entry.is_file(follow_symlinks=False):
                        found[path] = _signature(entry.stat(follow_symlinks=False))
        except OSError:  # not there, or not a folder: nothing in it is settled
            continue
    return found


def _asked(out: Path, paths: Iterable[str]) -> Iterator[tuple[str, Signature]]:
    for path in paths:
        try:
            status = (out / path).lstat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            yield path, _signature(status)


def settled_by(out: Path, record: Record, found: Mapping[str, Signature], digests: Mapping[str, str]) -> frozenset[str]:
    """The paths that hold the text with the wanted hash; of the recorded files, only fresh ones are read to know it."""
    known = record.files
    held = (path for path, digest in digests.items() if path in found and known.get(path) == (found[path], digest))
    return frozenset(path for path in held if path not in record.fresh or _holds(out, path, record))


def record_of(found: Mapping[str, Signature], digests: Mapping[str, str | None]) -> Record:
    """The record of files that are as wanted, and of which the system says this now."""
    now_ns = time.time_ns()
    files = {path: (found[path], digest) for path, digest in digests.items() if path in found}
    return Record(files, frozenset(_fresh_of(files, now_ns)))


def read_again(out: Path, record: Record) -> Record | None:
    """The record of a folder that the system says the same of, its fresh files read; None if one is not as recorded.

    Of a file that is not fresh any more a later write can be told, so what was read then holds.
    """
    now_ns = time.time_ns()
    if not all(_holds(out, path, record) for path in record.fresh):
        return None
    return record._replace(fresh=frozenset(_fresh_of({path: record.files[path] for path in record.fresh}, now_ns)))


def _holds(out: Path, path: str, record: Record) -> bool:
    """Whether a file has the recorded content, by its bytes."""
    try:
        if path == MANIFEST_NAME:
            files = {other: digest for other, (_, digest) in record.files.items() if digest is not None}
            return read_manifest(out) == Manifest(files)
        return digest_of((out / path).read_bytes().decode().replace("\r\n", "\n")) == record.files[path][1]
    except (OSError, UnicodeDecodeError, ManifestFormatError):
        return False


def _fresh_of(files: Mapping[str, tuple[Signature, str | None]], now_ns: int) -> Iterator[str]:
    """The files whose last change is so near that another one now could have the same time."""
    for path, ((_, modified_ns, changed_ns, _), _) in files.items():
        latest_ns = modified_ns if modified_ns > changed_ns else changed_ns
        tick_ns = _COARSE_TICK_NS if latest_ns % 1_000_000_000 == 0 else _TICK_NS
        if now_ns - latest_ns < tick_ns:
            yield path


def _signature(status: os.stat_result) -> Signature:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
