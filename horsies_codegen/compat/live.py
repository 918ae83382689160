"""Live rows as a baseline: what really waits in the queue of a running system.

The compiler speaks to no database: it runs with neither psycopg nor pydantic loaded, and knows of the runtime only the
contract. So the runtime's own command, ``horsies live``, looks and writes what it saw as JSON; here it is started as a process
of the same interpreter and read, or a file that it was written to before is. An entry point in this process would have loaded
psycopg into the compiler; a second client of the tables here would have been a second place that knows them.

The database's address goes to that process by its environment: arguments are seen by every user of the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from horsies_codegen.compat.baseline import BaselineError
from horsies_core.contract.live import LiveSnapshot, read_live
from horsies_core.contract.wire import WireError

_URL_VARIABLE = "HORSIES_DATABASE_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """Where to look: a database's URL, or a file that ``horsies live`` was written to.

    ``sample`` payloads of each contract are asked for too; a statement over ``timeout_s`` is given up.
    """

    target: str
    schema: str | None = None
    sample: int = 0
    timeout_s: float = 30.0


def look(source: LiveSource) -> LiveSnapshot:
    """The snapshot. Raises `BaselineError` if there is none to be had."""
    text = _file(source) if Path(source.target).is_file() else _asked(source)
    try:
        return read_live(text)
    except WireError as error:
        raise BaselineError(
            f"what was said of live rows cannot be read: {error}",
            "write it with the horsies live of this version, or give the database's URL",
        ) from None


def _file(source: LiveSource) -> str:
    try:
        return Path(source.target).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"the snapshot {source.target} cannot be read: {error}") from None


def _asked(source: LiveSource) -> str:
    if "://" not in source.target:
        raise BaselineError(
            f"{source.target!r} is no file, and no address of a database",
            "give postgresql://USER@HOST/DATABASE, or the file that horsies live was written to",
        )
    asked = subprocess.run(
        _command(source),
        env={**os.environ, _URL_VARIABLE: source.target},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if asked.returncode != 0:
        said = asked.stderr.strip().splitlines()
        first = said[0].removeprefix("error: ") if said else f"horsies live ended with {asked.returncode}"
        raise BaselineError(
            f"the live rows cannot be seen: {first}",
            "a role that may SELECT from the tables of horsies is enough; --live-schema names another schema",
        )
    return asked.stdout


def _command(source: LiveSource) -> list[str]:
    """``horsies live`` by this interpreter, with nothing of the current folder in front of the installed packages."""
    command = [sys.executable, "-P", "-m", "horsies_core.cli", "live", "--timeout", str(source.timeout_s)]
    if source.sample:
        command += ["--sample", str(source.sample)]
    return command if source.schema is None else [*command, "--schema", source.schema]
