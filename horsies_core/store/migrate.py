"""The schema's versions: numbered files in ``migrations/``, each applied once, in order, each in a transaction of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import psycopg
from psycopg import sql

from horsies_core.outcome.errors import SchemaError
from horsies_core.store.operation import in_schema
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import translated

_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>\w+)\.sql")

_NOTE = "INSERT INTO {schema}.migration (number, name) VALUES ({number}, '{name}');\n"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``migrations/``."""

    number: int
    name: str
    text: str

    def sql(self, schema: str) -> str:
        """The statements for a schema, the note of its own application included."""
        first = "CREATE SCHEMA IF NOT EXISTS {schema};\n" if self.number == 1 else ""
        note = _NOTE.replace("{number}", str(self.number)).replace("{name}", self.name)
        return in_schema(first + self.text + note, schema)


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
    parts = [f"BEGIN;\n{migration.sql(schema)}COMMIT;\n" for migration in all_migrations()]
    return "\n".join(parts)


def migrate(settings: StoreSettings) -> tuple[Migration, ...]:
    """Bring the schema up to date. Safe to run from many processes at once. Returns what was applied.

    Raises `SchemaError` if the schema is newer than this version knows.
    """
    with translated(settings.schema), psycopg.connect(**settings.connect_arguments("migrate")) as connection:
        if not _missing(_applied(connection, settings.schema)):
            return ()
        connection.execute("SELECT pg_advisory_lock(hashtextextended('horsies ' || %s, 0))", [settings.schema])
        missing = _missing(_applied(connection, settings.schema))
        for migration in missing:
            with connection.transaction():
                connection.execute(migration.sql(settings.schema).encode())
        return missing


def pending(settings: StoreSettings) -> tuple[Migration, ...]:
    """What `migrate` would apply. Raises `SchemaError` as `migrate` does."""
    with translated(settings.schema), psycopg.connect(**settings.connect_arguments("migrate")) as connection:
        return _missing(_applied(connection, settings.schema))


def drop_schema(settings: StoreSettings) -> None:
    """Remove the schema with every table and task in it."""
    with translated(settings.schema), psycopg.connect(**settings.connect_arguments("migrate")) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(settings.schema)))


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
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table.as_string(connection)]).fetchone()
    assert found is not None
    if not found[0]:
        return ()
    return [row[0] for row in connection.execute(sql.SQL("SELECT number FROM {} ORDER BY number").format(table))]
