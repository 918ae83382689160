"""LISTEN, and finding out whether anything comes of it.

A pooler in transaction mode takes the statement and passes no notification on. It shows in that the server's process is not the one
that the connection was greeted by; then, and only then, a notification is sent over a second connection, to see if it is heard.
"""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from psycopg import sql

from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import translated

_log = logging.getLogger("horsies.store")

_PROBE_LIMIT_S = 1.0
_BACKEND = "SELECT pg_backend_pid()"
_NOTIFY = "SELECT pg_notify(%s, 'probe')"


class Listener:
    """One connection that listens. Opening it waits; whoever watches its ``fileno`` reads what was said without a wait."""

    def __init__(self, settings: StoreSettings, purpose: str) -> None:
        self._settings, self._purpose = settings, purpose
        self._connection: psycopg.Connection[Any] | None = None

    def open(self, channel: str) -> bool:
        """Connect and listen; return whether notifications are heard, which behind a pooler they may not be.

        Raises `StoreUnavailableError`.
        """
        with translated(self._settings.schema):
            self._connection = psycopg.Connection.connect(**self._settings.listen_arguments(self._purpose))
            return listen(self._connection, self._settings, channel)

    @property
    def fileno(self) -> int:
        """What becomes readable when something is said, or the connection lost. Only while it is open."""
        assert self._connection is not None
        return self._connection.fileno()

    def read(self) -> list[str]:
        """The payloads of what was said since. Raises `StoreUnavailableError` when the connection is lost."""
        assert self._connection is not None
        pgconn = self._connection.pgconn
        with translated(self._settings.schema):
            pgconn.consume_input()
        said: list[str] = []
        while (notification := pgconn.notifies()) is not None:
            said.append(notification.extra.decode("utf-8", "replace"))
        return said

    def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def listen(connection: psycopg.Connection[Any], settings: StoreSettings, channel: str) -> bool:
    """Listen to a channel. Returns whether notifications are heard; if not, that was logged as a warning."""
    connection.execute(_listen_statement(channel))
    row = connection.execute(_BACKEND).fetchone()
    if row == (connection.info.backend_pid,):
        return True
    with psycopg.Connection.connect(**settings.connect_arguments("probe")) as second:
        second.execute(_NOTIFY, [channel])
    heard = list(connection.notifies(timeout=_PROBE_LIMIT_S, stop_after=1))
    return _concluded(bool(heard))


async def listen_async(connection: psycopg.AsyncConnection[Any], settings: StoreSettings, channel: str) -> bool:
    """As `listen`, without blocking the event loop."""
    await connection.execute(_listen_statement(channel))
    row = await (await connection.execute(_BACKEND)).fetchone()
    if row == (connection.info.backend_pid,):
        return True
    async with await psycopg.AsyncConnection.connect(**settings.connect_arguments("probe")) as second:
        await second.execute(_NOTIFY, [channel])
    heard = [each async for each in connection.notifies(timeout=_PROBE_LIMIT_S, stop_after=1)]
    return _concluded(bool(heard))


def _listen_statement(channel: str) -> sql.Composed:
    return sql.SQL("LISTEN {}").format(sql.Identifier(channel))


def _concluded(heard: bool) -> bool:
    if not heard:
        _log.warning(
            "notifications do not come through: a pooler in transaction mode? Polling instead; set "
            "PostgresConfig.listen_url to a direct connection, or listen=False to have no LISTEN at all"
        )
    return heard
