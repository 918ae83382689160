"""Which files of an out folder are known to be as wanted without reading them, as git knows it: by what the system says of them.

A record holds, for each file that was as wanted at the end of a build, its size, times and inode. A file of which the system
still says the same was not written since: its time of change cannot be set by a program. A file that had just been written
when the record was made is left out: a later write within the same tick of the clock could not be told.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

Signature: TypeAlias = tuple[int, int, int, int]
"""Size, time of modification and of change in nanoseconds, inode."""

_FEW = 100
_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_000_000_000
"""For file systems that count whole seconds."""


class Record(NamedTuple):
    """The files of an out folder by path: signature, and hash of the text (None for the manifest)."""

    files: Mapping[str, tuple[Signature, str | None]]


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


def settled_by(record: Record, found: Mapping[str, Signature], digests: Mapping[str, str]) -> frozenset[str]:
    """The paths that hold the text with the wanted hash."""
    return frozenset(
        path for path, digest in digests.items() if path in found and record.files.get(path) == (found[path], digest)
    )


def record_of(found: Mapping[str, Signature], digests: Mapping[str, str | None]) -> Record:
    """The record of files that are as wanted, and of which the system says this now.

    Waits a moment if some were written just now, so that whoever writes to them next is seen.
    """
    if not all(_is_calm(signature, time.time_ns()) for signature in found.values()):
        time.sleep(_TICK_NS / 1e9)
    now_ns = time.time_ns()
    calm = {path: signature for path, signature in found.items() if path in digests and _is_calm(signature, now_ns)}
    return Record({path: (signature, digests[path]) for path, signature in calm.items()})


def _is_calm(signature: Signature, now_ns: int) -> bool:
    """Whether a file's last change is so far back that another one now would have another time."""
    _, modified_ns, changed_ns, _ = signature
    latest_ns = max(modified_ns, changed_ns)
    return now_ns - latest_ns >= (_COARSE_TICK_NS if latest_ns % 1_000_000_000 == 0 else _TICK_NS)


def _signature(status: os.stat_result) -> Signature:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
