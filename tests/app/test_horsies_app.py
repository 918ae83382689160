"""The app: where it finds its database, and that it opens nothing before it must."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from horsies import AppConfig, ConfigError, Horsies, PostgresConfig, StoreUnavailableError, TaskError, TaskResult
from horsies_core.config import DATABASE_URL_VARIABLE
from horsies_core.store.embedded import EmbeddedPostgres


@pytest.fixture
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_URL_VARIABLE, raising=False)


def test_a_config_is_an_app_config() -> None:
    loose: Any = Horsies
    with pytest.raises(ConfigError, match="AppConfig"):
        loose("postgresql://localhost/shop")


def test_the_configs_broker_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "postgresql://env/db")
    own = PostgresConfig(database_url="postgresql+psycopg://own/db", schema="jobs", pool_size=2, listen=False)
    settings = Horsies(AppConfig(broker=own)).store_settings()
    assert settings.conninfo == "postgresql://own/db"
    assert (settings.schema, settings.pool_size, settings.listen, settings.prepare) == ("jobs", 2, False, True)
    assert Horsies().store_settings().conninfo == "postgresql://env/db"


def test_a_wrong_url_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "mysql://u:s3cr3t@h/d")
    with pytest.raises(ConfigError) as raised:
        Horsies().open_store()
    assert "s3cr3t" not in str(raised.value)


def test_an_app_with_nothing_said_runs_its_own_database(
    no_url: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HORSIES_DATA_DIR", str(tmp_path / "data"))
    app = Horsies()

    @app.task("t")
    def task() -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    assert not (tmp_path / "data").exists()
    with app:
        handle = task.send()
        assert handle.info() is not None
        url = app.store_settings().conninfo
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM horsies.task").fetchone() == (1,)
    assert EmbeddedPostgres().wait_stopped(60)
    assert handle.info() is not None, "a closed app opens again"
    app.close()
    assert EmbeddedPostgres().wait_stopped(60)


def test_a_database_of_its_own_that_cannot_be_had(
    no_url: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HORSIES_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(StoreUnavailableError, match=r"HORSIES_DATA_DIR|folder|directory"):
        Horsies().open_store()


def test_making_an_app_opens_nothing(no_url: None, tmp_path: Path) -> None:
    code = "from horsies import Horsies; app = Horsies(); app.close(); print(app)"
    environment = {**os.environ, "HORSIES_DATA_DIR": str(tmp_path / "data")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert ran.stdout.strip() == "<Horsies app of 0 tasks>", ran.stderr
    assert not (tmp_path / "data").exists()


def test_the_async_context_closes_the_loops_connections(postgres_url: str, schema: str) -> None:
    app = Horsies(AppConfig(broker=PostgresConfig(database_url=postgres_url, schema=schema)))

    async def use() -> None:
        async with app:
            store = await app.sender.gate.open_async()
            assert store is await app.sender.gate.open_async() is app.open_store()

    asyncio.run(use())
    asyncio.run(use())


def test_many_threads_open_one_store(postgres_url: str, schema: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with (
        Horsies(AppConfig(broker=PostgresConfig(database_url=postgres_url, schema=schema))) as app,
        ThreadPoolExecutor(8) as pool,
    ):
        assert len({id(store) for store in pool.map(lambda _: app.open_store(), range(32))}) == 1
