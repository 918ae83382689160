"""Which database a command is about: an app's, or one that is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from horsies_core.cli.load import load_app
from horsies_core.config import DATABASE_URL_VARIABLE, PostgresConfig
from horsies_core.outcome.errors import ConfigError
from horsies_core.store.settings import StoreSettings

F = TypeVar("F", bound=Callable[..., Any])


def database_options(command: F) -> F:
    """``[APP]``, ``--url`` and ``--schema``."""
    command = click.option(
        "--schema", default=None, help="The schema of horsies' tables, with --url.  [default: horsies]"
    )(command)
    command = click.option("--url", help=f"The database, instead of the app's (or set {DATABASE_URL_VARIABLE}).")(
        command
    )
    return click.argument("app_path", metavar="[APP]", required=False)(command)


def settings_of(app_path: str | None, url: str | None, schema: str | None) -> StoreSettings:
    """Where the tables are. Raises `ConfigError` if nothing says so."""
    if app_path is not None:
        if url is not None or schema is not None:
            raise click.UsageError("give either APP or --url, not both")
        return load_app(app_path).store_settings()
    database_url = url or os.environ.get(DATABASE_URL_VARIABLE)
    if not database_url:
        raise ConfigError(f"which database? Give APP (shop.app:app) or --url, or set {DATABASE_URL_VARIABLE}")
    broker = PostgresConfig(database_url=database_url, schema=schema or "horsies")
    return StoreSettings(conninfo=broker.conninfo, schema=broker.schema)
