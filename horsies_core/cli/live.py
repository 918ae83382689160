"""``horsies live``: which contracts occur among live rows, for ``horsies-codegen breaking --against-live``."""

from __future__ import annotations

import click

from horsies_core.cli.database import database_options, settings_of
from horsies_core.contract.live import write_live
from horsies_core.store.live import read_live_rows
from horsies_core.store.session import Session

DEFAULT_TIMEOUT_S = 30.0


@click.command()
@database_options
@click.option(
    "--sample",
    type=click.IntRange(min=0),
    default=0,
    help="Print the payloads of so many rows of each contract too. They hold your data.",
)
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0.001),
    default=DEFAULT_TIMEOUT_S,
    show_default=True,
    help="Seconds after which a statement is given up.",
)
def command(*, app_path: str | None, url: str | None, schema: str | None, sample: int, timeout_s: float) -> None:
    """Print, as JSON, the contracts that waiting, delayed, retrying and running rows were encoded by, with their numbers.

    Nothing is written and no payload is printed unless --sample asks for some. horsies-codegen breaking --against-live
    reads it, from the database or from the file that this was written to.
    """
    session = Session(settings_of(app_path, url, schema), "live")
    try:
        snapshot = session.run(read_live_rows(timeout_s=timeout_s, sample=sample))
    finally:
        session.close()
    click.echo(write_live(snapshot), nl=False)
