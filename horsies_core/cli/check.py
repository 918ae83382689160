"""``horsies check``: import an app with its tasks, as a worker would, and report everything that is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from horsies_core.app import Horsies
from horsies_core.cli.load import app_argument, load_app
from horsies_core.contract.difference import differences
from horsies_core.contract.lock import LOCK_FILE_NAME, read_lock
from horsies_core.contract.wire import WireError
from horsies_core.outcome.errors import ConfigError, HorsiesError, TaskDefinitionError
from horsies_core.task.discovery import import_entry, importing

LOCK_PLACES = (Path(LOCK_FILE_NAME), Path("generated") / LOCK_FILE_NAME)


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
    path = lock_path or next((place for place in LOCK_PLACES if place.is_file()), None)
    if path is None:
        return
    try:
        lock = read_lock(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the lock {path} cannot be read: {error.strerror}") from error
    except (WireError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no lock: {error}") from error
    found = list(differences(lock, (task.contract for task in app.registry)))
    yield from found
    if found:
        yield f"{path} and the code differ: run horsies-codegen build, and commit what it writes"
