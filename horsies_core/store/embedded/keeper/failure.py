"""The one exception of the keeper: its text is a report to whoever asked for the server."""

from __future__ import annotations

import os

_TAIL_LINES = 20
_TAIL_BYTES = 8192
_NEARLY_FULL_BYTES = 64 * 1024 * 1024


class KeeperError(Exception):
    """The server cannot be had; the text says what failed, with the last lines of what it printed."""


def describe(what: str, printed: str, folder: str) -> str:
    """Return ``what``, the last lines of ``printed``, and a word about the disk of ``folder`` if it is nearly full."""
    lines = printed.strip().splitlines()[-_TAIL_LINES:]
    parts = [what, *(f"  | {line}" for line in lines)]
    free_bytes = _free_bytes(folder)
    if free_bytes is not None and free_bytes < _NEARLY_FULL_BYTES:
        parts.append(f"Only {free_bytes // (1024 * 1024)} MB are free on the disk of {folder}.")
    return "\n".join(parts)


def log_size(path: str) -> int:
    """Return where the log ends now, in bytes."""
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def log_since(path: str, position: int) -> str:
    """Return what was logged after ``position``, or the last part of it."""
    try:
        with open(path, "rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(position, end - _TAIL_BYTES))
            return log.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def _free_bytes(folder: str) -> int | None:
    try:
        volume = os.statvfs(folder)
    except OSError:  # the folder itself is gone: the message says more than this could
        return None
    return volume.f_bavail * volume.f_frsize
