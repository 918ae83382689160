"""``postmaster.pid``: what a server wrote about itself. A claim, not a proof: see :mod:`strangers`."""

from __future__ import annotations

import os

_STATUS_LINE = 7  # as pg_ctl reads it: LOCK_FILE_LINE_PM_STATUS in Postgres' miscadmin.h, counted from 0


def path_in(cluster: str) -> str:
    return os.path.join(cluster, "postmaster.pid")


def read(cluster: str) -> tuple[int, str] | None:
    """Return the process id and the status (``starting``, ``ready``, ``stopping``...), or ``None`` without a file."""
    try:
        with open(path_in(cluster), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return None
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return _number(lines[0] if lines else ""), status


def is_ready(cluster: str, pid: int | None = None) -> bool:
    """Return whether the file says that the server (of that process id, if given) takes connections."""
    claim = read(cluster)
    return claim is not None and claim[1] == "ready" and pid in (None, claim[0])


def _number(line: str) -> int:
    """A server in single-user mode writes its id negated; 0 stands for nonsense."""
    try:
        return abs(int(line))
    except ValueError:
        return 0
