"""The storm's own Postgres, which may be killed: its keeper starts it again."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.folder import real_path
from horsies_core.store.embedded.keeper import layout, pidfile

PATIENCE_S = 90.0


class Server:
    """A running server and the controller's own connection to it, made again whenever it is lost."""

    def __init__(self, data_dir: Path) -> None:
        self._embedded = EmbeddedPostgres(data_dir)
        self._lease = self._embedded.acquire()
        self.home = real_path(data_dir)
        self.url = self._lease.url
        self.socket = Path(layout.socket_path(layout.socket_folder(str(self.home))))

    def query(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a statement that may be repeated; a server that is down is waited for."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    cursor = connection.execute(text.encode(), parameters or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise
                self.revive()

    def revive(self) -> None:
        """Return when the server answers; its keeper gives up after a few deaths a minute, as a service manager does."""
        self._embedded.acquire().release()
        time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the postmaster, as when the machine's power fails, but for its disk."""
        claim = pidfile.read(str(self.home / layout.CLUSTER))
        if claim is not None and claim[0]:
            _kill(claim[0])

    def kill_backend(self, number: int) -> None:
        """SIGKILL to one connection's process: the server ends them all and recovers."""
        found = self.query("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'horsies%' ORDER BY pid")
        if found:
            _kill(found[number % len(found)][0])

    def disconnect(self) -> None:
        """Have the server end every connection of the workers."""
        self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name IN ('horsies worker', 'horsies ear')"
        )

    def close(self) -> None:
        """Let the server go."""
        self._lease.release()
        self._embedded.wait_stopped(60)


def role_of(place: int, number: int) -> str:
    """The database role of one worker process."""
    return f"storm_{place}_{number}"


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
