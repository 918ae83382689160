"""Finding and reading ``pyproject.toml``."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from horsies_codegen.config.model import Config
from horsies_codegen.config.place import key_span
from horsies_codegen.config.values import SETTINGS, WrongValueError
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import Place

FILE_NAME = "pyproject.toml"
TABLE = ("tool", "horsies", "codegen")


def find_config(folder: Path) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The settings of the nearest ``pyproject.toml`` with our table, from a folder upwards; the defaults without one.

    A file that is no TOML is passed over unless it mentions our table: it is not ours to complain about.
    """
    for parent in (folder, *folder.absolute().parents):
        path = parent / FILE_NAME
        if path.is_file() and b"horsies" in path.read_bytes():
            config, problems = read_config(path, folder)
            if config.path is not None or problems:
                return config, problems
    return Config(), ()


def read_config(path: Path, cwd: Path) -> tuple[Config, tuple[Diagnostic, ...]]:
    """The settings in one file, and everything that is wrong with them; the defaults if the file lacks the table."""
    shown = _shown(path, cwd)
    try:
        source = path.read_text(encoding="utf-8")
        data: dict[str, object] = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        return Config(), (_problem(f"{shown} cannot be read: {error}", None),)
    except tomllib.TOMLDecodeError as error:
        return Config(), (_problem(f"this file is no TOML: {error}", Place(shown, key_span("", ()))),)
    table = _table(data)
    if table is None:
        return Config(), ()
    reading = _Reading(source, shown)
    values = dict(reading.values(table, prefix=_prefix(path, cwd)))
    return replace(Config(path=shown), **cast("dict[str, Any]", values)), tuple(reading.problems)


def key_place(config: Config, keys: tuple[str, ...]) -> Place | None:
    """Where a setting stands in the file that a config was read from; None without a file."""
    if config.path is None:
        return None
    return Place(config.path, key_span(Path(config.path).read_text(encoding="utf-8"), (*TABLE, *keys)))


class _Reading:
    """One table on its way to settings; ``problems`` fills up as it is read."""

    def __init__(self, source: str, shown: str) -> None:
        self._source = source
        self._shown = shown
        self.problems: list[Diagnostic] = []

    def values(self, table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
        for key, value in table.items():
            setting = SETTINGS.get(key)
            if setting is None:
                self._unknown(key)
                continue
            try:
                read = setting.read(value)
            except WrongValueError as error:
                self._wrong((key, *error.keys), error.wanted)
                continue
            yield setting.field, _from_cwd(read, prefix) if setting.holds_paths else read

    def _unknown(self, key: str) -> None:
        near = difflib.get_close_matches(key, SETTINGS, n=1, cutoff=0.5)
        help_text = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(SETTINGS)}"
        self.problems.append(_problem(f"[tool.horsies.codegen] has no key {key!r}", self._place((key,)), help_text))

    def _wrong(self, keys: tuple[str, ...], wanted: str) -> None:
        self.problems.append(_problem(f"{'.'.join(keys)} must be {wanted}", self._place(keys)))

    def _place(self, keys: tuple[str, ...]) -> Place:
        return Place(self._shown, key_span(self._source, (*TABLE, *keys)))


def _table(data: object) -> Mapping[str, object] | None:
    found = data
    for key in TABLE:
        if not isinstance(found, dict):
            return None
        found = cast("dict[str, object]", found).get(key)
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def _problem(message: str, place: Place | None, *helps: str) -> Diagnostic:
    return Diagnostic(
        code="HC907", name="invalid-config", level=Level.ERROR, message=message, place=place, help=tuple(helps)
    )


def _shown(path: Path, cwd: Path) -> str:
    return Path(os.path.relpath(path, cwd)).as_posix()


def _prefix(path: Path, cwd: Path) -> str:
    prefix = Path(os.path.relpath(path.parent, cwd)).as_posix()
    return "" if prefix == "." else prefix + "/"


def _from_cwd(value: object, prefix: str) -> object:
    if isinstance(value, tuple):
        return tuple(_joined(prefix, path) for path in cast("tuple[str, ...]", value))
    return _joined(prefix, cast("str", value))


def _joined(prefix: str, path: str) -> str:
    return path if path.startswith("/") or not prefix else prefix + path
