"""``horsies worker``: run tasks."""

from __future__ import annotations

import logging
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import cast

import click

from horsies_core.app import Horsies
from horsies_core.cli.load import app_argument, load_app
from horsies_core.cli.locked import committed_lock, lock_problems
from horsies_core.config import WORKER_URL_VARIABLE, PostgresConfig, WorkerConfig
from horsies_core.outcome.errors import ConfigError
from horsies_core.worker.log import LogFormat, set_up
from horsies_core.worker.run import run_worker

_log = logging.getLogger("horsies.worker")


@click.command()
@app_argument
@click.option("-p", "--processes", type=int, help="How many tasks may run at one time.  [default: the processors]")
@click.option(
    "--url", envvar=WORKER_URL_VARIABLE, help=f"The database, instead of the app's (or set {WORKER_URL_VARIABLE})."
)
@click.option("--schema", help="The schema of horsies' tables, with --url.  [default: the app's]")
@click.option("-q", "--queues", help="Serve only these queues, separated by commas.  [default: all]")
@click.option(
    "--drain-timeout", "drain_timeout_s", type=float, help="Seconds that running tasks may go on after SIGTERM."
)
@click.option("--lease", "lease_s", type=float, help="Seconds after which a silent worker is taken for dead.")
@click.option("--max-tasks-per-child", type=int, help="Replace a child after so many tasks.")
@click.option("--max-child-memory", "max_child_memory_mb", type=int, help="Replace a child that grew over so many MB.")
@click.option(
    "--lock",
    "lock_path",
    type=click.Path(path_type=Path),
    help="Start only if the contracts are those of this lock.  [default: warn if a lock lies here and differs]",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
)
def command(
    *,
    app_path: str,
    url: str | None,
    schema: str | None,
    queues: str | None,
    lock_path: Path | None,
    log_format: str,
    log_level: str,
    **overrides: float | None,
) -> None:
    """Run tasks of APP until SIGTERM or Ctrl-C; then let running ones end. A second signal puts them back at once.

    What is not given here is taken from the app's WorkerConfig. Beside the common exit codes: 3, the database refused
    the worker; 70, the process that children are forked from died.
    """
    set_up(cast("LogFormat", log_format), log_level)
    signal.signal(signal.SIGTERM, _leave_unready)
    app = load_app(app_path)
    if url is not None:
        app.use_broker(elsewhere(app.broker, url, schema))
    elif schema is not None:
        raise click.UsageError("--schema goes with --url; the app's own broker names its schema itself")
    config = overridden(app.config.worker, overrides)
    names = None if queues is None else [name.strip() for name in queues.split(",") if name.strip()]
    if names == []:
        raise click.UsageError("--queues names no queue")
    if not is_as_locked(app, lock_path):
        sys.exit(1)
    sys.exit(run_worker(app, config, names))


def _leave_unready(_number: int, _frame: FrameType | None) -> None:
    """Until the supervisor hears signals itself. The first process of a container is not ended by one that nobody handles."""
    try:
        _log.info("stopped before it was ready")
    finally:
        os._exit(0)  # no SystemExit, which the module that is just being imported, or its importer, may catch


def elsewhere(broker: PostgresConfig | None, url: str, schema: str | None) -> PostgresConfig:
    """What the app says of its database, for another URL. ``listen_url`` led past the pooler of the former one."""
    if broker is None:
        return PostgresConfig(database_url=url, schema=schema or "horsies")
    return replace(broker, database_url=url, listen_url=None, schema=schema or broker.schema)


def is_as_locked(app: Horsies, lock_path: Path | None) -> bool:
    """Whether the worker may start: it warns of a lock that lies here and differs, and obeys one that was named."""
    path = lock_path or committed_lock()
    if path is None:
        return True
    app.import_discovered()
    live = (task.contract for task in app.registry)
    if lock_path is not None:
        problems = lock_problems(path, live, is_whole=False)
        for problem in problems:
            _log.error("%s", problem)
        return not problems
    try:
        for problem in lock_problems(path, live, is_whole=False):
            _log.warning("%s", problem)
    except ConfigError as error:
        _log.warning("%s", error)
    return True


def overridden(config: WorkerConfig, overrides: dict[str, float | None]) -> WorkerConfig:
    """The settings with those replaced that were given. Raises `UsageError`, naming the option, for one out of range."""
    for name, value in overrides.items():
        if value is None:
            continue
        try:
            config = replace(config, **{name: value})  # type: ignore[arg-type]  # the options have the fields' types
        except ConfigError as error:
            option = next(parameter.opts[-1] for parameter in command.params if parameter.name == name)
            raise click.UsageError(str(error).replace(f"WorkerConfig.{name}", option)) from error
    return config
