"""The folder of a cache."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from horsies_codegen.cache.thaw import ColdError, frozen, thawed

T = TypeVar("T")

FOLDER = ".horsies-cache"
MAX_IDLE_S = 14 * 24 * 3600
"""How long an entry is kept that no run asks for."""
_FRESH_S = 24 * 3600
"""An entry's time is set anew when it is used, but not more often than this."""

_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of horsies-codegen. It can be deleted at any time.
"""


def cache_folder(config_path: str | None) -> Path:
    """Where results are kept: beside the settings in use, else in the working folder."""
    return (Path(config_path).parent if config_path else Path()) / FOLDER


class Cache:
    """Values by key. Never raises for what is in the folder or for what the system refuses: then it holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder.absolute())
        self._is_prepared = False
        self._now_s = time.time()

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value under a key, if one of this type is there."""
        path = self._path(key)
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - by the thousand: a Path each costs as much again
                data = file.read()
                idle_s = self._now_s - os.fstat(file.fileno()).st_mtime
            value = thawed(data)
        except (OSError, ColdError):
            return None
        if idle_s > _FRESH_S:
            with suppress(OSError):
                os.utime(path)
        return value if isinstance(value, kind) else None

    def put(self, key: str, value: object) -> None:
        """Keep a value, if the folder can be written."""
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}.tmp"
        try:
            self._prepare()
            data = frozen(value)
            try:
                _write(temporary, data)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
                _write(temporary, data)
            os.replace(temporary, path)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108

    def prune(self) -> None:
        """Delete what no run asked for in a long time, at most once a day."""
        stamp = Path(self._folder, "pruned")
        try:
            if stamp.exists() and self._now_s - stamp.stat().st_mtime < _FRESH_S:
                return
            stamp.touch()
            for shelf in Path(self._folder).iterdir():
                if len(shelf.name) == _SHELF and shelf.is_dir() and not shelf.is_symlink():
                    self._prune_shelf(shelf)
        except OSError:  # read only, or another run deletes the same
            return

    def _prune_shelf(self, shelf: Path) -> None:
        for entry in shelf.iterdir():
            if self._now_s - entry.stat().st_mtime > MAX_IDLE_S:
                entry.unlink(missing_ok=True)

    def _path(self, key: str) -> str:
        return f"{self._folder}{os.sep}{key[:_SHELF]}{os.sep}{key[_SHELF:]}"

    def _prepare(self) -> None:
        """Make the folder, and keep it out of the way of git and of backups."""
        if self._is_prepared:
            return
        os.makedirs(self._folder, exist_ok=True)  # noqa: PTH103
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            file = Path(self._folder, name)
            if not file.exists():
                file.write_text(text, encoding="utf-8")
        self._is_prepared = True


_SHELF = 2


def _write(path: str, data: bytes) -> None:
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123
        file.write(data)
