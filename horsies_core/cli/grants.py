"""``horsies grants``: print what a least-privilege role needs."""

from __future__ import annotations

import click

from horsies_core.config import checked_schema
from horsies_core.store.grants import RoleKind, grants_sql


@click.command()
@click.argument("kind", type=click.Choice([kind.value for kind in RoleKind]))
@click.argument("role")
@click.option("--schema", default="horsies", show_default=True, help="The schema of horsies' tables.")
def command(*, kind: str, role: str, schema: str) -> None:
    """Print the GRANT statements for ROLE, to be run by the owner of the tables. Nothing is changed.

    A producer sends tasks and reads results, a canceller may cancel them too, a worker runs them, an observer sees counts.
    """
    click.echo(grants_sql(RoleKind(kind), role, checked_schema("--schema", schema)), nl=False)
