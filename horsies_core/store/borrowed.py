"""The caller's own connection: psycopg's, inside whatever the caller has, in a transaction that its owner knows of.

SQLAlchemy counts its transactions itself: what is done behind its back does not begin one, and its ``commit()`` would then do
nothing. So a connection of it that has begun nothing is made to begin, by a statement of its own. It is told by its methods
and never imported.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import psycopg
from psycopg.pq import TransactionStatus

from horsies_core.outcome.errors import SendOptionError

_NOTHING = "SELECT 1"
_MOST_WRAPPERS = 2
_ASYNC = "connection is an async one; it goes with send_async"
_BLOCKING = "connection is a blocking one; it goes with send"

C = TypeVar("C", bound="psycopg.Connection[Any] | psycopg.AsyncConnection[Any]")


def borrow(connection: Any) -> psycopg.Connection[Any]:
    """The psycopg connection of the caller, in a transaction unless it is in autocommit mode.

    Takes psycopg's ``Connection``, SQLAlchemy's ``Connection`` and ``Session`` over psycopg, and wrappers that have one of them as
    their ``connection``. Raises `SendOptionError` for anything else.
    """
    if hasattr(connection, "run_sync"):
        raise SendOptionError(_ASYNC)
    if _is_session(connection):
        connection = connection.connection()
    if _is_unbegun_sqlalchemy(connection):
        connection.exec_driver_sql(_NOTHING)
    driver = _driver(connection, psycopg.Connection)
    if _is_unbegun(driver):
        psycopg.Cursor(driver).execute(_NOTHING)
    return driver


async def borrow_async(connection: Any) -> psycopg.AsyncConnection[Any]:
    """As `borrow`, for psycopg's ``AsyncConnection``, SQLAlchemy's ``AsyncConnection`` and ``AsyncSession``."""
    if hasattr(connection, "run_sync") and _is_session(connection):
        connection = await connection.connection()
    if hasattr(connection, "get_raw_connection"):
        if _is_unbegun_sqlalchemy(connection):
            await connection.exec_driver_sql(_NOTHING)
        connection = await connection.get_raw_connection()
    elif _is_session(connection):
        raise SendOptionError(_BLOCKING)
    driver = _driver(connection, psycopg.AsyncConnection)
    if _is_unbegun(driver):
        await psycopg.AsyncCursor(driver).execute(_NOTHING)
    return driver


def _is_session(connection: object) -> bool:
    return callable(getattr(type(connection), "connection", None))


def _is_unbegun_sqlalchemy(connection: Any) -> bool:
    return hasattr(connection, "exec_driver_sql") and not connection.in_transaction()


def _is_unbegun(driver: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    """Whether the next statement begins the transaction: a block of ours must not be the outermost one, and commit."""
    return driver.info.transaction_status == TransactionStatus.IDLE and not driver.autocommit


def _driver(connection: object, wanted: type[C]) -> C:
    """psycopg's connection inside a wrapper, or a wrapper's wrapper."""
    found = _unwrapped(connection)
    if isinstance(found, wanted):
        return found
    if isinstance(found, psycopg.Connection | psycopg.AsyncConnection):
        raise SendOptionError(_ASYNC if isinstance(found, psycopg.AsyncConnection) else _BLOCKING)
    raise SendOptionError(
        f"connection is a {type(connection).__qualname__}; give a psycopg connection, or a connection or session of "
        "SQLAlchemy over psycopg"
    )


def _unwrapped(connection: Any) -> object:
    for _ in range(_MOST_WRAPPERS):
        if isinstance(connection, psycopg.Connection | psycopg.AsyncConnection):
            break
        inner = getattr(connection, "driver_connection", None) or getattr(connection, "connection", None)
        if inner is None:
            break
        connection = inner
    return cast("object", connection)
