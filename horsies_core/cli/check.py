"""``horsies check``: import an app with its tasks, as a worker would, and report everything that is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from horsies_core.app import Horsies
from horsies_core.cli.load import app_argument, load_app
from horsies_core.cli.locked import LOCK_PLACES, committed_lock, lock_problems
from horsies_core.outcome.errors import HorsiesError, TaskDefinitionError
from horsies_core.task.discovery import import_entry, importing


@click.command()
@app_argument
@click.option(
    "--lock",
    "lock_path",
    type=click.Path(path_type=Path),
    help=f"The committed lock to compare with.  [default: {' or '.join(map(str, LOCK_PLACES))}, if there]",
)
def command(*, app_path: str, lock_path: Path | None) -> None:
    """Import an app with its tasks and report everything that is wrong.

    Each module is imported even if another one fails. Then the live contracts are compared with the committed lock.
    """
    try:
        app = load_app(app_path)
    except TaskDefinitionError as error:
        click.echo(f"error: {error}")
        sys.exit(1)
    problems = list(_import_problems(app))
    if not problems:
        problems.extend(_lock_problems(app, lock_path))
    for problem in problems:
        click.echo(f"error: {problem}")
    count = len(app.registry)
    if not count and not problems:
        click.echo("warning: the app has no tasks; name their modules with app.discover_tasks([...])")
    click.echo(
        f"{app_path}: {count} task{'' if count == 1 else 's'}, {len(problems)} problem{'' if len(problems) == 1 else 's'}"
    )
    sys.exit(1 if problems else 0)


def _import_problems(app: Horsies) -> Iterator[str]:
    for entry in app.discovered:
        try:
            with importing():
                import_entry(entry)
        except HorsiesError as error:
            yield str(error)
    for task in app.registry:
        try:
            _ = task.contract
        except HorsiesError as error:
            yield str(error)


def _lock_problems(app: Horsies, lock_path: Path | None) -> Iterator[str]:
    path = lock_path or committed_lock()
    if path is not None:
        yield from lock_problems(path, (task.contract for task in app.registry), is_whole=True)
