"""Sends in the caller's own transaction: they live and die with it, over psycopg and over SQLAlchemy, blocking and not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.string import TextLoader
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool
from store_support import query

from horsies import (
    AppConfig,
    EnqueueError,
    Horsies,
    IdempotencyConflictError,
    PostgresConfig,
    SendOptionError,
    Task,
    TaskError,
    TaskResult,
)
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

Greet: TypeAlias = Task[Any, str, str]


@pytest.fixture
def app(store_settings: StoreSettings) -> Iterator[Horsies]:
    broker = PostgresConfig(database_url=store_settings.conninfo, schema=store_settings.schema)
    with Horsies(AppConfig(broker=broker)) as app:
        yield app


@pytest.fixture
def greet(app: Horsies) -> Greet:
    @app.task("greet")
    def greet(*, name: str) -> TaskResult[str, TaskError]:
        return TaskResult(ok=name)

    return greet


def names_sent(store: Store) -> list[object]:
    return [row[0] for row in query(store, "SELECT payload::jsonb ->> 'name' FROM {s}.task ORDER BY 1")]


def alchemy_url(store: Store) -> str:
    return store.settings.conninfo.replace("postgresql://", "postgresql+psycopg://")


# What callers have. Each opens one over the test's database; all of them have commit() and rollback().


@contextmanager
def _psycopg(store: Store) -> Generator[Any]:
    with psycopg.connect(store.settings.conninfo) as connection:
        yield connection


@contextmanager
def _psycopg_with_habits(store: Store) -> Generator[Any]:
    """Whose owner has changed its cursors, its rows and how UUIDs are loaded."""
    with psycopg.connect(store.settings.conninfo, cursor_factory=psycopg.RawCursor, row_factory=dict_row) as connection:
        connection.adapters.register_loader("uuid", TextLoader)
        yield connection


@contextmanager
def _alchemy_connection(store: Store) -> Generator[Any]:
    engine = create_engine(alchemy_url(store), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _alchemy_session(store: Store) -> Generator[Any]:
    engine = create_engine(alchemy_url(store), poolclass=NullPool)
    with Session(engine) as session:
        yield session


@contextmanager
def _alchemy_scoped_session(store: Store) -> Generator[Any]:
    engine = create_engine(alchemy_url(store), poolclass=NullPool)
    session = scoped_session(sessionmaker(engine))
    try:
        yield session
    finally:
        session.remove()


@asynccontextmanager
async def _async_psycopg(store: Store) -> AsyncGenerator[Any]:
    async with await psycopg.AsyncConnection.connect(store.settings.conninfo) as connection:
        yield connection


@asynccontextmanager
async def _async_alchemy_connection(store: Store) -> AsyncGenerator[Any]:
    engine = create_async_engine(alchemy_url(store), poolclass=NullPool)
    async with engine.connect() as connection:
        yield connection


@asynccontextmanager
async def _async_alchemy_session(store: Store) -> AsyncGenerator[Any]:
    engine = create_async_engine(alchemy_url(store), poolclass=NullPool)
    async with AsyncSession(engine) as session:
        yield session


BLOCKING = [_psycopg, _psycopg_with_habits, _alchemy_connection, _alchemy_session, _alchemy_scoped_session]
ASYNC = [_async_psycopg, _async_alchemy_connection, _async_alchemy_session]
blocking = pytest.mark.parametrize("kind", BLOCKING, ids=lambda kind: kind.__name__.strip("_"))
in_a_loop = pytest.mark.parametrize("kind", ASYNC, ids=lambda kind: kind.__name__.strip("_"))
Kind: TypeAlias = Callable[[Store], Any]


@blocking
def test_a_send_is_committed_with_the_callers_transaction(kind: Kind, greet: Greet, store: Store) -> None:
    """Also where the send is the first thing that happens in it."""
    with kind(store) as connection:
        sending = greet.with_options(connection=connection)
        handle = sending.send(name="one")
        sending.send_many([{"name": "three"}, {"name": "two"}])
        assert handle.is_new
        assert names_sent(store) == []
        connection.commit()
        assert names_sent(store) == ["one", "three", "two"]


@blocking
def test_a_send_is_undone_with_the_callers_transaction(kind: Kind, greet: Greet, store: Store) -> None:
    with kind(store) as connection:
        sending = greet.with_options(connection=connection, delay=60, priority=3)
        sending.send(name="one")
        greet.with_options(connection=connection, idempotency_key="k").send(name="two")
        sending.send_many([{"name": "three"}, {"name": "four"}])
        connection.rollback()
    assert names_sent(store) == []
    assert greet.with_options(idempotency_key="k").send(name="other").is_new


@blocking
def test_what_the_caller_leaves_open_is_not_sent(kind: Kind, greet: Greet, store: Store) -> None:
    with pytest.raises(ZeroDivisionError), kind(store) as connection:
        greet.with_options(connection=connection).send(name="one")
        _ = 1 / 0
    assert names_sent(store) == []


@blocking
def test_keys_hold_within_the_callers_transaction(kind: Kind, greet: Greet, store: Store) -> None:
    with kind(store) as connection:
        sending = greet.with_options(connection=connection, idempotency_key="k")
        first, again = sending.send(name="one"), sending.send(name="one")
        assert (first, first.is_new, again.is_new) == (again, True, False)
        with pytest.raises(IdempotencyConflictError):
            sending.send(name="two")
        connection.commit()
    assert names_sent(store) == ["one"]


@blocking
def test_a_send_that_fails_leaves_the_callers_transaction_usable(kind: Kind, greet: Greet, store: Store) -> None:
    query(store, "ALTER TABLE {s}.task ADD CHECK (priority <> 13)")
    with kind(store) as connection:
        greet.with_options(connection=connection).send(name="before")
        unlucky = greet.with_options(connection=connection, priority=13)
        for send in (lambda: unlucky.send(name="x"), lambda: unlucky.send_many([{"name": "x"}, {"name": "y"}])):
            with pytest.raises(EnqueueError, match="check constraint") as failed:
                send()
            assert not failed.value.retryable
        greet.with_options(connection=connection).send(name="after")
        connection.commit()
    assert names_sent(store) == ["after", "before"]


def _in_loop(app: Horsies, store: Store, kind: Kind, act: Callable[[Any], Awaitable[None]]) -> None:
    async def go() -> None:
        async with app, kind(store) as connection:
            await act(connection)

    asyncio.run(go())


@in_a_loop
def test_an_async_send_is_committed_with_the_callers_transaction(
    kind: Kind, greet: Greet, app: Horsies, store: Store
) -> None:
    async def act(connection: Any) -> None:
        sending = greet.with_options(connection=connection)
        assert (await sending.send_async(name="one")).is_new
        await sending.send_many_async([{"name": "three"}, {"name": "two"}])
        assert names_sent(store) == []
        await connection.commit()

    _in_loop(app, store, kind, act)
    assert names_sent(store) == ["one", "three", "two"]


@in_a_loop
def test_an_async_send_is_undone_with_the_callers_transaction(
    kind: Kind, greet: Greet, app: Horsies, store: Store
) -> None:
    async def act(connection: Any) -> None:
        await greet.with_options(connection=connection).send_async(name="one")
        await greet.with_options(connection=connection, idempotency_key="k").send_async(name="two")
        await greet.with_options(connection=connection).send_many_async([{"name": "three"}, {"name": "four"}])
        await connection.rollback()
        assert (await greet.with_options(idempotency_key="k").send_async(name="five")).is_new

    _in_loop(app, store, kind, act)
    assert names_sent(store) == ["five"]


def test_rows_and_sends_of_a_session_are_one_transaction(greet: Greet, store: Store) -> None:
    query(store, "CREATE TABLE {s}.customer (name text)")
    insert = text(f"INSERT INTO {store.settings.schema}.customer VALUES (:name)")
    engine = create_engine(alchemy_url(store), poolclass=NullPool)
    for name in ("kept", "lost"):
        with Session(engine) as session:
            session.execute(insert, {"name": name})
            greet.with_options(connection=session).send(name=name)
            session.commit() if name == "kept" else session.rollback()
    assert names_sent(store) == ["kept"]
    assert query(store, "SELECT name FROM {s}.customer") == [("kept",)]


def test_an_engines_own_block_commits(greet: Greet, store: Store) -> None:
    engine = create_engine(alchemy_url(store), poolclass=NullPool)
    with engine.begin() as connection:
        greet.with_options(connection=connection).send(name="one")
        with connection.begin_nested() as savepoint:
            greet.with_options(connection=connection).send(name="undone")
            savepoint.rollback()
    assert names_sent(store) == ["one"]


def test_an_autocommit_connection_stores_at_once(greet: Greet, store: Store) -> None:
    with psycopg.connect(store.settings.conninfo, autocommit=True) as connection:
        greet.with_options(connection=connection).send(name="one")
        assert names_sent(store) == ["one"]


def test_what_is_no_connection_is_refused(greet: Greet, app: Horsies, store: Store) -> None:
    for wrong in (object(), "postgresql://", create_engine("sqlite://").connect()):
        with pytest.raises(SendOptionError, match="psycopg connection"):
            greet.with_options(connection=wrong).send(name="x")
        with pytest.raises(SendOptionError, match="psycopg connection"):
            asyncio.run(greet.with_options(connection=wrong).send_async(name="x"))
    assert names_sent(store) == []


@pytest.mark.parametrize("kind", [*BLOCKING, *ASYNC], ids=lambda kind: kind.__name__.strip("_"))
def test_the_other_kind_of_connection_is_refused(kind: Kind, greet: Greet, app: Horsies, store: Store) -> None:
    async def send_blocking(connection: Any) -> None:
        with pytest.raises(SendOptionError, match="send_async"):
            greet.with_options(connection=connection).send(name="x")

    if kind in ASYNC:
        _in_loop(app, store, kind, send_blocking)
    else:
        with kind(store) as connection, pytest.raises(SendOptionError, match=r"goes with send$"):
            asyncio.run(greet.with_options(connection=connection).send_async(name="x"))
    assert names_sent(store) == []


def test_a_connection_of_another_encoding_says_so(greet: Greet, store: Store) -> None:
    with psycopg.connect(store.settings.conninfo, client_encoding="latin1") as connection:
        with pytest.raises(EnqueueError, match=r"client_encoding, latin-1, has no .*set it to UTF8") as raised:
            greet.with_options(connection=connection).send(name="\u6f22")
        greet.with_options(connection=connection).send(name="\u00e9")
    assert not raised.value.retryable
    assert names_sent(store) == ["\u00e9"]
