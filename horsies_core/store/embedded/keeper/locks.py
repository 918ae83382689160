"""Whole-file locks (``flock``): released by the kernel when their last holder closes the file or dies.

They belong to the *open file*: two opens of one file exclude each other even inside one process, and a forked
child shares its parent's.
"""

from __future__ import annotations

import fcntl
import os
import time

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX

_RETRY_S = 0.005


def try_lock(fd: int, mode: int) -> bool:
    """Take the lock if it is free now; return whether it was."""
    try:
        fcntl.flock(fd, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_within(fd: int, mode: int, timeout_s: float) -> bool:
    """Take the lock, waiting up to ``timeout_s`` for it; return whether it was taken."""
    deadline = time.monotonic() + timeout_s
    while not try_lock(fd, mode):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_RETRY_S)
    return True


def wait_for_lock(fd: int, mode: int) -> None:
    """Take the lock, asleep in the kernel until it is free."""
    fcntl.flock(fd, mode)


def unlock(fd: int) -> None:
    """Give the lock up for every process that shares this open file."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def open_lock(path: str) -> int:
    """Open an existing lock file; never creates, never follows a link. Raises :class:`OSError`."""
    return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
