"""Servers and schemas for tests."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress

import psycopg
from psycopg import sql

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.folder import real_path

_numbers = itertools.count(1)


def serve(server: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a server for as long as the generator is open; the last one to close it deletes the data.

    Of several processes one may come while another one, the last so far, deletes it: it waits for that.
    """
    with server.data_dir.with_suffix(".users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with server.acquire() as lease:
            yield lease.url
        with suppress(BlockingIOError):  # there are others
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if server.wait_stopped(60):
                shutil.rmtree(real_path(server.data_dir), ignore_errors=True)


def fresh_schema(url: str) -> Iterator[str]:
    """A schema name that no other test has."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    yield name
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
