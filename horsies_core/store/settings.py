"""What the store must know to reach its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Where the tables are and how to get there.

    ``conninfo`` is a libpq URL or key-value string; it may hold a password and is not shown. ``pool_size`` bounds the
    connections of one process, ``connect_timeout_s`` the wait for one of them. ``listen`` off: poll instead, as needed behind
    a pooler in transaction mode, unless ``listen_conninfo`` leads past it. ``prepare`` off: no prepared statements, for poolers
    that do not know them.
    """

    conninfo: str
    schema: str = "horsies"
    pool_size: int = 4
    connect_timeout_s: float = 10.0
    listen: bool = True
    listen_conninfo: str | None = None
    prepare: bool = True

    def connect_arguments(self, purpose: str) -> dict[str, Any]:
        """The keyword arguments of psycopg's ``connect``. ``purpose`` is shown in ``pg_stat_activity``."""
        return {
            "conninfo": self.conninfo,
            "autocommit": True,
            "client_encoding": "utf8",  # whatever the database is encoded in
            "connect_timeout": max(2, round(self.connect_timeout_s)),  # libpq rounds a smaller one up to 2
            "application_name": f"horsies {purpose}",
            "prepare_threshold": 5 if self.prepare else None,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,  # else a peer that vanished with a question unanswered is waited for 15 minutes
        }

    def listen_arguments(self, purpose: str) -> dict[str, Any]:
        """As `connect_arguments`, for a connection that listens."""
        return self.connect_arguments(purpose) | {"conninfo": self.listen_conninfo or self.conninfo}

    def __repr__(self) -> str:
        return f"StoreSettings(schema={self.schema!r})"
