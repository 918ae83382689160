"""Operations as values: what is to be asked of the database, apart from how it is asked.

An operation is a generator. It yields statements, is sent their rows, and returns its result. `run` and `run_async` drive
the same generator over a blocking connection or an async one, so there are no twins to keep equal.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, Generic, TypeAlias, TypeVar

import psycopg
from psycopg.rows import RowMaker, namedtuple_row, tuple_row

from horsies_core.store.connection import StoreConnection
from horsies_core.store.exchange import Rows
from horsies_core.store.translation import translated

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of ``sql/``, by its file's name, and its parameters."""

    name: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY FROM STDIN of ``sql/`` and the lines to write, in the text format (`horsies_core.store.copying`)."""

    name: str
    lines: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Together:
    """Steps that take effect all or not at all, sent without waiting for one another."""

    steps: tuple[Statement | Copy, ...]


@dataclass(frozen=True, slots=True)
class Atomic:
    """A whole operation in one transaction; an error inside undoes it. Its result is the one row of the answer."""

    operation: Operation[Any]


_LINES_A_BLOCK = 256

Step: TypeAlias = "Statement | Together | Atomic"

Operation: TypeAlias = Generator["Step", Sequence[Rows], T]
"""Yields steps; is sent the rows of each statement in the step, in order; returns the result."""


def run(connection: psycopg.Connection[Any], schema: str, operation: Operation[T]) -> T:
    """Do an operation over a blocking connection.

    Raises the store's errors (`horsies_core.outcome.errors`), never psycopg's.
    """
    with translated(schema):
        answer: Sequence[Rows] | None = None
        while True:
            try:
                step = next(operation) if answer is None else operation.send(answer)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # a generator's return value is untyped in StopIteration
            answer = _perform(connection, schema, step)


async def run_async(connection: psycopg.AsyncConnection[Any], schema: str, operation: Operation[T]) -> T:
    """Do an operation over an async connection; as `run`."""
    with translated(schema):
        answer: Sequence[Rows] | None = None
        while True:
            try:
                step = next(operation) if answer is None else operation.send(answer)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # as in `run`
            answer = await _perform_async(connection, schema, step)


class Underway(Generic[T]):
    """An operation that is one exchange, begun and not waited for: `advance` whenever ``fileno`` is readable.

    Only for an operation whose one step is a `Together` of statements. Raises what `run` raises, in each of its methods.
    """

    def __init__(self, connection: StoreConnection, schema: str, operation: Operation[T]) -> None:
        self._connection, self._schema, self._operation = connection, schema, operation
        self.fileno = connection.fileno()
        with self._or_closed():
            step = next(operation)
            assert isinstance(step, Together)
            connection.exchange.start(_in_text(step, schema))

    @property
    def is_sent(self) -> bool:
        """Whether the socket has taken all of it. If not, only `complete` goes on with that."""
        return self._connection.exchange.is_sent

    def advance(self) -> bool:
        """Take what has come, without a wait. True once everything has: then `complete` waits no more."""
        with self._or_closed():
            return self._connection.exchange.advance()

    def complete(self) -> T:
        """Wait for what is still to come; return the operation's result."""
        with self._or_closed():
            answers = self._connection.exchange.complete()
        try:
            self._operation.send(answers)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # as in `run`
        raise AssertionError("an operation of one exchange has one step")

    @contextmanager
    def _or_closed(self) -> Generator[None]:
        """After an error the server rolls back, since the connection is closed: to roll back here would be to wait."""
        with translated(self._schema):
            try:
                yield
            except BaseException:
                self._connection.close()
                raise


