"""The one place where psycopg's errors become the store's."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from horsies_core.outcome.errors import SchemaError, StoreError, StoreUnavailableError

_MISSING = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedObject,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)
_PASSWORD = re.compile(r"(password\s*=\s*)('[^']*'|\S+)|(://[^:/@\s]*:)[^@/\s]*(?=@)", re.IGNORECASE)


@contextmanager
def translated(schema: str) -> Generator[None]:
    """Turn any psycopg error inside into a store error whose text holds no password.

    Raises `SchemaError` for missing tables, `StoreUnavailableError` for a lost or refused connection, a cancelled statement,
    a deadlock (trying again may help), `StoreError` for everything else.
    """
    try:
        yield
    except _MISSING as error:
        raise SchemaError(
            f"the tables of horsies are missing or of another version in schema {schema!r} ({brief(error)}); "
            "create or bring them up to date with `horsies migrate`"
        ) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise StoreUnavailableError(f"the database cannot be reached, or gave up: {brief(error)}") from error
    except psycopg.Error as error:
        raise StoreError(f"the database refused: {brief(error)}") from error


def brief(error: BaseException) -> str:
    """The first line of an error's text, without anything that looks like a password."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return without_password(lines[0])


def without_password(text: str) -> str:
    """The text with the passwords of connection strings replaced by ``***``."""
    return _PASSWORD.sub(lambda match: (match.group(1) or match.group(3)) + "***", text)
