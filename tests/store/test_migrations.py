"""The schema: numbered, immutable once released, and exactly what the dump beside this file says, on every Postgres."""

from __future__ import annotations

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from postgres_support import fresh_schema
from psycopg import sql
from store_support import a_task, query, send
from syrupy.assertion import SnapshotAssertion

from horsies_core.outcome.errors import SchemaError
from horsies_core.store.migrate import all_migrations, migrate, migration_sql, pending
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

RELEASED = {
    "0001_start": "47ed4b51f709a1126dbceb2bd6d58da4d35caee7d7e41ae6fef4a1d93d4884db",
    "0002_readers": "a8bc3d76bb9d2a2fb4ef50985a3961c50aeaaa3d0a5c93b877963b23492ff2a6",
}
"""What a migration's text must stay. A change of the schema is a migration more, and a line more here."""

COLUMNS = """
SELECT c.relname, c.relkind::text, c.relpersistence::text, coalesce(array_to_string(c.reloptions, ' '), ''),
       a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'
ORDER BY c.relname, a.attnum
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY indexname"
CHECKS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = to_regnamespace(%s) AND contype IN ('c', 'f', 'u') ORDER BY conname
"""
TYPES = """
SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
WHERE t.typnamespace = to_regnamespace(%s) ORDER BY t.typname, e.enumsortorder
"""
OTHERS = """
SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace(%(schema)s)),
       (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = to_regnamespace(%(schema)s)),
       (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind NOT IN ('r', 'i', 'S', 't'))
"""


def dump(settings: StoreSettings) -> str:
    """All that stands in the schema, as text; its name written as ``s``."""
    with psycopg.connect(settings.conninfo) as connection:
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(settings.schema)))
        lines: list[str] = []
        table = None
        for name, _, persistence, options, column, kind, required, identity, default in connection.execute(
            COLUMNS, [settings.schema]
        ):
            if name != table:
                table = name
                unlogged = " unlogged" if persistence == "u" else ""
                lines.append(f"table {name}{unlogged} {options}".rstrip())
            words = [kind, "not null" if required else "", "identity" if identity else "", default and f"= {default}"]
            lines.append(f"    {column}: " + " ".join(word for word in words if word))
        lines += [row[0].replace(f"{settings.schema}.", "") for row in connection.execute(INDEXES, [settings.schema])]
        lines += [" ".join(row) for row in connection.execute(CHECKS, [settings.schema])]
        lines += [" ".join(row) for row in connection.execute(TYPES, [settings.schema])]
        assert connection.execute(OTHERS, {"schema": settings.schema}).fetchone() == (0, 0, 0)
    return "\n".join(lines)


@pytest.fixture
def wheel_settings(postgres_url: str) -> Iterator[StoreSettings]:
    """Migrated tables on the wheel's server."""
    for name in fresh_schema(postgres_url):
        settings = StoreSettings(conninfo=postgres_url, schema=name)
        migrate(settings)
        yield settings


def test_the_schema_is_the_one_in_the_snapshot(wheel_settings: StoreSettings, snapshot: SnapshotAssertion) -> None:
    assert dump(wheel_settings) == snapshot


def test_every_server_has_the_same_schema(wheel_settings: StoreSettings, store_settings: StoreSettings) -> None:
    assert dump(store_settings) == dump(wheel_settings)


def test_released_migrations_stay_as_they_are() -> None:
    digests = {
        f"{each.number:04d}_{each.name}": hashlib.sha256(each.text.encode()).hexdigest() for each in all_migrations()
    }
    assert digests == RELEASED
    assert [each.number for each in all_migrations()] == list(range(1, len(RELEASED) + 1))


def test_the_printed_script_makes_the_same_schema(server_url: str, store_settings: StoreSettings) -> None:
    printed = replace(store_settings, schema=f"{store_settings.schema}_printed")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(migration_sql(printed.schema).encode())
        assert pending(printed) == ()
        assert dump(printed) == dump(store_settings)
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(printed.schema)))


def test_an_older_schema_with_tasks_in_it_is_brought_up_to_date(server_url: str, schema: str) -> None:
    """Migration by migration, with rows of the time before each."""
    settings = StoreSettings(conninfo=server_url, schema=schema)
    first = all_migrations()[0]
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute(first.sql(schema).encode())
        connection.execute(
            f"INSERT INTO {schema}.task (id, name, queue, fingerprint, payload) "
            "VALUES (gen_random_uuid(), 'work', 'default', 'f', '{}')".encode()
        )
    assert pending(settings) == all_migrations()[1:]
    assert migrate(settings) == all_migrations()[1:]
    assert migrate(settings) == ()
    store = Store(settings)
    send(store, a_task())
    assert query(store, "SELECT count(*) FROM {s}.task") == [(2,)]
    store.close()


def test_many_who_migrate_at_once_apply_each_migration_once(server_url: str, schema: str) -> None:
    settings = StoreSettings(conninfo=server_url, schema=schema)
    applied: list[int] = []
    errors: list[BaseException] = []

    def go() -> None:
        try:
            applied.extend(each.number for each in migrate(settings))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=go) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(applied) == [each.number for each in all_migrations()]


def test_a_schema_that_its_owner_made_beforehand_is_taken(server_url: str, schema: str) -> None:
    """By a role that may not create schemas."""
    role = f"owner_of_{schema}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(
            sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(schema), sql.Identifier(role))
        )
        settings = StoreSettings(conninfo=server_url.replace("//horsies@", f"//{role}@"), schema=schema)
        assert migrate(settings) == all_migrations()
        with pytest.raises(SchemaError, match="may not create"):
            migrate(replace(settings, schema=f"{schema}_other"))
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_a_newer_schema_is_refused(store_settings: StoreSettings, store: Store) -> None:
    query(store, "INSERT INTO {s}.migration (number, name) VALUES (9000, 'later')")
    for look in (migrate, pending):
        with pytest.raises(SchemaError, match=r"9000.*upgrade horsies"):
            look(store_settings)


def test_a_failing_migration_leaves_no_trace(server_url: str, schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from horsies_core.store import migrate as module

    broken = replace(all_migrations()[0], text=all_migrations()[0].text + "SELECT 1 / 0;\n")
    monkeypatch.setattr(module, "all_migrations", lambda: (broken,))
    with pytest.raises(Exception, match="division by zero"):
        migrate(StoreSettings(conninfo=server_url, schema=schema))
    with psycopg.connect(server_url) as connection:
        assert connection.execute("SELECT to_regnamespace(%s)", [schema]).fetchone() == (None,)


def test_any_legal_name_of_a_schema_will_do(server_url: str) -> None:
    for name in ("select", "_1", "a" * 63):
        settings = StoreSettings(conninfo=server_url, schema=name)
        migrate(settings)
        store = Store(settings)
        send(store, a_task())
        store.close()
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))


def test_the_command_prints_the_grants_of_a_role() -> None:
    done = subprocess.run(
        ["horsies", "grants", "producer", "shop_web", "--schema", "queue"], capture_output=True, text=True, check=True
    )
    assert 'ON "queue".task TO "shop_web";' in done.stdout
    refused = subprocess.run(["horsies", "grants", "king", "me"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "observer" in refused.stderr
