"""The committed lock beside the code: where it is looked for, and what the live contracts say otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from horsies_core.contract.difference import differences
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, read_lock
from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire import WireError
from horsies_core.outcome.errors import ConfigError

LOCK_PLACES = (Path(LOCK_FILE_NAME), Path("generated") / LOCK_FILE_NAME)
"""Where a lock is looked for if none is named."""


def committed_lock() -> Path | None:
    """The lock that lies where locks lie, if there is one."""
    return next((place for place in LOCK_PLACES if place.is_file()), None)


def lock_problems(path: Path, live: Iterable[TaskContract], *, is_whole: bool) -> list[str]:
    """What a lock and the live contracts disagree about, and at the end what to run. Raises `ConfigError` for no lock.

    ``is_whole``: whether the lock should hold no other tasks; a worker may serve one app of several.
    """
    contracts = tuple(live)
    lock = _read(path)
    if not is_whole:
        names = {contract.name for contract in contracts}
        lock = Lock(entries=tuple(entry for entry in lock.entries if entry.contract.name in names))
    found = list(differences(lock, contracts))
    return (
        [*found, f"{path} and the code differ: run horsies-codegen build, and commit what it writes"] if found else []
    )


def _read(path: Path) -> Lock:
    try:
        return read_lock(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the lock {path} cannot be read: {error.strerror}") from error
    except (WireError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no lock: {error}") from error
