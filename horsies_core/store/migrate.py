"""The schema's versions: numbered files in ``migrations/``, each applied once, in order, each in a transaction of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import psycopg
from psycopg import errors, sql

from horsies_core.outcome.errors import SchemaError
from horsies_core.store.operation import in_schema
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import brief, translated

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)\.sql")

_SCHEMA = "CREATE SCHEMA IF NOT EXISTS {schema};\n"
# Asked of the tables of the catalogue: to_regclass() answers from a cache, which within a transaction may be out of date.
_HAS_SCHEMA = "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = %s)"
_HAS_TABLE = """
    SELECT EXISTS (
        SELECT FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = %s AND relname = 'migration'
    )
"""
_NOTE = "INSERT INTO {schema}.migration (number, name) VALUES ({number}, '{name}');\n"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``migrations/``."""

    number: int
    name: str
    text: str

    def sql(self, schema: str) -> str:
        """The statements for a schema, the note of its own application included."""
        note = _NOTE.replace("{number}", str(self.number)).replace("{name}", self.name)
        return in_schema(self.text + note, schema)


@cache
def all_migrations() -> tuple[Migration, ...]:
    """Every migration, in order."""
    found: list[Migration] = []
    for entry in resources.files("horsies_core.store").joinpath("migrations").iterdir():
        match = _FILE.fullmatch(entry.name)
        if match is not None:
            found.append(Migration(int(match["number"]), match["name"], entry.read_text(encoding="utf-8")))
    return tuple(sorted(found, key=lambda migration: migration.number))


def migration_sql(schema: str) -> str:
    """The whole of it as one script, for people who apply changes themselves."""
    texts = [migration.sql(schema) for migration in all_migrations()]
    texts[0] = in_schema(_SCHEMA, schema) + texts[0]
    return "\n".join(f"BEGIN;\n{text}COMMIT;\n" for text in texts)


def migrate(settings: StoreSettings) -> tuple[Migration, ...]:
    """Bring the schema up to date. Safe to run from many processes at once. Returns what was applied.

    Raises `SchemaError` if the schema is newer than this version knows.
    """
    applied: list[Migration] = []
    with translated(settings.schema), _connected(settings) as connection:
        while _missing(_applied(connection, settings.schema)):
            migration = _apply_next(connection, settings.schema)
            if migration is not None:
                applied.append(migration)
    return tuple(applied)


def pending(settings: StoreSettings) -> tuple[Migration, ...]:
    """What `migrate` would apply. Raises `SchemaError` as `migrate` does."""
    with translated(settings.schema), _connected(settings) as connection:
        return _missing(_applied(connection, settings.schema))


def drop_schema(settings: StoreSettings) -> None:
    """Remove the schema with every table and task in it."""
    with translated(settings.schema), _connected(settings) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(settings.schema)))


def _connected(settings: StoreSettings) -> psycopg.Connection[Any]:
    return psycopg.Connection.connect(**settings.connect_arguments("migrate"))


def _apply_next(connection: psycopg.Connection[Any], schema: str) -> Migration | None:
    """Apply one migration, unless somebody else just did. The lock ends with the transaction: poolers keep no other."""
    try:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('horsies ' || %s, 0))", [schema])
            missing = _missing(_applied(connection, schema))
            if not missing:
                return None
            if not _is_there(connection, _HAS_SCHEMA, schema):
                connection.execute(in_schema(_SCHEMA, schema).encode())
            connection.execute(missing[0].sql(schema).encode())
            return missing[0]
    except errors.InsufficientPrivilege as error:
        raise SchemaError(
            f"role {connection.info.user!r} may not create or change the tables in schema {schema!r} ({brief(error)}); run "
            "`horsies migrate` as their owner"
        ) from error


def _missing(applied: Sequence[int]) -> tuple[Migration, ...]:
    known = {migration.number for migration in all_migrations()}
    unknown = sorted(set(applied) - known)
    if unknown:
        raise SchemaError(
            f"the schema is at version {unknown[-1]}, this version of horsies knows {max(known)}; upgrade horsies here"
        )
    return tuple(migration for migration in all_migrations() if migration.number not in applied)


def _applied(connection: psycopg.Connection[Any], schema: str) -> Sequence[int]:
    table = sql.Identifier(schema, "migration")
    if not _is_there(connection, _HAS_TABLE, schema):
        return ()
    return [row[0] for row in connection.execute(sql.SQL("SELECT number FROM {} ORDER BY number").format(table))]


def _is_there(connection: psycopg.Connection[Any], question: str, schema: str) -> bool:
    return connection.execute(question.encode(), [schema]).fetchone() == (True,)