@cache
def text_of(name: str, schema: str) -> bytes:
    """The text of ``sql/<name>.sql`` with the schema's name in its places, encoded as psycopg takes it."""
    text = resources.files("horsies_core.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return in_schema(_without_comments(text), schema).encode()


def load_texts(schema: str) -> None:
    """Read all of ``sql/`` now. For a process that runs for long: the package's files may be replaced under it meanwhile."""
    for file in resources.files("horsies_core.store").joinpath("sql").iterdir():
        name, dot, kind = file.name.partition(".")
        if (dot, kind) == (".", "sql"):
            text_of(name, schema)


def in_schema(text: str, schema: str) -> str:
    """Put the quoted name of the schema into the places that are held for it."""
    return text.replace("{schema}", quoted(schema))


def quoted(identifier: str) -> str:
    """An identifier as SQL text."""
    return '"' + identifier.replace('"', '""') + '"'


_makers: dict[str, RowMaker[Any]] = {}
"""What makes the named tuples of ``sql/<name>.sql``, whose columns are always the same; psycopg's would look it up each time."""


def _fetched(cursor: psycopg.Cursor[Any], name: str) -> Rows:
    return _named(cursor, name, cursor.fetchall()) if _has_rows(cursor) else []


async def _fetched_async(cursor: psycopg.AsyncCursor[Any], name: str) -> Rows:
    return _named(cursor, name, await cursor.fetchall()) if _has_rows(cursor) else []


def _named(cursor: psycopg.Cursor[Any] | psycopg.AsyncCursor[Any], name: str, rows: list[Any]) -> Rows:
    make = _makers.get(name)
    if make is None:
        make = _makers[name] = namedtuple_row(cursor)
    return [make(row) for row in rows]


def _has_rows(cursor: psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]) -> bool:
    """As ``cursor.description``, which would describe every column first."""
    return cursor.pgresult is not None and cursor.pgresult.nfields > 0


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in blocks, because each write to the driver costs as much as several lines."""
    remaining = iter(lines)
    while block := list(islice(remaining, _LINES_A_BLOCK)):
        yield b"".join(block)


def _without_comments(text: str) -> str:
    lines = (line.partition("--")[0].rstrip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _cursor(connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    """A cursor of the plain kind, whatever kind the owner of the connection has chosen for it."""
    return psycopg.Cursor(connection, row_factory=tuple_row)


def _async_cursor(connection: psycopg.AsyncConnection[Any]) -> psycopg.AsyncCursor[Any]:
    """As `_cursor`."""
    return psycopg.AsyncCursor(connection, row_factory=tuple_row)


def _perform(connection: psycopg.Connection[Any], schema: str, step: Step) -> Sequence[Rows]:
    if isinstance(step, Statement):
        return [_ask(connection, schema, step)]
    if isinstance(step, Atomic):
        with connection.transaction():
            return [[run(connection, schema, step.operation)]]
    if any(isinstance(part, Copy) for part in step.steps):  # COPY and pipelines do not go together
        with connection.transaction():
            return [_one(connection, schema, part) for part in step.steps]
    if isinstance(connection, StoreConnection):
        return _in_one_go(connection, schema, step)
    with connection.pipeline(), connection.transaction():
        cursors = [(_send(connection, schema, part), part.name) for part in step.steps if isinstance(part, Statement)]
    return [_fetched(cursor, name) for cursor, name in cursors]


def _in_one_go(connection: StoreConnection, schema: str, step: Together) -> Sequence[Rows]:
    """In one round trip, BEGIN and COMMIT included: psycopg's ``transaction`` would wait for either."""
    is_own = connection.is_reusable
    try:
        return connection.exchange.together(_in_text(step, schema))
    except BaseException:
        if is_own:  # else whoever has opened the transaction undoes it
            connection.undo()
        raise


def _in_text(step: Together, schema: str) -> list[tuple[bytes, Mapping[str, object]]]:
    parts = [part for part in step.steps if isinstance(part, Statement)]
    return [(text_of(part.name, schema), part.parameters) for part in parts]


def _send(connection: psycopg.Connection[Any], schema: str, part: Statement) -> psycopg.Cursor[Any]:
    cursor = _cursor(connection)
    cursor.execute(text_of(part.name, schema), part.parameters)
    return cursor


def _one(connection: psycopg.Connection[Any], schema: str, part: Statement | Copy) -> Rows:
    if isinstance(part, Statement):
        return _ask(connection, schema, part)
    with _cursor(connection) as cursor, cursor.copy(text_of(part.name, schema)) as copy:
        for block in _blocks(part.lines):
            copy.write(block)
    return []


def _ask(connection: psycopg.Connection[Any], schema: str, statement: Statement) -> Rows:
    text = text_of(statement.name, schema)
    if isinstance(connection, StoreConnection):
        return connection.exchange.alone(text, statement.parameters)
    with _cursor(connection) as cursor:
        cursor.execute(text, statement.parameters)
        return _fetched(cursor, statement.name)


async def _perform_async(connection: psycopg.AsyncConnection[Any], schema: str, step: Step) -> Sequence[Rows]:
    if isinstance(step, Statement):
        async with _async_cursor(connection) as cursor:
            await cursor.execute(text_of(step.name, schema), step.parameters)
            return [await _fetched_async(cursor, step.name)]
    if isinstance(step, Atomic):
        async with connection.transaction():
            return [[await run_async(connection, schema, step.operation)]]
    if any(isinstance(part, Copy) for part in step.steps):
        async with connection.transaction():
            return [await _one_async(connection, schema, part) for part in step.steps]
    async with connection.pipeline(), connection.transaction():
        cursors = [
            (await _send_async(connection, schema, part), part.name)
            for part in step.steps
            if isinstance(part, Statement)
        ]
    return [await _fetched_async(cursor, name) for cursor, name in cursors]


async def _send_async(
    connection: psycopg.AsyncConnection[Any], schema: str, part: Statement
) -> psycopg.AsyncCursor[Any]:
    cursor = _async_cursor(connection)
    await cursor.execute(text_of(part.name, schema), part.parameters)
    return cursor


async def _one_async(connection: psycopg.AsyncConnection[Any], schema: str, part: Statement | Copy) -> Rows:
    async with _async_cursor(connection) as cursor:
        if isinstance(part, Statement):
            await cursor.execute(text_of(part.name, schema), part.parameters)
            return await _fetched_async(cursor, part.name)
        async with cursor.copy(text_of(part.name, schema)) as copy:
            for block in _blocks(part.lines):
                await copy.write(block)
        return []
