"""Which data folder a program gets when it names none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

DATA_DIR_VARIABLE = "HORSIES_DATA_DIR"

_MARKERS = (".horsies", "pyproject.toml", ".git")


def default_data_dir() -> Path:
    """Return ``$HORSIES_DATA_DIR``, else ``.horsies/postgres`` in the project's folder.

    The producer and the worker of one project must meet at one server, and two projects must not. Both are told
    apart by the folder that they are run from, as with ``git`` and most tools for Python: the nearest one, from the
    current folder upwards, that holds ``.horsies``, ``pyproject.toml`` or ``.git``; without any, the current one. So
    ``python worker.py`` at the top and ``python tools/send.py`` or ``cd tools && python send.py`` share their
    queue, and deleting the project deletes it. The search stops at a folder of another owner and at one that
    everybody may write to: a marker left there (``/tmp/pyproject.toml``) says nothing about this program.
    """
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return _project_folder(Path.cwd()) / ".horsies" / "postgres"


def _project_folder(start: Path) -> Path:
    owner = start.stat().st_uid
    for folder in (start, *start.parents):
        found = folder.stat()
        if folder != start and (found.st_uid != owner or found.st_mode & stat.S_IWOTH):
            break
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder
    return start
