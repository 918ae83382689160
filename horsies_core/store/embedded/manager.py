"""Acquiring and releasing the server of a data folder."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from .account import is_superuser
from .binaries import choose, installed
from .errors import EmbeddedPostgresError
from .folder import DataFolder, locked_folder, real_path
from .keeper import layout, locks, pidfile
from .launch import launch_keeper
from .place import default_data_dir
from .superuser import reachable

_POLL_S = 0.01

_SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""The one message of Postgres' protocol that is answered before anybody says who he is (section "Message Formats")."""


class EmbeddedPostgres:
    """The private Postgres server of one data folder.

    It runs while anybody, in any process, holds a :class:`Lease` of it. Making this object touches nothing.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        bin_dirs: Iterable[Path] | None = None,
        start_timeout_s: float = 60.0,
    ) -> None:
        """Take the folder (default: :func:`default_data_dir`) and, for tests and odd machines, where to look for
        ``postgres`` and ``initdb`` (default: the wheel, then the system)."""
        self.data_dir = (default_data_dir() if data_dir is None else data_dir).absolute()
        self._bin_dirs = None if bin_dirs is None else tuple(bin_dirs)
        self._start_timeout_s = start_timeout_s

    def acquire(self) -> Lease:
        """Return a lease of the server, started (and made) now if it was not running.

        Raises :class:`EmbeddedPostgresError` when it cannot be had.
        """
        try:
            return self._acquire()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The embedded Postgres in {self.data_dir} cannot be had: {error}. "
                f"Set HORSIES_DATA_DIR to another folder, on a local disk, or give a database URL."
            ) from error

    def wait_stopped(self, timeout_s: float) -> bool:
        """Wait until no server runs in the folder; return whether that came true within ``timeout_s``.

        The last :meth:`Lease.release` does not wait for the shutdown that it sets off.
        """
        deadline = time.monotonic() + timeout_s
        while _keeper_lives(real_path(self.data_dir)):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _acquire(self) -> Lease:
        with locked_folder(self.data_dir, self._start_timeout_s) as folder:
            users_lock = locks.open_lock(str(folder.path / layout.USERS_LOCK))
            try:
                self._hold(users_lock, folder)
                self._ensure_running(folder)
            except BaseException:
                os.close(users_lock)
                raise
        return Lease(_url(folder.path), users_lock)

    def _hold(self, users_lock: int, folder: DataFolder) -> None:
        """Take a share of the users' lock; only a keeper that is closing down keeps it from us, for a moment."""
        if not locks.lock_within(users_lock, locks.SHARED, self._start_timeout_s):
            raise EmbeddedPostgresError(
                f"The server in {folder.path} has been stopping for more than {self._start_timeout_s:g} seconds; "
                f"see {folder.path / layout.LOG}."
            )

    def _ensure_running(self, folder: DataFolder) -> None:
        """Return when the server takes connections. To be called with the folder locked and a share held."""
        deadline = time.monotonic() + self._start_timeout_s
        while not (self._is_running(folder, deadline) or self._launched(folder)):
            continue  # another keeper was faster

    def _is_running(self, folder: DataFolder, deadline: float) -> bool:
        """Return whether there is a server that takes connections; one that is starting is waited for."""
        while _keeper_lives(folder.path):
            if _answers(folder.path):
                return True
            if time.monotonic() >= deadline:
                raise EmbeddedPostgresError(
                    f"The server in {folder.path} does not answer; see {folder.path / layout.LOG}. "
                    f"If another machine or container uses the same folder, give this one its own."
                )
            time.sleep(_POLL_S)
        return False

    def _launched(self, folder: DataFolder) -> bool:
        """Start a server; return False if there is another keeper, which must be waited for."""
        binaries = choose(installed() if self._bin_dirs is None else self._bin_dirs, folder.path / layout.CLUSTER)
        if is_superuser():
            binaries = reachable(binaries, folder.account)
        return launch_keeper(folder, binaries.folder, self._start_timeout_s)


class Lease:
    """A share in a running server: it is kept running until every lease is released or its process has ended.

    ``url`` is a plain libpq URL. The lease is an open, locked file. A program started with ``exec`` does not inherit
    it. A forked child does, and counts as a user as long as it lives: it has the URL in its memory, and a server that
    stops under its user is worse than one that runs a little longer. Dropping the object without :meth:`release`
    keeps the server for the rest of the process's life, since the URL may have gone elsewhere.
    """

    def __init__(self, url: str, users_lock: int) -> None:
        self.url = url
        self._users_lock: int | None = users_lock

    def release(self) -> None:
        """Give the share back, at once and without waiting; doing it again does nothing."""
        users_lock, self._users_lock = self._users_lock, None
        if users_lock is not None:
            os.close(users_lock)  # not unlocked: forked children share the lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        state = "released" if self._users_lock is None else "held"
        return f"<Lease of {self.url}, {state}>"


def _url(home: Path) -> str:
    folder = quote(os.fsencode(layout.socket_folder(str(home))), safe="")
    # The port stands here because libpq would otherwise take it from the user's $PGPORT.
    return f"postgresql://{layout.SUPERUSER}@/{layout.DATABASE}?host={folder}&port={layout.PORT}"


def _keeper_lives(home: Path) -> bool:
    try:
        keeper_lock = locks.open_lock(str(home / layout.KEEPER_LOCK))
    except FileNotFoundError:
        return False
    try:
        return not locks.try_lock(keeper_lock, locks.SHARED)
    finally:
        os.close(keeper_lock)


def _answers(home: Path) -> bool:
    """Return whether a server serves: it answers, and says that it is ready.

    Both are asked. After a crash the dead server's word still stands in its file; one that is recovering answers
    before it is ready; and a connection alone may be to one that was just killed.
    """
    path = layout.socket_path(layout.socket_folder(str(home)))
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
            probe.sendall(_SSL_REQUEST)
            answered = bool(probe.recv(1))
        except OSError:
            return False
    return answered and pidfile.is_ready(str(home / layout.CLUSTER))
