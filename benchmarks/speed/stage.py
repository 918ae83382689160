"""The stage of a measurement: a server, a schema of horsies' on it, and the counters that the server keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from benchmarks.speed.app import build
from benchmarks.speed.processes import wait_until
from horsies_core.store.migrate import migrate

SCHEMA = "bench"

Queues: TypeAlias = tuple[tuple[str, int, int | None], ...]
"""Name, priority and limit of each queue; none for DEFAULT mode."""


class Stage:
    """A fresh schema, an app that sends to it, a connection to look at it."""

    def __init__(self, url: str, queues: Queues = (), schema: str = SCHEMA) -> None:
        self.url, self.schema = url, schema
        self.given: dict[str, object] = {"url": url, "schema": schema, "queues": queues}
        self.app, self.tasks = build(self.given)
        self.watch: psycopg.Connection[Any] = psycopg.connect(url, autocommit=True)
        self.watch.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        migrate(self.app.store_settings())

    def close(self) -> None:
        """Close the connections."""
        self.watch.close()
        self.app.close()

    def ask(self, text: str, parameters: tuple[object, ...] = ()) -> Any:
        """One value; ``{s}`` stands for the schema."""
        row = self.watch.execute(text.replace("{s}", self.schema).encode(), parameters).fetchone()
        assert row is not None
        return row[0]

    def send_noops(self, count: int, name: str = "noop") -> None:
        """Enqueue so many no-op tasks in one go."""
        self.tasks[name].send_many({"number": number} for number in range(count))

    def wait_empty(self, timeout_s: float = 300) -> None:
        """Wait until no task is live."""
        wait_until(
            lambda: not self.ask("SELECT EXISTS (SELECT FROM {s}.task)"), "the queue is empty", timeout_s, every_s=0.02
        )

    def drain_rate(self, count: int) -> float:
        """No-op tasks a second, from the commit that enqueues them to the commit that ends the last one."""
        before = self.ask("SELECT count(*) FROM {s}.history")
        self.send_noops(count)
        began = self.ask("SELECT clock_timestamp()")
        self.wait_empty()
        ended = self.ask("SELECT max(finished_at) FROM {s}.history")
        assert self.ask("SELECT count(*) FROM {s}.history") - before == count
        return float(count / (ended - began).total_seconds())

    def warm_up(self, count: int = 3_000) -> None:
        """Let the worker learn how long the tasks take, and the server read its tables."""
        self.send_noops(count)
        self.wait_empty()


@contextmanager
def stage(url: str, queues: Queues = (), schema: str = SCHEMA) -> Iterator[Stage]:
    """A stage for the block."""
    made = Stage(url, queues, schema)
    try:
        yield made
    finally:
        made.close()


_REPORT_S = 10.5
"""A session that has gone idle hands in its counts within ten seconds (PGSTAT_IDLE_INTERVAL)."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What the server had done at one moment."""

    at: float
    transactions: int
    wal_bytes: int

    @classmethod
    def read(cls, url: str) -> Counters:
        """The server's own counters, after every session has handed in its part."""
        time.sleep(_REPORT_S)
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute(
                "SELECT xact_commit + xact_rollback, pg_current_wal_insert_lsn() - '0/0' FROM pg_stat_database "
                "WHERE datname = current_database()"
            ).fetchone()
        assert row is not None
        return cls(time.monotonic(), int(row[0]), int(row[1]))
