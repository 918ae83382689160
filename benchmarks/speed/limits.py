"""What Postgres allows on this machine: bare psycopg clients that do the same to a table as bare as can be.

No contract, no states, no fence, no retries, no leases: a row waits, is claimed, and moves to a history with its result.
"""

from __future__ import annotations

import multiprocessing
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

BATCH = 50


@dataclass(frozen=True, slots=True)
class Span:
    """When a process began and ended its part, on the machine's monotonic clock."""

    began: float
    ended: float


_TABLES = """
DROP SCHEMA IF EXISTS bare CASCADE;
CREATE SCHEMA bare;
CREATE TABLE bare.task (
    id uuid PRIMARY KEY, queue text NOT NULL, priority smallint NOT NULL, name text NOT NULL, payload text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), worker integer
) WITH (fillfactor = 80);
CREATE INDEX ON bare.task (queue, priority, id) WHERE worker IS NULL;
CREATE TABLE bare.history (
    id uuid PRIMARY KEY, queue text NOT NULL, priority smallint NOT NULL, name text NOT NULL, payload text NOT NULL,
    created_at timestamptz NOT NULL, finished_at timestamptz NOT NULL DEFAULT now(), result text NOT NULL
);
"""
_CLAIM = """
UPDATE bare.task SET worker = %s WHERE id = ANY (ARRAY(
    SELECT id FROM bare.task WHERE queue = 'default' AND worker IS NULL
    ORDER BY priority, id LIMIT %s FOR UPDATE SKIP LOCKED
)) RETURNING id, name, payload
"""
_FINISH = """
WITH report AS (SELECT * FROM unnest(%s::uuid[], %s::text[]) AS report (id, result)), gone AS (
    DELETE FROM bare.task USING report WHERE task.id = report.id
    RETURNING task.id, queue, priority, name, payload, created_at, result
)
INSERT INTO bare.history (id, queue, priority, name, payload, created_at, result) SELECT * FROM gone
"""
INSERT = "INSERT INTO bare.task (id, queue, priority, name, payload) VALUES (%s, %s, %s, %s, %s)"
COPY = "COPY bare.task (id, queue, priority, name, payload) FROM STDIN"


def make_tables(url: str) -> None:
    """Empty tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLES)


def rows(count: int) -> list[tuple[object, ...]]:
    """Rows like those of the no-op task; the ids rise with time, as horsies' own do."""
    from horsies_core.store.ids import new_id

    return [(new_id(), "default", 100, "noop", f'{{"number":{number}}}') for number in range(count)]


def fill(url: str, count: int) -> None:
    """Tasks that wait."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows(count):
            copy.write_row(row)


def drain_rate(url: str, count: int, clients: int = 2) -> float:
    """Tasks a second that so many processes claim and finish, each batch with the next claim in one commit."""
    make_tables(url)
    fill(url, count)
    return at_once(clients, _drain, (url,), count)


def insert_rate(url: str, count: int, clients: int = 1) -> float:
    """INSERTs a second, a commit each."""
    make_tables(url)
    return at_once(clients, _insert, (url, count // clients), count // clients * clients)


def round_trips_ms(url: str, count: int, pause_s: float) -> list[float]:
    """Milliseconds from an INSERT that notifies a bare worker to its result in the producer's hands, one at a time."""
    make_tables(url)
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=_serve, args=(url,), daemon=True)
    worker.start()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("LISTEN bare_done")
            while not _has_listener(connection):
                time.sleep(0.01)
            return [_round_trip(connection, row, pause_s) for row in rows(count)]
    finally:
        worker.kill()
        worker.join()


def copy_rate(url: str, count: int) -> float:
    """Rows a second of one COPY, made ready before."""
    make_tables(url)
    ready = rows(count)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT 1")
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in ready:
                copy.write_row(row)
        connection.commit()
        return count / (time.perf_counter() - began)


def at_once(clients: int, work: Any, arguments: Sequence[object], count: int) -> float:
    """How many of ``count`` a second, over processes that begin at one moment; ``work`` puts one `Span` each."""
    context = multiprocessing.get_context("spawn")
    barrier, spans = context.Barrier(clients), context.SimpleQueue()
    processes = [context.Process(target=work, args=(barrier, spans, number, *arguments)) for number in range(clients)]
    for process in processes:
        process.start()
    found: list[Span] = [spans.get() for _ in processes]
    for process in processes:
        process.join()
    return count / (max(span.ended for span in found) - min(span.began for span in found))


def _drain(barrier: Barrier, spans: Any, number: int, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        held: list[uuid.UUID] = []
        connection.execute(_CLAIM, (number, 0), prepare=True)
        connection.execute(_FINISH, ([], []), prepare=True)
        barrier.wait()
        began = time.monotonic()
        while True:
            with connection.pipeline(), connection.transaction():
                if held:
                    connection.execute(_FINISH, (held, ['{"ok":1}'] * len(held)), prepare=True)
                claim = connection.execute(_CLAIM, (number, BATCH), prepare=True)
            held = [row[0] for row in claim.fetchall()]
            if not held:
                break
        spans.put(Span(began, time.monotonic()))


def _insert(barrier: Barrier, spans: Any, _number: int, url: str, count: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for row in rows(20):
            connection.execute(INSERT, row)
        ready = rows(count)
        barrier.wait()
        began = time.monotonic()
        for row in ready:
            connection.execute(INSERT, row)
        spans.put(Span(began, time.monotonic()))


_INSERT_AND_RING = INSERT + " RETURNING pg_notify('bare_work', '')"
_FINISH_AND_RING = _FINISH + " RETURNING pg_notify('bare_done', '')"


def _has_listener(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN bare_work'").fetchone()
    return found is not None and found[0] > 0


def _round_trip(connection: psycopg.Connection[Any], row: tuple[object, ...], pause_s: float) -> float:
    time.sleep(pause_s)
    began = time.perf_counter()
    connection.execute(_INSERT_AND_RING, row)
    for _ in connection.notifies(stop_after=1):
        pass
    connection.execute("SELECT result FROM bare.history WHERE id = %s", (row[0],)).fetchone()
    return (time.perf_counter() - began) * 1000


def _serve(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as ear, psycopg.connect(url, autocommit=True) as hand:
        ear.execute("LISTEN bare_work")
        while True:
            for _ in ear.notifies(stop_after=1):
                pass
            for row in hand.execute(_CLAIM, (1, 1)).fetchall():
                hand.execute(_FINISH_AND_RING, ([row[0]], ['{"ok":1}']))
