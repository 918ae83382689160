"""Fixtures for the tests of a project that uses horsies. pytest finds them by itself where horsies is installed.

    [tool.pytest.ini_options]
    horsies_app = "shop.tasks:app"

``horsies_inline``: every send of the app runs at once, in this process; gives the list of what was sent. Function scope.

``horsies_worker``: a real worker on a database of its own, to which the app's sends go as well. Session scope: it starts once,
in about a second; its ``log`` is shown by the tests that want it.

``horsies_app`` is the app, ``horsies_database`` the database alone. A session is one process: each of pytest-xdist's has a
database and a worker of its own.

This module is imported by every run of pytest, so it imports nothing that costs until a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from horsies_core.app import Horsies
    from horsies_core.config import PostgresConfig
    from horsies_core.testing import InlineSend, RunningWorker

APP, DATABASE_URL, PROCESSES = "horsies_app", "horsies_database_url", "horsies_processes"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings, in the ini file."""
    parser.addini(APP, "the app under test, as MODULE:NAME")
    parser.addini(DATABASE_URL, "a Postgres for horsies_worker (default: an embedded one)")
    parser.addini(PROCESSES, "how many children horsies_worker has", default="2")


@pytest.fixture(scope="session")
def horsies_app(pytestconfig: pytest.Config) -> Horsies:
    """The app of the ini file, with its task modules imported. Override this fixture to choose it otherwise."""
    from horsies_core.cli.load import load_app

    app = load_app(_app_path(pytestconfig))
    app.import_discovered()
    return app


@pytest.fixture
def horsies_inline(horsies_app: Horsies) -> Iterator[list[InlineSend]]:
    """Every send of the app runs at once, without a database; the list of what was sent."""
    from horsies_core.testing import inline_sends

    with inline_sends(horsies_app) as sent:
        yield sent


@pytest.fixture(scope="session")
def horsies_database(pytestconfig: pytest.Config) -> Iterator[PostgresConfig]:
    """A database for this session: where it is. Its tables are there, and gone afterwards."""
    from horsies_core.testing import temporary_database

    with temporary_database(pytestconfig.getini(DATABASE_URL) or None) as broker:
        yield broker


@pytest.fixture(scope="session")
def horsies_worker(
    pytestconfig: pytest.Config, horsies_app: Horsies, horsies_database: PostgresConfig
) -> Iterator[RunningWorker]:
    """A worker that runs what this session sends."""
    from horsies_core.testing import running_worker

    processes = _processes(pytestconfig)
    horsies_app.use_broker(horsies_database)
    try:
        with running_worker(_app_path(pytestconfig), horsies_database, processes=processes) as worker:
            yield worker
    finally:
        horsies_app.use_broker(None)


def _app_path(config: pytest.Config) -> str:
    path: str = config.getini(APP)
    if not path:
        raise pytest.UsageError(
            f'which app? Set {APP} = "MODULE:NAME" among pytest\'s ini options, or override fixture {APP}'
        )
    return path


def _processes(config: pytest.Config) -> int:
    text: str = config.getini(PROCESSES)
    if not text.isdigit() or int(text) < 1:
        raise pytest.UsageError(f"{PROCESSES} is {text!r}; it must be a whole number from 1")
    return int(text)
