"""Whatever asks for a store here is run on each Postgres there is: the wheel's, and the system's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_support import fresh_schema, serve
from system_tools import POSTGRES_ASKED_FOR, POSTGRES_FOLDERS, missing

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.migrate import migrate
from horsies_core.store.settings import StoreSettings

SERVERS = ["wheel", *([folder.parent.name for folder in POSTGRES_FOLDERS] or ["system"])]
if POSTGRES_ASKED_FOR:
    SERVERS = ["asked for"]


@pytest.fixture(scope="session", params=SERVERS)
def server_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of each server in turn, shared by all of pytest-xdist's processes."""
    if request.param in ("wheel", "asked for"):
        yield request.getfixturevalue("postgres_url")
        return
    found = [folder for folder in POSTGRES_FOLDERS if folder.parent.name == request.param]
    if not found:
        missing("a Postgres beside the wheel's", "postgresql")
    base = tmp_path_factory.getbasetemp()
    run_folder: Path = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    yield from serve(EmbeddedPostgres(run_folder / f"postgres-{request.param}", bin_dirs=found))


@pytest.fixture
def schema(server_url: str) -> Iterator[str]:
    """The name of an empty schema-to-be, dropped with all that is in it after the test."""
    yield from fresh_schema(server_url)


@pytest.fixture
def store_settings(server_url: str, schema: str) -> StoreSettings:
    """Where the test's own, migrated tables are."""
    settings = StoreSettings(conninfo=server_url, schema=schema)
    migrate(settings)
    return settings
