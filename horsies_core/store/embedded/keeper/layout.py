"""The names inside a data folder."""

from __future__ import annotations

import os

USERS_LOCK = "users.lock"
"""Held shared by every user, exclusively by a keeper that is closing down."""

KEEPER_LOCK = "keeper.lock"
"""Held exclusively by the keeper as long as it lives."""

CLUSTER = "pgdata"
"""The Postgres data directory proper."""

UNFINISHED = "pgdata.new-"
"""Prefix of a cluster that is being made, or whose making was interrupted."""

LOG = "server.log"
OLD_LOG = "server.log.1"

SOCKET_LINK = "socket"
"""A symbolic link to the socket's folder, present when that is not the data folder itself."""

PORT = 5432
"""Only a part of the socket's name: the server never listens on TCP."""

SUPERUSER = "horsies"
DATABASE = "postgres"

READY = b"ready\n"
"""What the keeper reports when the server takes connections; anything else but `HELD` is an error message."""

HELD = b"held\n"
"""What it reports when the folder has another keeper."""


def socket_folder(home: str) -> str:
    """Return the folder in which the server of ``home`` has its socket."""
    try:
        return os.readlink(os.path.join(home, SOCKET_LINK))
    except OSError:
        return home


def socket_path(folder: str) -> str:
    return os.path.join(folder, f".s.PGSQL.{PORT}")
