"""One ``postgres`` as a child process: start until ready, interrupt, stop."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from . import children, layout, pidfile, sockets, strangers
from .failure import KeeperError, describe, log_since, log_size

_READY_WITHIN_S = 900.0  # recovery replays 256 MB at most; a server that needs longer hangs
_PERSISTENCE_S = 10.0
_STOP_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""Fast shutdown; immediate (recovers at the next start); last resort. With the seconds that each may take."""


class Server:
    """The server of one cluster. ``pid`` is 0 while there is none."""

    def __init__(self, bin_dir: str, home: str, cluster: str, socket_folder: str) -> None:
        self._home = home
        self._cluster = cluster
        self._socket_folder = socket_folder
        self._log_path = os.path.join(home, layout.LOG)
        self._command = (
            os.path.join(bin_dir, "postgres"),
            "-D",
            cluster,
            *_option("listen_addresses", ""),
            *_option("port", str(layout.PORT)),
            *_option("unix_socket_directories", socket_folder),
            *_option("unix_socket_permissions", "0700"),
            *_option("logging_collector", "off"),
        )
        self.pid = 0
        self._interrupted = False

    def start(self) -> None:
        """Start it and wait until it takes connections; raises :class:`KeeperError` when it ends before that.

        After a crash the backends of the old server may hold its shared memory for a moment, and Postgres refuses
        to start beside them: then, and when it is killed, it is tried again for a while.
        """
        crashed = pidfile.read(self._cluster) is not None
        self._clear_the_way()
        deadline = time.monotonic() + _PERSISTENCE_S
        while True:
            position = log_size(self._log_path)
            self.pid = children.spawn(self._command, 1, signal.SIGINT)
            code = self._exit_code_unless_ready()
            if code is None:
                return
            worth_it = (crashed or code < 0) and not self._interrupted and time.monotonic() < deadline
            if not worth_it:
                printed = log_since(self._log_path, position)
                what = f"{self._command[0]} ended with exit code {code} before it was ready:"
                raise KeeperError(describe(what, printed, self._home))
            time.sleep(0.1)

    def interrupt(self) -> None:
        """Ask for a fast shutdown, for good, and return at once."""
        self._interrupted = True
        if self.pid:
            os.kill(self.pid, signal.SIGINT)

    def stop(self) -> None:
        """End it, by force at last, and wait for that."""
        if not self.pid:
            return
        for number, patience_s in _STOP_STEPS:
            os.kill(self.pid, number)
            if self._ended_within(patience_s):
                return
        raise KeeperError(f"postgres (process {self.pid}) does not die")

    def ended(self) -> None:
        """Take note that the process was reaped: its number may belong to somebody else from now on."""
        self.pid = 0

    def _exit_code_unless_ready(self) -> int | None:
        deadline = time.monotonic() + _READY_WITHIN_S
        pause_s = 0.002
        while not pidfile.is_ready(self._cluster, self.pid):
            code = children.exit_code_now(self.pid)
            if code is not None:
                self.ended()
                return code
            if time.monotonic() >= deadline:
                self.stop()
                raise KeeperError(f"postgres was not ready after {_READY_WITHIN_S:g} seconds")
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.1, 0.05)
        return None

    def _ended_within(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        pause_s = 0.001
        while children.exit_code_now(self.pid) is None:
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.05)
        self.ended()
        return True

    def _clear_the_way(self) -> None:
        """Stop a server that outlived its keeper, and remove the claims of one that is gone.

        Postgres believes a lock file as long as *any* process of this account has the number in it.
        """
        claim = pidfile.read(self._cluster)
        if claim is not None:
            pid = claim[0]
            if not strangers.stop_server_of(self._cluster, pid, timeout_s=10.0):
                raise KeeperError(f"another server (process {pid}) runs on {self._cluster} and does not stop")
            if _exists(pid):
                with contextlib.suppress(FileNotFoundError):  # the one that was stopped removed it itself
                    os.unlink(pidfile.path_in(self._cluster))
        sockets.remove_socket(self._socket_folder)


def _option(name: str, value: str) -> tuple[str, str]:
    return "-c", f"{name}={value}"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
