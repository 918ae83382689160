"""``horsies migrate`` on a real server."""

from __future__ import annotations

import os
import subprocess

import psycopg


def migrate(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["horsies", "migrate", *arguments]
    env = {**os.environ, "HORSIES_DATABASE_URL": url}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def tables(url: str, schema: str) -> set[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {row[0] for row in found}


def test_the_tables_are_made_once(postgres_url: str, schema: str) -> None:
    checked = migrate(postgres_url, "--schema", schema, "--check")
    assert checked.returncode == 1
    assert "to be applied: 0001" in checked.stdout
    assert tables(postgres_url, schema) == set()
    first = migrate(postgres_url, "--schema", schema)
    assert first.returncode == 0
    assert "applied 0001" in first.stdout
    assert {"task", "history", "migration"} <= tables(postgres_url, schema)
    assert migrate(postgres_url, "--schema", schema).stdout == "nothing to do: the schema is up to date\n"
    assert migrate(postgres_url, "--schema", schema, "--check").returncode == 0


def test_the_printed_script_makes_the_same_tables(postgres_url: str, schema: str) -> None:
    script = migrate("", "--schema", schema, "--sql").stdout
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(script.encode())
    assert migrate(postgres_url, "--schema", schema, "--check").returncode == 0


def test_without_a_database_it_says_how_to_name_one() -> None:
    done = migrate("")
    assert done.returncode == 2
    assert "--url" in done.stderr


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    done = migrate("postgresql://user:hunter2@127.0.0.1:1/nothing")
    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_reader_that_leaves_is_told_of() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        ["horsies", "migrate", "--sql"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (2, "error: whoever read the output has left before its end\n")
