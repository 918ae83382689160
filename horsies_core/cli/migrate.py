"""``horsies migrate``: create the tables, or bring them up to date."""

from __future__ import annotations

import sys

import click

from horsies_core.cli.database import database_options, settings_of
from horsies_core.config import checked_schema
from horsies_core.store.migrate import migrate, migration_sql, pending
from horsies_core.store.settings import StoreSettings


@click.command()
@database_options
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if something is to be applied.")
@click.option("--sql", "print_sql", is_flag=True, help="Change nothing; print all migrations as one script.")
def command(*, app_path: str | None, url: str | None, schema: str | None, check: bool, print_sql: bool) -> None:
    """Create the tables, or bring them up to date. Safe to run from several places at once."""
    if print_sql and app_path is None:
        click.echo(migration_sql(checked_schema("--schema", schema or "horsies")), nl=False)
        return
    settings = settings_of(app_path, url, schema)
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
