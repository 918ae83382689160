"""Processes that are not our children: telling a server of our folder from a stranger with a recycled number.

A number in a file proves nothing; the process that wrote it may be long gone and the number given to another. A
postmaster is known by two things that no stranger has together: its program is ``postgres`` and its working directory is the
cluster (it changes there first of all). Where there is no ``/proc``, its command line names the cluster.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from . import children

_PROC = "/proc/self/cwd"


def is_server_of(pid: int, cluster: str) -> bool:
    """Return whether the process is a running ``postgres`` of the data directory ``cluster``."""
    if os.path.lexists(_PROC):
        return _runs_postgres(pid) and _works_in(pid, cluster)
    return _command_names(pid, cluster)


def stop_server_of(cluster: str, pid: int, timeout_s: float) -> bool:
    """Stop the process if it is a server of ``cluster``; return whether none is left.

    Asks for a fast shutdown first, for an immediate one after ``timeout_s``; a stranger is not touched.
    """
    handle = _pin(pid)
    try:
        for number in (signal.SIGINT, signal.SIGQUIT):
            if not is_server_of(pid, cluster):
                return True
            _send(handle, pid, number)
            if _gone_within(pid, cluster, timeout_s):
                return True
        return False
    finally:
        if handle is not None:
            os.close(handle)


def _runs_postgres(pid: int) -> bool:
    try:
        program = os.readlink(f"/proc/{pid}/exe")
    except OSError:  # it is gone, or belongs to another account and so is not ours
        return False
    return "postgres" in os.path.basename(program)  # also "postgres (deleted)" and ".postgres-wrapped"


def _works_in(pid: int, cluster: str) -> bool:
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", cluster)
    except OSError:
        return False


def _command_names(pid: int, cluster: str) -> bool:
    """Ask ``ps``, the one portable source."""
    read, write = os.pipe()
    child = children.spawn(("/bin/ps", "-ww", "-o", "command=", "-p", str(pid)), write, signal.SIGKILL)
    os.close(write)
    with open(read, encoding="utf-8", errors="surrogateescape") as output:
        command = output.read().strip()
    children.wait_for(child)
    return "postgres" in command.split(" -D ")[0] and f" -D {cluster} " in f"{command} "


def _pin(pid: int) -> int | None:
    """Return a handle that keeps meaning this very process, where the system has such a thing."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:  # it is gone already, or the kernel is older than 5.3
        return None


def _send(handle: int | None, pid: int, number: int) -> None:
    try:
        if handle is not None and sys.platform == "linux":
            signal.pidfd_send_signal(handle, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:
        return


def _gone_within(pid: int, cluster: str, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while is_server_of(pid, cluster):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True
