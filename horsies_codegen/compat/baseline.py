"""Baselines: the lock that a change is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Level
from horsies_codegen.source import SourceError
from horsies_codegen.source.git import discover_at
from horsies_codegen.source.git_file import file_at, versions_of
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, read_lock
from horsies_core.contract.wire import WireError

SHORT_COMMIT = 12


@dataclass(frozen=True, slots=True)
class Baseline:
    """A lock to compare with, and how it is called: ``origin/main (1f2e3d4c5b6a)``."""

    name: str
    lock: Lock
    from_sources: bool = False
    """Whether there was no lock at the ref, so that its sources were compiled."""


class BaselineError(Exception):
    """There is nothing to compare with. ``help`` says what to do, one step a line."""

    def __init__(self, message: str, *help_lines: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_lines


def from_file(path: str) -> Baseline:
    """The lock in a file. Raises `BaselineError`."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(
            f"the lock {path} cannot be read: {error}", "name a lock that horsies-codegen build wrote"
        ) from None
    return Baseline(path, _read(text, path))


def from_ref(ref: str, config: Config) -> Baseline:
    """The committed lock at a ref; if there is none, what the sources at that ref compile to. Raises `BaselineError`."""
    path = (Path(config.out) / LOCK_FILE_NAME).as_posix()
    try:
        found = file_at(ref, path)
        name = f"{ref} ({found.commit[:SHORT_COMMIT]})"
        if found.data is not None:
            return Baseline(name, _read(_text(found.data, path, name), f"{path} at {name}"))
        return Baseline(name, _compiled(ref, name, path, config), from_sources=True)
    except SourceError as error:
        raise BaselineError(error.message, *error.help) from None


def kept_at(ref: str, config: Config, since: datetime) -> list[Baseline]:
    """Every lock that stood at a ref since a moment, the newest first, and the one that stood there then.

    Raises `BaselineError`, also where the history of a shallow clone does not reach back so far.
    """
    path = (Path(config.out) / LOCK_FILE_NAME).as_posix()
    try:
        commits = versions_of(ref, path, since.timestamp())
        files = [(commit, file_at(commit, path)) for commit in commits]
    except SourceError as error:
        raise BaselineError(error.message, *error.help) from None
    return [_earlier(ref, commit, found.data, path) for commit, found in files if found.data is not None]


def _earlier(ref: str, commit: str, data: bytes, path: str) -> Baseline:
    name = f"{ref} ({commit[:SHORT_COMMIT]})"
    return Baseline(name, _read(_text(data, path, name), f"{path} at {name}"))


def _text(data: bytes, path: str, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BaselineError(f"{path} at {name} is no UTF-8: {error}") from None


def _read(text: str, what: str) -> Lock:
    try:
        return read_lock(text)
    except WireError as error:
        raise BaselineError(f"{what} is no lock that can be read: {error}", "build it again, or name another") from None


def _compiled(ref: str, name: str, lock_path: str, config: Config) -> Lock:
    """The lock of the sources at a ref, read from the object store."""
    from horsies_codegen.compat.compiled import analysed  # the compiler costs start-up time that a lock saves
    from horsies_codegen.pipeline import lock_entries

    with discover_at(ref, config.paths, exclude=config.exclude, roots=config.roots) as tree:
        analysis = analysed(tree, config)
    errors = [finding for finding in analysis.findings if finding.level is Level.ERROR]
    if analysis.has_errors:
        first = f": {errors[0].message}" if errors else ""
        raise BaselineError(
            f"there is no {lock_path} at {name}, and its sources do not compile{first}",
            f"commit a lock there (horsies-codegen build --out {config.out}), or compare with one: --against-lock FILE",
        )
    if not analysis.resolution.tasks:
        raise BaselineError(
            f"there is no {lock_path} at {name}, and no task in its sources: nothing to compare with",
            "compare from the first commit that has tasks on",
        )
    return Lock(entries=lock_entries(analysis.resolution))
