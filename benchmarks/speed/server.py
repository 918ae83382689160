"""A Postgres server of the benchmark's own: durable as in production, sized for a small machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.folder import real_path

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "autovacuum_naptime": "15s",
}
"""What the embedded default is not: the WAL that replication needs, and memory for a million rows."""


@contextmanager
def own_server(data_dir: Path) -> Iterator[str]:
    """The URL of a server that is set up as `SETTINGS` say; its data is deleted at the end."""
    server = EmbeddedPostgres(data_dir)
    with server.acquire() as lease, psycopg.connect(lease.url, autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    server.wait_stopped(60)
    try:
        with server.acquire() as lease:
            yield lease.url
    finally:
        server.wait_stopped(60)
        shutil.rmtree(real_path(data_dir), ignore_errors=True)


@contextmanager
def without_autovacuum(url: str) -> Iterator[None]:
    """A server that does nothing of its own accord, so that all its transactions are the worker's."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            connection.execute("ALTER SYSTEM RESET autovacuum")
            connection.execute("SELECT pg_reload_conf()")


def described(url: str) -> dict[str, str]:
    """The server's version and the settings that speed depends on, as it says itself."""
    names = (*SETTINGS, "server_version", "autovacuum", "checkpoint_timeout")
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute("SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(names)])
        return dict(rows.fetchall())


def settle(url: str) -> None:
    """Begin each measurement alike: no checkpoint due, no dead rows, statistics at hand."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
