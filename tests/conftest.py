"""The database of the tests: one real server for the whole run, a schema of its own for each test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from postgres_support import fresh_schema, serve
from system_tools import POSTGRES_ASKED_FOR

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.migrate import migrate
from horsies_core.store.settings import StoreSettings
from horsies_core.store.store import Store

# Tests call the tools by name, as users do: those of the interpreter that runs the tests.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

# Machines of two busy cores are slow at random: time is no property of what is tested. CI judges a change, so what it tries
# follows from the tests alone; at a desk each run tries something new.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running Postgres, shared by all of pytest-xdist's processes: the wheel's, if no other one is asked for."""
    base = tmp_path_factory.getbasetemp()
    run_folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    yield from serve(EmbeddedPostgres(run_folder / "postgres", bin_dirs=POSTGRES_ASKED_FOR))


@pytest.fixture
def schema(postgres_url: str) -> Iterator[str]:
    """The name of an empty schema-to-be, dropped with all that is in it after the test."""
    yield from fresh_schema(postgres_url)


@pytest.fixture
def store_settings(postgres_url: str, schema: str) -> StoreSettings:
    """Where the test's own, migrated tables are."""
    settings = StoreSettings(conninfo=postgres_url, schema=schema)
    migrate(settings)
    return settings


@pytest.fixture
def store(store_settings: StoreSettings) -> Iterator[Store]:
    """A store over the test's own tables."""
    store = Store(store_settings)
    yield store
    store.close()
