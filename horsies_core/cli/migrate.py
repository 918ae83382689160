"""``horsies migrate``: create the tables, or bring them up to date."""

from __future__ import annotations

import os
import sys

import click

from horsies_core.cli.load import load_app
from horsies_core.config import DATABASE_URL_VARIABLE, PostgresConfig
from horsies_core.outcome.errors import ConfigError
from horsies_core.store.migrate import migrate, migration_sql, pending
from horsies_core.store.settings import StoreSettings


@click.command()
@click.argument("app_path", metavar="[APP]", required=False)
@click.option("--url", help=f"The database, instead of the app's (or set {DATABASE_URL_VARIABLE}).")
@click.option("--schema", default=None, help="The schema of horsies' tables, with --url.  [default: horsies]")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something is to be applied.")
@click.option("--sql", "print_sql", is_flag=True, help="Change nothing; print all migrations as one script.")
def command(*, app_path: str | None, url: str | None, schema: str | None, check: bool, print_sql: bool) -> None:
    """Create the tables, or bring them up to date. Safe to run from several places at once."""
    if app_path is not None and (url is not None or schema is not None):
        raise click.UsageError("give either APP or --url, not both")
    if print_sql and app_path is None:
        click.echo(migration_sql(schema or "horsies"), nl=False)
        return
    settings = _settings(app_path, url, schema)
    if print_sql:
        click.echo(migration_sql(settings.schema), nl=False)
    elif check:
        _check(settings)
    else:
        applied = migrate(settings)
        for migration in applied:
            click.echo(f"applied {migration.number:04d} {migration.name}")
        if not applied:
            click.echo("nothing to do: the schema is up to date")


def _check(settings: StoreSettings) -> None:
    missing = pending(settings)
    for migration in missing:
        click.echo(f"to be applied: {migration.number:04d} {migration.name}")
    if missing:
        sys.exit(1)
    click.echo("the schema is up to date")


def _settings(app_path: str | None, url: str | None, schema: str | None) -> StoreSettings:
    if app_path is not None:
        return load_app(app_path).store_settings()
    database_url = url or os.environ.get(DATABASE_URL_VARIABLE)
    if not database_url:
        raise ConfigError(f"which database? Give APP (shop.app:app) or --url, or set {DATABASE_URL_VARIABLE}")
    broker = PostgresConfig(database_url=database_url, schema=schema or "horsies")
    return StoreSettings(conninfo=broker.conninfo, schema=broker.schema)
