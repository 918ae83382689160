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

_log = logging.getLogger("horsies.store")

_PROBE_LIMIT_S = 1.0
_BACKEND = "SELECT pg_backend_pid()"
_NOTIFY = "SELECT pg_notify(%s, 'probe')"


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
