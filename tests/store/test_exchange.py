"""Exchanges: a transaction in one write, whatever its size, and what is left when it breaks off."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus

from horsies_core.store.connection import StoreConnection
from horsies_core.store.settings import StoreSettings

_ECHO = b"SELECT %(text)s::text AS text, %(number)s::bigint AS number, %(text)s::text || '!' AS again"
_PREPARED = "SELECT statement, parameter_types::text FROM pg_prepared_statements WHERE name LIKE 'horsies%%' ORDER BY 1"


@pytest.fixture(params=["prepares", "prepares nothing"])
def connection(request: pytest.FixtureRequest, store_settings: StoreSettings) -> Iterator[StoreConnection]:
    arguments = store_settings.connect_arguments("exchange")
    if request.param != "prepares":
        arguments["prepare_threshold"] = None
    with StoreConnection.connect(**arguments) as made:
        made.execute("CREATE TEMPORARY TABLE kept (number bigint PRIMARY KEY)")
        yield made


def test_each_statement_has_its_rows(connection: StoreConnection) -> None:
    [echoed, many, nothing, added] = connection.exchange.in_transaction(
        [
            (_ECHO, {"text": "é🐎%", "number": None}),
            (b"SELECT generate_series AS number FROM generate_series(1, 3)", {}),
            (b"SELECT 1 AS number WHERE false", {}),
            (b"INSERT INTO kept VALUES (%(number)s)", {"number": 7}),
        ]
    )
    assert [row._asdict() for row in echoed] == [{"text": "é🐎%", "number": None, "again": "é🐎%!"}]
    assert [row.number for row in many] == [1, 2, 3]
    assert (list(nothing), added) == ([], [])
    assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_an_error_is_that_of_the_statement_to_blame_and_can_be_undone(connection: StoreConnection) -> None:
    insertion = b"INSERT INTO kept VALUES (%(number)s)"
    one: list[tuple[bytes, Mapping[str, object]]] = [
        (insertion, {"number": 1}),
        (insertion, {"number": 1}),
        (_ECHO, {"text": "", "number": 1}),
    ]
    for _ in range(2):
        with pytest.raises(psycopg.errors.UniqueViolation, match="kept_pkey"):
            connection.exchange.in_transaction(one)
        assert connection.pgconn.pipeline_status == PipelineStatus.OFF
        assert connection.info.transaction_status == TransactionStatus.INERROR
        connection.undo()
        assert connection.execute("SELECT number FROM kept").fetchall() == []
        assert connection.exchange.in_transaction(one[:1]) == [[]]
        connection.execute("DELETE FROM kept")


def test_a_text_that_is_no_sql_leaves_the_others_usable(connection: StoreConnection) -> None:
    good = (_ECHO, {"text": "x", "number": 1})
    with pytest.raises(psycopg.errors.SyntaxError):
        connection.exchange.in_transaction([good, (b"SELEKT 1", {}), good])
    connection.undo()
    [[row]] = connection.exchange.in_transaction([good])
    assert row.text == "x"


def test_more_than_any_buffer_holds_both_ways(connection: StoreConnection) -> None:
    """The server writes answers while it is still being written to: neither may wait for the other."""
    text = "x" * 5_000_000
    answers = connection.exchange.in_transaction([(_ECHO, {"text": text, "number": n}) for n in range(6)])
    assert [(len(row.text), row.number) for [row] in answers] == [(5_000_000, n) for n in range(6)]


def test_what_is_prepared_is_prepared_once_for_each_kind_of_values(connection: StoreConnection) -> None:
    if connection.prepare_threshold is None:
        for _ in range(8):
            connection.exchange.in_transaction([(_ECHO, {"text": "x", "number": 1})])
        assert connection.execute(_PREPARED).fetchall() == []
        return
    for number in (1, 2, 70_000, None, None):
        connection.exchange.in_transaction([(_ECHO, {"text": "x", "number": number})])
    prepared = connection.execute(_PREPARED).fetchall()
    assert [text for text, _ in prepared if text in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    kinds = [types for text, types in prepared if text.startswith("SELECT")]
    assert len(kinds) == len(set(kinds)) == 3


def test_a_server_that_goes_away_meanwhile_is_an_error_and_no_wait(connection: StoreConnection) -> None:
    pid = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        killer = threading.Timer(0.3, lambda: other.execute("SELECT pg_terminate_backend(%s)", [pid]))
        killer.start()
        with pytest.raises(psycopg.OperationalError):
            connection.exchange.in_transaction([(b"SELECT pg_sleep(30)", {}), (_ECHO, {"text": "x", "number": 1})])
        killer.join()
    connection.undo()
    assert connection.closed


def test_an_exchange_that_is_interrupted_is_not_taken_up_by_the_next(
    connection: StoreConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(connection.exchange, "_ready", interrupted)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        connection.exchange.in_transaction([(b"SELECT pg_sleep(30)", {})])
    assert connection.closed
    assert time.monotonic() - began < 20
