"""`Exchange`: statements over a connection of the store's own, one alone or several in one transaction and one round trip.

Over the part of psycopg that is libpq itself (`psycopg.pq`); values are dumped and loaded by psycopg's adapters as ever. Its
cursors look up, remember and describe more than is asked for here, which was half of what a producer paid for a send. Its pipeline
waits for the socket and writes to it anew for each statement, which was 0.3 ms on the way of a task at rest through its worker;
here all that is to be sent is sent in one write.

Several may be waited for (`Exchange.together`), or watched (`start`, then `advance` whenever the socket is readable),
which spares a worker two changes of threads on the way of each task.

The server does one after another and skips the rest after an error, so a transaction that was begun stays open then, and
whoever asked must roll it back.
"""

from __future__ import annotations

import re
import select
from collections import namedtuple
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from time import monotonic
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import RowMaker

Rows: TypeAlias = Sequence[Any]
"""Rows as named tuples; empty for a statement that returns none."""

_Kind: TypeAlias = tuple[bytes, tuple[int, ...]]
_Fresh: TypeAlias = tuple[_Kind, bytes]

_UNPREPARED_USES = 2
"""So often a statement is sent alone before it is worth a round trip to prepare it."""

_CANCEL_S = 1.0

_BEGIN: tuple[bytes, Mapping[str, object]] = (b"BEGIN", {})
_COMMIT: tuple[bytes, Mapping[str, object]] = (b"COMMIT", {})

_PLACE = re.compile(rb"%\((\w+)\)s")


