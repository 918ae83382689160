"""The keeper's life: detach, give up a superuser's rights, start the server, keep it while it is used, stop it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from . import children, layout, locks, sockets
from .cluster import ensure_cluster
from .failure import KeeperError
from .server import Server

_PREDECESSOR_S = 1.0
"""For how long a keeper that is ending may still hold the folder; one that holds it for longer keeps it."""
_LOG_BYTES = 4 * 1024 * 1024
_CRASHES = 5
_CRASH_WINDOW_S = 60.0


def main(argv: Sequence[str]) -> int:
    """Keep the server of ``home`` (arguments: ``home bin_dir uid gid``).

    To whoever started it, the program ends at once, with 0. What follows goes to its standard output: ``layout.READY``,
    ``layout.HELD`` or an error message, then end of file. Returns the exit code of the detached process.
    """
    home, bin_dir, uid, gid = argv
    if os.fork():
        os._exit(0)
    os.setsid()
    _forget_inherited_signals()
    report = os.dup(1)
    try:
        _become(int(uid), int(gid))
        os.umask(0o077)
        os.chdir("/")
        tenure = Tenure(home)
        _log_to(os.path.join(home, layout.LOG))
        server = _start(home, bin_dir)
    except HeldError:
        _say(report, layout.HELD)
        return 0
    except (KeeperError, OSError) as error:
        _say(report, str(error).encode(errors="replace"))
        return 1
    _say(report, layout.READY)
    try:
        _keep(server, tenure)
    except KeeperError as error:
        print(error, file=sys.stderr)  # that is the log by now
        return 1
    finally:
        if tenure.holds():
            sockets.discard_socket_folder(home)
    return 0


class HeldError(Exception):
    """The folder has another keeper."""


class Tenure:
    """The keeper's hold on its folder: both lock files, its own one locked. Raises `HeldError` if it has another keeper."""

    def __init__(self, home: str) -> None:
        self._path = os.path.join(home, layout.KEEPER_LOCK)
        self.own_lock = locks.open_lock(self._path)
        if not locks.lock_within(self.own_lock, locks.EXCLUSIVE, _PREDECESSOR_S):
            raise HeldError(home)
        self.users_lock = locks.open_lock(os.path.join(home, layout.USERS_LOCK))

    def holds(self) -> bool:
        """Return whether the folder is still the one that was locked, not another one made in its place."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self.own_lock))
        except OSError:
            return False


def _start(home: str, bin_dir: str) -> Server:
    cluster = ensure_cluster(bin_dir, home)
    server = Server(bin_dir, home, cluster, sockets.prepare_socket_folder(home))

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        server.interrupt()

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    try:
        server.start()
    except KeeperError:
        sockets.discard_socket_folder(home)
        raise
    return server


def _keep(server: Server, tenure: Tenure) -> None:
    """Sleep until nobody uses the server, then stop it; start it again when it crashes.

    Gives up when it crashes again and again, when somebody else shut it down properly, and when the folder was
    removed: the next user starts both afresh. Raises :class:`KeeperError` when it cannot be started again.
    """
    watcher = _watch(tenure)
    crashed_at: list[float] = []
    while True:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        if pid == watcher and code == 0:
            server.stop()
            return
        if pid == watcher:
            watcher = _watch(tenure)
        elif pid == server.pid:
            server.ended()
            now = time.monotonic()
            crashed_at = [at for at in crashed_at if now - at < _CRASH_WINDOW_S] + [now]
            if code == 0 or len(crashed_at) >= _CRASHES or not tenure.holds():
                return
            server.start()


def _watch(tenure: Tenure) -> int:
    """Fork the child that ends as soon as this process has the users' lock to itself; return its id.

    The lock belongs to the open file, which both share, so the child waits and the parent owns.
    """

    def wait() -> None:
        os.close(tenure.own_lock)  # or it would seem that the keeper lives as long as this child
        locks.wait_for_lock(tenure.users_lock, locks.EXCLUSIVE)

    return children.fork(wait)


def _forget_inherited_signals() -> None:
    """Undo what the starting process blocks or ignores; both survive ``exec``."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _become(uid: int, gid: int) -> None:
    """Give up a superuser's rights for good: Postgres refuses to run with them, and nothing here needs them."""
    if uid == os.geteuid():
        return
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _log_to(path: str) -> None:
    """Let standard output and error, this process's and the server's, go to the log."""
    with contextlib.suppress(FileNotFoundError):
        if os.stat(path).st_size > _LOG_BYTES:
            os.rename(path, os.path.join(os.path.dirname(path), layout.OLD_LOG))
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _say(report: int, message: bytes) -> None:
    """Send the report and close it; whoever asked may have gone, which the watcher will notice."""
    with contextlib.suppress(BrokenPipeError):
        os.write(report, message)
    os.close(report)
