"""The one place where psycopg's errors become the store's."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from types import TracebackType

import psycopg
from psycopg import errors
from typing_extensions import override

from horsies_core.outcome.errors import SchemaError, StoreError, StoreUnavailableError

_MISSING = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedObject,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)
_PASSWORD = re.compile(r"(password\s*=\s*)('[^']*'|\S+)|(://[^:/@\s]*:)[^@/\s]*(?=@)", re.IGNORECASE)


def translated(schema: str) -> AbstractContextManager[None]:
    """Turn any psycopg error inside into a store error whose text holds no password.

    Raises `SchemaError` for missing tables, `StoreUnavailableError` for a lost or refused connection, a cancelled statement,
    a deadlock (trying again may help), `StoreError` for everything else, and for text that the connection cannot send.
    """
    return _Translation(schema)


class _Translation(AbstractContextManager[None]):
    """A class, because every send passes through it and a generator would cost three times as much."""

    __slots__ = ("_schema",)

    def __init__(self, schema: str) -> None:
        self._schema = schema

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(
            error, UnicodeEncodeError
        ):  # of the caller's own connection; the store's are UTF-8. It holds the value
            raise StoreError(
                f"the connection's client_encoding, {error.encoding}, has no {error.object[error.start]!r}; set it to UTF8"
            ) from None
        if isinstance(error, psycopg.Error):
            # libpq shows the whole of a URL that it cannot read: a traceback must not show that as the cause.
            shows_password = without_password(str(error)) != str(error)
            raise _translation(error, self._schema) from (None if shows_password else error)


def _translation(error: psycopg.Error, schema: str) -> StoreError:
    if isinstance(error, _MISSING):
        return SchemaError(
            f"the tables of horsies are missing or of another version in schema {schema!r} ({brief(error)}); "
            "create or bring them up to date with `horsies migrate`"
        )
    if isinstance(error, errors.DuplicatePreparedStatement | errors.InvalidSqlStatementName):
        return StoreError(
            f"a pooler that knows no prepared statements stands before the database ({brief(error)}); set "
            "PostgresConfig.prepare to False"
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return StoreError(
            f"the database refused: {brief(error)}; let the owner of the tables run what `horsies grants` prints for this role"
        )
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreUnavailableError(f"the database cannot be reached, or gave up: {brief(error)}")
    return StoreError(f"the database refused: {brief(error)}")


def brief(error: BaseException) -> str:
    """The first line of an error's text, without anything that looks like a password."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return without_password(lines[0])


def without_password(text: str) -> str:
    """The text with the passwords of connection strings replaced by ``***``."""
    return _PASSWORD.sub(lambda match: (match.group(1) or match.group(3)) + "***", text)