class Exchange:
    """The exchanges of one connection, by one thread at a time. ``prepares``: whether the server is to keep statements prepared."""

    def __init__(self, connection: psycopg.Connection[Any], *, prepares: bool) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self.prepares = prepares
        self._names: dict[_Kind, bytes] = {}
        """What is prepared: the name of each text with the types of its parameters."""
        self._count = 0
        self._uses: dict[bytes, int] = {}
        """How often each text was sent alone without being prepared."""
        self._transformer = Transformer(connection)
        self._poll = select.poll()
        self._poll.register(self._pgconn.socket, select.POLLIN)
        self.is_sent = True
        """Whether all of the present exchange has been taken by the socket."""
        self._texts: list[bytes] = []
        self._fresh: list[_Fresh | None] = []
        self._results: list[PGresult] = []
        self._was_none = self._is_over = self._begins = False
        self._deadline: float | None = None

    def alone(self, text: bytes, parameters: Mapping[str, object]) -> Rows:
        """Do one statement, by itself or in the transaction that is open; return its rows.

        Texts are as psycopg takes them, with ``%(name)s`` for a parameter. Raises what psycopg raises. After an error of the
        statement the connection is as good as before; one on which the exchange broke off is closed.
        """
        query, places, formats = _in_order(text)
        values = self._transformer.dump_sequence([parameters[place] for place in places], formats)
        name = self._prepared_alone(text, query)
        pgconn = self._pgconn
        try:  # as `_or_closed`, for less: every send passes here
            if name is None:
                pgconn.send_query_params(query, values, self._transformer.types, self._transformer.formats)
            else:
                pgconn.send_query_prepared(name, values, self._transformer.formats)
            result = self._only_result()
        except BaseException:
            self._connection.close()
            raise
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, self._encoding)
        return self._rows(text, result)

    def _prepared_alone(self, text: bytes, query: bytes) -> bytes | None:
        """The name by which the statement is prepared; None if it is not used often enough to be."""
        types = self._transformer.types or ()
        name = self._names.get((text, types))
        if name is not None or not self.prepares:
            return name
        self._uses[text] = self._uses.get(text, 0) + 1
        if self._uses[text] <= _UNPREPARED_USES:
            return None
        with self._or_closed():
            name = self._new_name()
            self._pgconn.send_prepare(name, query, types)
            result = self._only_result()
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, self._encoding)
        self._names[text, types] = name
        return name

    def _only_result(self) -> PGresult:
        """The result of one statement that was sent outside of the pipeline."""
        pgconn = self._pgconn
        if pgconn.flush():
            self._wait_until_sent()
        found: PGresult | None = None
        while True:
            while pgconn.is_busy():
                self._await_input()
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                break
            found = result
        if found is None:
            raise psycopg.OperationalError(pgconn.get_error_message(self._encoding))
        return found

    def together(self, statements: Sequence[tuple[bytes, Mapping[str, object]]]) -> list[Rows]:
        """Do all of them; return the rows of each. As `start` and `complete`."""
        self.start(statements)
        return self.complete()

    def start(self, statements: Sequence[tuple[bytes, Mapping[str, object]]]) -> None:
        """Send them as far as the socket takes them without a wait: in the transaction that is open, else in one of their own.

        Raises what psycopg raises, here and below. A connection on which the exchange broke off is closed.
        """
        self._begins = self._pgconn.transaction_status == TransactionStatus.IDLE
        every = [_BEGIN, *statements, _COMMIT] if self._begins else statements
        self._texts = [text for text, _ in every]
        self._results, self._was_none, self._is_over = [], False, False
        with self._or_closed():
            self._pgconn.enter_pipeline_mode()
            self._fresh = [self._send(*each) for each in every]
            self._pgconn.pipeline_sync()
            self.is_sent = not self._pgconn.flush()

    def advance(self) -> bool:
        """Take what has come, without a wait. True once everything has."""
        with self._or_closed():
            self._pgconn.consume_input()
            while not (self._is_over or self._pgconn.is_busy()):
                result = self._pgconn.get_result()
                if result is None:
                    self._end_of_results()
                elif result.status == ExecStatus.PIPELINE_SYNC:
                    self._pgconn.exit_pipeline_mode()
                    self._is_over = True
                else:
                    self._was_none = False
                    self._results.append(result)
            return self._is_over

    def complete(self) -> list[Rows]:
        """Wait for what is still to come; return the rows of each statement. After an error the transaction is open."""
        with self._or_closed():
            if not self.is_sent:
                self._wait_until_sent()
                self.is_sent = True
            while not (self._is_over or self.advance()):
                self._await_input()
        results, self._results = self._results, []
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, self._encoding)
        self._names.update(new for new in self._fresh if new is not None)
        answers = [each for each in results if each.status == ExecStatus.TUPLES_OK or each.command_status]
        rows = [self._rows(text, result) for text, result in zip(self._texts, answers, strict=True)]
        return rows[1:-1] if self._begins else rows

    @contextmanager
    def limited(self, limit_s: float | None) -> Generator[None]:
        """Wait for answers in the block at most so long altogether; then the statement is cancelled and the connection closed."""
        self._deadline = None if limit_s is None else monotonic() + limit_s
        try:
            yield
        finally:
            self._deadline = None

    def _await_input(self) -> None:
        if self._deadline is None:
            self._poll.poll()
            return
        left_s = self._deadline - monotonic()
        if left_s <= 0 or not self._poll.poll(left_s * 1000):
            with suppress(psycopg.Error):  # else it would go on waiting there, for a lock for instance
                self._connection.cancel_safe(timeout=_CANCEL_S)
            raise psycopg.OperationalError("no answer in time")

    @contextmanager
    def _or_closed(self) -> Generator[None]:
        """Close the connection if the block breaks off: nobody knows then what is still to come."""
        try:
            yield
        except BaseException:
            self._connection.close()
            raise

    def _end_of_results(self) -> None:
        """One statement's results have ended; or, if that is said twice, the connection has."""
        if self._was_none:
            raise psycopg.OperationalError(self._pgconn.get_error_message(self._encoding))
        self._was_none = True

    def _send(self, text: bytes, parameters: Mapping[str, object]) -> _Fresh | None:
        """Put a statement into the buffer; returns what it prepares, if that is new."""
        query, places, formats = _in_order(text)
        transformer = self._transformer
        values = transformer.dump_sequence([parameters[place] for place in places], formats)
        types = transformer.types or ()
        if not self.prepares:
            self._pgconn.send_query_params(query, values, types, transformer.formats)
            return None
        name = self._names.get((text, types))
        if name is not None:
            self._pgconn.send_query_prepared(name, values, transformer.formats)
            return None
        name = self._new_name()
        self._pgconn.send_prepare(name, query, types)
        self._pgconn.send_query_prepared(name, values, transformer.formats)
        return (text, types), name

    def _new_name(self) -> bytes:
        self._count += 1
        return b"horsies_%d" % self._count

    def _wait_until_sent(self) -> None:
        """Write everything, and read meanwhile: a server that cannot write its answers would read no more questions."""
        while self._pgconn.flush():
            both = select.poll()
            both.register(self._pgconn.socket, select.POLLIN | select.POLLOUT)
            if both.poll()[0][1] & select.POLLIN:
                self._pgconn.consume_input()

    def _rows(self, text: bytes, result: PGresult) -> Rows:
        if not result.nfields:
            return []
        self._transformer.set_pgresult(result)
        make = _makers.get(text)
        if make is None:
            make = _makers[text] = _maker(result)
        return self._transformer.load_rows(0, result.ntuples, make)

    @property
    def _encoding(self) -> str:
        return self._connection.info.encoding


_makers: dict[bytes, RowMaker[Any]] = {}
"""What makes the rows of each text, whose columns are always the same."""


@cache
def _in_order(text: bytes) -> tuple[bytes, tuple[str, ...], list[PyFormat]]:
    """The text as Postgres takes it, ``$1`` for the first parameter; the parameters' names in that order, and their formats."""
    places = tuple(dict.fromkeys(place.decode() for place in _PLACE.findall(text)))
    numbers = {place: b"$%d" % number for number, place in enumerate(places, 1)}
    return (
        _PLACE.sub(lambda match: numbers[match[1].decode()], text),
        places,
        [PyFormat.AUTO] * len(places),
    )


def _maker(result: PGresult) -> RowMaker[Any]:
    columns = [(result.fname(number) or b"").decode() for number in range(result.nfields)]
    # The server says which columns there are.
    kind: Any = namedtuple("Row", columns)  # type: ignore[misc]  # pyright: ignore[reportUntypedNamedTuple]
    return kind._make
