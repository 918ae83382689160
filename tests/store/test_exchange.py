"""Exchanges: a transaction in one write, whatever its size, and what is left when it breaks off."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator, Mapping

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus
from store_support import query
from worker_support import wait_until

from horsies_core.outcome.errors import StoreError, StoreUnavailableError
from horsies_core.store.connection import StoreConnection
from horsies_core.store.listening import Listener
from horsies_core.store.operation import Operation, Statement, Together
from horsies_core.store.session import Session
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store
from horsies_core.store.work import read_held

_ECHO = b"SELECT %(text)s::text AS text, %(number)s::bigint AS number, %(text)s::text || '!' AS again"
_PREPARED = "SELECT statement, parameter_types::text FROM pg_prepared_statements WHERE name LIKE 'horsies%%' ORDER BY 1"


SLEEP = b"SELECT pg_sleep(30)"


@pytest.fixture(params=["prepares", "prepares nothing"])
def connection(request: pytest.FixtureRequest, store_settings: StoreSettings) -> Iterator[StoreConnection]:
    arguments = store_settings.connect_arguments("exchange")
    if request.param != "prepares":
        arguments["prepare_threshold"] = None
    with StoreConnection.connect(**arguments) as made:
        made.execute("CREATE TEMPORARY TABLE kept (number bigint PRIMARY KEY)")
        yield made


def test_each_statement_has_its_rows(connection: StoreConnection) -> None:
    [echoed, many, nothing, added] = connection.exchange.together(
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
            connection.exchange.together(one)
        assert connection.pgconn.pipeline_status == PipelineStatus.OFF
        assert connection.info.transaction_status == TransactionStatus.INERROR
        connection.undo()
        assert connection.execute("SELECT number FROM kept").fetchall() == []
        assert connection.exchange.together(one[:1]) == [[]]
        connection.execute("DELETE FROM kept")


def test_a_text_that_is_no_sql_leaves_the_others_usable(connection: StoreConnection) -> None:
    good = (_ECHO, {"text": "x", "number": 1})
    with pytest.raises(psycopg.errors.SyntaxError):
        connection.exchange.together([good, (b"SELEKT 1", {}), good])
    connection.undo()
    [[row]] = connection.exchange.together([good])
    assert row.text == "x"


def test_more_than_any_buffer_holds_both_ways(connection: StoreConnection) -> None:
    """The server writes answers while it is still being written to: neither may wait for the other."""
    text = "x" * 5_000_000
    answers = connection.exchange.together([(_ECHO, {"text": text, "number": n}) for n in range(6)])
    assert [(len(row.text), row.number) for [row] in answers] == [(5_000_000, n) for n in range(6)]


def test_what_is_prepared_is_prepared_once_for_each_kind_of_values(connection: StoreConnection) -> None:
    if not connection.exchange.prepares:
        for _ in range(8):
            connection.exchange.together([(_ECHO, {"text": "x", "number": 1})])
        assert connection.execute(_PREPARED).fetchall() == []
        return
    for number in (1, 2, 70_000, None, None):
        connection.exchange.together([(_ECHO, {"text": "x", "number": number})])
    prepared = connection.execute(_PREPARED).fetchall()
    assert [text for text, _ in prepared if text in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    kinds = [types for text, types in prepared if text.startswith("SELECT")]
    assert len(kinds) == len(set(kinds)) == 3


@pytest.mark.parametrize("is_alone", [False, True])
def test_a_server_that_goes_away_meanwhile_is_an_error_and_no_wait(connection: StoreConnection, is_alone: bool) -> None:
    pid = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        killer = threading.Timer(0.3, lambda: other.execute("SELECT pg_terminate_backend(%s)", [pid]))
        killer.start()
        with pytest.raises(psycopg.OperationalError):
            if is_alone:
                connection.exchange.alone(SLEEP, {})
            else:
                connection.exchange.together([(SLEEP, {}), (_ECHO, {"text": "x", "number": 1})])
        killer.join()
    connection.undo()
    assert connection.closed


@pytest.mark.parametrize("is_alone", [False, True])
def test_an_exchange_that_is_interrupted_is_not_taken_up_by_the_next(
    connection: StoreConnection, store_settings: StoreSettings, monkeypatch: pytest.MonkeyPatch, is_alone: bool
) -> None:
    pid = connection.info.backend_pid

    class Interrupted:
        def poll(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(connection.exchange, "_poll", Interrupted())
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        if is_alone:
            connection.exchange.alone(SLEEP, {})
        else:
            connection.exchange.together([(SLEEP, {})])
    assert connection.closed
    assert time.monotonic() - began < 20
    with psycopg.connect(store_settings.conninfo) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_statement_alone_has_its_rows_or_its_error_as_often_as_it_is_asked(connection: StoreConnection) -> None:
    """Before it is prepared, when it is, and afterwards; with other types of values, too."""
    for number in (1, 2, 3, 4, None, 70_000, 5):
        [row] = connection.exchange.alone(_ECHO, {"text": "é🐎", "number": number})
        assert row == ("é🐎", number, "é🐎!")
        assert connection.exchange.alone(b"DELETE FROM kept", {}) == []
        with pytest.raises(psycopg.errors.NotNullViolation):
            connection.exchange.alone(b"INSERT INTO kept VALUES (%(number)s)", {"number": None})
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.exchange.alone(b"SELEKT 1", {})
        assert connection.is_reusable
    prepared = [text for text, _ in connection.execute(_PREPARED).fetchall()]
    assert prepared.count("DELETE FROM kept") == connection.exchange.prepares


def test_a_statement_alone_may_be_larger_than_any_buffer(connection: StoreConnection) -> None:
    [row] = connection.exchange.alone(_ECHO, {"text": "x" * 20_000_000, "number": 1})
    assert len(row.again) == 20_000_001


def test_a_statement_alone_takes_part_in_the_transaction_that_is_open(connection: StoreConnection) -> None:
    with pytest.raises(ZeroDivisionError), connection.transaction():
        connection.exchange.alone(b"INSERT INTO kept VALUES (%(number)s)", {"number": 1})
        raise ZeroDivisionError
    assert connection.execute("SELECT number FROM kept").fetchall() == []


def test_several_take_part_in_the_transaction_that_is_open(connection: StoreConnection) -> None:
    insertion = b"INSERT INTO kept VALUES (%(number)s)"
    two: list[tuple[bytes, Mapping[str, object]]] = [(insertion, {"number": 1}), (_ECHO, {"text": "x", "number": 1})]
    for _ in range(8):  # a rollback takes nothing of what is prepared away
        with pytest.raises(ZeroDivisionError), connection.transaction():
            [nothing, [row]] = connection.exchange.together(two)
            assert (nothing, row.text) == ([], "x")
            raise ZeroDivisionError
        assert connection.execute("SELECT number FROM kept WHERE number > %s", [0]).fetchall() == []
        assert connection.exchange.alone(_ECHO, {"text": "y", "number": 1})[0].text == "y"
    with connection.transaction():
        connection.exchange.together(two)
    assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_who_watches_never_waits(connection: StoreConnection) -> None:
    exchange = connection.exchange
    number = connection.info.backend_pid
    with psycopg.connect(connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [number])
        lock = b"SELECT pg_advisory_xact_lock(%(number)s)"
        exchange.start([(lock, {"number": number}), (_ECHO, {"text": "x", "number": 1})])
        assert not exchange.advance()
    while not exchange.advance():
        select.select([connection.fileno()], [], [])
    [_, [row]] = exchange.complete()
    assert row.text == "x"


def test_a_session_begins_what_it_need_not_wait_for(store: Store) -> None:
    name = f"watched {store.settings.schema}"
    session = Session(store.settings, name)
    assert session.begin(_looks(1)) is None, "there is no connection yet"
    session.run(read_held(1))
    underway = session.begin(_looks(3))
    assert underway is not None
    assert underway.is_sent
    while not underway.advance():
        select.select([underway.fileno], [], [])
    assert underway.complete() == 3
    terminate(store, name)
    wait_until(lambda: session.begin(_looks(1)) is None, "it is seen that the connection was lost")
    session.close()


def test_what_a_socket_does_not_take_at_once_is_completed_elsewhere(store: Store) -> None:
    session = Session(store.settings, "watched")
    session.run(read_held(1))
    underway = session.begin(_looks(1, "x" * 30_000_000))
    assert underway is not None
    assert not underway.is_sent
    assert underway.complete() == 1
    session.close()


def test_an_error_of_what_was_begun_gives_the_connection_up_without_a_wait(store: Store) -> None:
    session = Session(store.settings, "watched")
    session.run(read_held(1))
    underway = session.begin(_fails())
    assert underway is not None
    with pytest.raises(StoreError, match="uuid"):
        underway.complete()
    assert session.begin(_looks(1)) is None
    assert session.run(_looks(2)) == 2
    session.close()


def test_a_listener_reads_what_was_said_and_learns_of_its_end(store: Store) -> None:
    name = f"listener {store.settings.schema}"
    listener = Listener(store.settings, name)
    assert listener.open("some_channel")
    assert listener.read() == []
    for said in ("one", "", "zwei 🐎"):
        query(store, "SELECT pg_notify('some_channel', %s)", said)
    heard: list[str] = []
    while len(heard) < 3:
        select.select([listener.fileno], [], [])
        heard += listener.read()
    assert heard == ["one", "", "zwei 🐎"]
    terminate(store, name)
    with pytest.raises(StoreUnavailableError):  # at the latest when the server's last words were read
        for _ in range(9):
            select.select([listener.fileno], [], [])
            listener.read()
    listener.close()


def terminate(store: Store, purpose: str) -> None:
    """Have the server end one connection."""
    text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
    assert query(store, text, f"horsies {purpose}") == [(True,)]


def _looks(count: int, ballast: str = "") -> Operation[int]:
    parameters = {"name": "some_task", "key": ballast}
    answers = yield Together(tuple(Statement("read_key", parameters) for _ in range(count)))
    return len(answers)


def _fails() -> Operation[None]:
    yield Together((Statement("read_now"), Statement("read_info", {"id": "no uuid"})))
