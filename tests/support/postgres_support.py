"""Servers and schemas for tests."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator

import psycopg
from psycopg import sql

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.folder import real_path

_numbers = itertools.count(1)


def serve(server: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a server for as long as the generator is open; the last one to close it deletes the data."""
    with server.acquire() as lease:
        yield lease.url
    if server.wait_stopped(60):
        shutil.rmtree(real_path(server.data_dir), ignore_errors=True)


def fresh_schema(url: str) -> Iterator[str]:
    """A schema name that no other test has."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    yield name
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
