"""Folders on disk."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from horsies_codegen.source.problem import ProblemKind
from horsies_codegen.source.storage import Kind, Refusal, Resolved

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Files above this are not read: no source is that long, and one such file would cost the machine's memory."""


@dataclass(frozen=True, slots=True)
class DiskStorage:
    """The file system, paths counted from ``cwd`` (absolute)."""

    cwd: str

    def locate(self, path: str) -> str:
        """The absolute path, ``..`` removed by spelling as shells and compilers show it."""
        return os.path.normpath(Path(self.cwd, path))

    def parent(self, location: str) -> str | None:
        """The folder above, None for a file system's root."""
        above = os.path.dirname(location)  # noqa: PTH120 - locations are plain strings: a Path each costs 20 x
        return None if above == location else above

    def name(self, location: str) -> str:
        """The last part of a path."""
        return os.path.basename(location)  # noqa: PTH119

    def join(self, location: str, name: str) -> str:
        """The location of a name in a folder."""
        return f"{location}{name}" if location.endswith(os.sep) else f"{location}{os.sep}{name}"

    def resolve(self, location: str) -> Resolved | Refusal:
        """What stands at a location: the real path, and whether that is a file or a folder."""
        try:
            real = os.path.realpath(location, strict=True)
            mode = os.stat(real).st_mode  # noqa: PTH116
        except OSError as error:
            return _unresolved(location, error)
        except ValueError as error:
            return Refusal(ProblemKind.MISSING, f"is no path: {error}")
        return Resolved(_kind_of(mode), real)

    def scan(self, location: str) -> Mapping[str, Kind] | Refusal:
        """The names in a folder. Uses what the folder itself says of its entries: no call a file."""
        try:
            with os.scandir(location) as entries:
                return {
                    entry.name: Kind.FILE if entry.is_file(follow_symlinks=False) else _kind_of_other(entry)
                    for entry in entries
                }
        except OSError as error:
            return Refusal(ProblemKind.UNREADABLE, f"could not be listed: {_words(error)}")

    def read(self, location: str) -> bytes | Refusal:
        """The bytes of a regular file of at most `MAX_FILE_BYTES`."""
        try:
            descriptor = os.open(location, os.O_RDONLY | _O_NONBLOCK | _O_BINARY)
        except OSError as error:
            return Refusal(ProblemKind.UNREADABLE, f"could not be opened: {_words(error)}")
        try:
            return _read_all(descriptor)
        except OSError as error:
            return Refusal(ProblemKind.UNREADABLE, f"could not be read: {_words(error)}")
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is held open."""


_O_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
"""A pipe that was swapped in for a file must not hang the compiler."""
_O_BINARY: int = getattr(os, "O_BINARY", 0)


def _read_all(descriptor: int) -> bytes | Refusal:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        return Refusal(ProblemKind.NOT_A_FILE, "is not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        return Refusal(ProblemKind.UNREADABLE, f"has {status.st_size} bytes; at most {MAX_FILE_BYTES} are read")
    data = os.read(descriptor, status.st_size + 1)
    return data if len(data) == status.st_size else _read_on(descriptor, data)


def _read_on(descriptor: int, data: bytes) -> bytes | Refusal:
    """The rest of a file that came in pieces, or changed its size meanwhile."""
    chunks, size = [data], len(data)
    while chunk := os.read(descriptor, _CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_FILE_BYTES:
            return Refusal(ProblemKind.UNREADABLE, f"does not end within {MAX_FILE_BYTES} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


_CHUNK_BYTES = 1 << 20


def _kind_of(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.OTHER


def _kind_of_other(entry: os.DirEntry[str]) -> Kind:
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.LINK if entry.is_symlink() else Kind.OTHER


def _unresolved(location: str, error: OSError) -> Refusal:
    is_link = os.path.islink(location)  # noqa: PTH114
    if error.errno == errno.ELOOP:
        return Refusal(ProblemKind.LINK_LOOP, "is a symbolic link that leads back to itself")
    if error.errno in (errno.ENOENT, errno.ENOTDIR) and is_link:
        return Refusal(ProblemKind.DANGLING_LINK, f"is a symbolic link to nothing: {os.readlink(location)}")  # noqa: PTH115
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Refusal(ProblemKind.MISSING, "does not exist")
    return Refusal(ProblemKind.UNREADABLE, f"could not be reached: {_words(error)}")


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
