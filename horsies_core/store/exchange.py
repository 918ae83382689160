"""`Exchange`: several statements in one transaction and one round trip, over libpq's pipeline mode.

psycopg's own pipeline waits for the socket and writes to it anew for each statement, which is 0.3 ms on the way of a task at rest
through its worker; and twice, since a task takes two turns. Here all that is to be sent is sent in one write, by the part of
psycopg that is libpq itself (`psycopg.pq`); values are dumped and loaded by psycopg's adapters as ever.

An exchange may be waited for (`Exchange.in_transaction`), or watched (`start`, then `advance` whenever the socket is readable),
which spares a worker two changes of threads on the way of each task.

The server does one after another and skips the rest after an error, so a transaction that was begun stays open then, and
whoever asked must roll it back.
"""

from __future__ import annotations

import re
import select
from collections import namedtuple
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

Rows: TypeAlias = Sequence[Any]
"""Rows as named tuples; empty for a statement that returns none."""

_Kind: TypeAlias = tuple[bytes, tuple[int, ...]]
_Fresh: TypeAlias = tuple[_Kind, bytes]

_PLACE = re.compile(rb"%\((\w+)\)s")


class Exchange:
    """The exchanges of one connection, by one thread at a time. ``prepares``: whether the server is to keep statements prepared."""

    def __init__(self, connection: psycopg.Connection[Any], *, prepares: bool) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._prepares = prepares
        self._names: dict[_Kind, bytes] = {}
        """What is prepared: the name of each text with the types of its parameters."""
        self._count = 0
        self._transformer = Transformer(connection)
        self._poll = select.poll()
        self.is_sent = True
        """Whether all of the present exchange has been taken by the socket."""
        self._texts: list[bytes] = []
        self._fresh: list[_Fresh | None] = []
        self._results: list[PGresult] = []
        self._was_none = self._is_over = False

    def in_transaction(self, statements: Sequence[tuple[bytes, Mapping[str, object]]]) -> list[Rows]:
        """Do all of them between BEGIN and COMMIT; return the rows of each. As `start` and `complete`."""
        self.start(statements)
        return self.complete()

    def start(self, statements: Sequence[tuple[bytes, Mapping[str, object]]]) -> None:
        """Send them, between BEGIN and COMMIT, as far as the socket takes them without a wait.

        Texts are as psycopg takes them, with ``%(name)s`` for a parameter. Raises what psycopg raises, here and below. A
        connection on which the exchange broke off is closed.
        """
        self._texts = [b"BEGIN", *(text for text, _ in statements), b"COMMIT"]
        self._results, self._was_none, self._is_over = [], False, False
        with self._or_closed():
            self._pgconn.enter_pipeline_mode()
            self._fresh = [
                self._send(b"BEGIN", {}),
                *(self._send(*each) for each in statements),
                self._send(b"COMMIT", {}),
            ]
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
            while not self.is_sent:  # and read: a server that cannot write its answers would read no more questions
                if self._ready(select.POLLIN | select.POLLOUT) & select.POLLIN:
                    self._pgconn.consume_input()
                self.is_sent = not self._pgconn.flush()
            while not (self._is_over or self.advance()):
                self._ready(select.POLLIN)
        results, self._results = self._results, []
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, self._encoding)
        self._names.update(new for new in self._fresh if new is not None)
        answers = [each for each in results if each.status == ExecStatus.TUPLES_OK or each.command_status]
        return [self._rows(text, result) for text, result in zip(self._texts, answers, strict=True)][1:-1]

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
        query, places = _in_order(text)
        transformer = self._transformer
        values = transformer.dump_sequence([parameters[place] for place in places], [PyFormat.AUTO] * len(places))
        types, formats = transformer.types or (), transformer.formats
        if not self._prepares:
            self._pgconn.send_query_params(query, values, types, formats)
            return None
        key = (text, tuple(types))
        name = self._names.get(key)
        if name is not None:
            self._pgconn.send_query_prepared(name, values, formats)
            return None
        self._count += 1
        name = b"horsies_%d" % self._count
        self._pgconn.send_prepare(name, query, types)
        self._pgconn.send_query_prepared(name, values, formats)
        return key, name

    def _ready(self, events: int) -> int:
        self._poll.register(self._pgconn.socket, events)
        [(_, found)] = self._poll.poll()
        return found

    def _rows(self, text: bytes, result: PGresult) -> Rows:
        if not result.nfields:
            return []
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, _maker(text, _columns(result)))

    @property
    def _encoding(self) -> str:
        return self._connection.info.encoding


@cache
def _in_order(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text as Postgres takes it, ``$1`` for the first parameter, and the parameters' names in that order."""
    places = tuple(dict.fromkeys(place.decode() for place in _PLACE.findall(text)))
    numbers = {place: b"$%d" % number for number, place in enumerate(places, 1)}
    return _PLACE.sub(lambda match: numbers[match[1].decode()], text), places


@cache
def _maker(_text: bytes, columns: tuple[str, ...]) -> Any:
    # The server says which columns there are.
    kind: Any = namedtuple("Row", columns)  # type: ignore[misc]  # pyright: ignore[reportUntypedNamedTuple]
    return kind._make


def _columns(result: PGresult) -> tuple[str, ...]:
    return tuple((result.fname(number) or b"").decode() for number in range(result.nfields))
