"""Finding and reading ``pyproject.toml``."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from horsies_codegen.config.choose import lies_in
from horsies_codegen.config.model import Config
from horsies_codegen.config.place import key_span
from horsies_codegen.config.values import SETTINGS, WrongValueError
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import Place

FILE_NAME = "pyproject.toml"
TABLE = ("tool", "horsies", "codegen")
PROJECT = "project"


def find_projects(folder: Path) -> tuple[tuple[Config, ...], tuple[Diagnostic, ...]]:
    """The projects of the nearest ``pyproject.toml`` with our table, from a folder upwards; one of defaults without one.

    A file that is no TOML is passed over unless it mentions our table: it is not ours to complain about.
    """
    for parent in (folder, *folder.absolute().parents):
        path = parent / FILE_NAME
        if path.is_file() and b"horsies" in path.read_bytes():
            projects, problems = read_projects(path, folder)
            if projects[0].path is not None or problems:
                return projects, problems
    return (Config(),), ()


def read_projects(path: Path, cwd: Path) -> tuple[tuple[Config, ...], tuple[Diagnostic, ...]]:
    """The projects in one file, and everything that is wrong with them; one of defaults if the file lacks the table.

    Without ``[[tool.horsies.codegen.project]]`` the table is the one project; with it, each block is one, and the table
    holds what the blocks do not say.
    """
    shown = _shown(path, cwd)
    try:
        source = path.read_text(encoding="utf-8")
        data: dict[str, object] = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        return (Config(),), (_problem(f"{shown} cannot be read: {error}", None),)
    except tomllib.TOMLDecodeError as error:
        return (Config(),), (_problem(f"this file is no TOML: {error}", Place(shown, key_span("", ()))),)
    table = _table(data)
    if table is None:
        return (Config(),), ()
    reading = _Reading(source, shown, _prefix(path, cwd))
    projects = tuple(reading.projects(table))
    return projects, (*reading.problems, *_collisions(projects))


def key_place(config: Config, keys: tuple[str, ...]) -> Place | None:
    """Where a setting stands in the file that a config was read from; None without a file."""
    if config.path is None:
        return None
    return Place(config.path, key_span(Path(config.path).read_text(encoding="utf-8"), (*TABLE, *keys)))


class _Reading:
    """One table on its way to settings; ``problems`` fills up as it is read."""

    def __init__(self, source: str, shown: str, prefix: str) -> None:
        self._source = source
        self._shown = shown
        self._prefix = prefix
        self.problems: list[Diagnostic] = []

    def projects(self, table: Mapping[str, object]) -> Iterator[Config]:
        common = self._config(self._defaults(), {key: table[key] for key in table if key != PROJECT}, ())
        blocks = table.get(PROJECT)
        if blocks is None:
            yield common
        elif not isinstance(blocks, list) or not blocks:
            self.problems.append(
                _problem("project must be tables: [[tool.horsies.codegen.project]]", self._place((PROJECT,)))
            )
            yield common
        else:
            for number, block in enumerate(cast("list[object]", blocks)):
                yield self._block(common, block, (PROJECT, str(number)))

    def _defaults(self) -> Config:
        """The defaults, with their paths counted from the file as any others."""
        plain = Config()
        paths = tuple(
            _joined(self._prefix, path) if path != "." else self._prefix.rstrip("/") or "." for path in plain.paths
        )
        return replace(plain, path=self._shown, paths=paths, out=_joined(self._prefix, plain.out))

    def _block(self, common: Config, block: object, above: tuple[str, ...]) -> Config:
        if not isinstance(block, dict):
            self.problems.append(
                _problem("project must be tables: [[tool.horsies.codegen.project]]", self._place(above))
            )
            return common
        made = self._config(replace(common, key=above), cast("dict[str, object]", block), above)
        return made if made.name is not None else replace(made, name=made.package)

    def _config(self, base: Config, table: Mapping[str, object], above: tuple[str, ...]) -> Config:
        return replace(base, **cast("dict[str, Any]", dict(self._values(table, above))))

    def _values(self, table: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[str, object]]:
        for key, value in table.items():
            setting = SETTINGS.get(key)
            if setting is None:
                self._unknown((*above, key))
                continue
            try:
                read = setting.read(value)
            except WrongValueError as error:
                self._wrong((*above, key, *error.keys), error.wanted)
                continue
            yield setting.field, _from_cwd(read, self._prefix) if setting.holds_paths else read

    def _unknown(self, keys: tuple[str, ...]) -> None:
        *above, key = keys
        near = difflib.get_close_matches(key, [*SETTINGS, PROJECT], n=1, cutoff=0.5)
        help_text = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(SETTINGS)}"
        table = "[[tool.horsies.codegen.project]]" if above else "[tool.horsies.codegen]"
        self.problems.append(_problem(f"{table} has no key {key!r}", self._place(keys), help_text))

    def _wrong(self, keys: tuple[str, ...], wanted: str) -> None:
        shown = keys[2:] if keys[0] == PROJECT else keys
        self.problems.append(_problem(f"{'.'.join(shown)} must be {wanted}", self._place(keys)))

    def _place(self, keys: tuple[str, ...]) -> Place:
        return Place(self._shown, key_span(self._source, (*TABLE, *keys)))


def _table(data: object) -> Mapping[str, object] | None:
    found = data
    for key in TABLE:
        if not isinstance(found, dict):
            return None
        found = cast("dict[str, object]", found).get(key)
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def _collisions(projects: tuple[Config, ...]) -> Iterator[Diagnostic]:
    """Two projects of one name, or with one out folder in the other: each build would undo the other's."""
    for second, first in ((second, first) for index, second in enumerate(projects) for first in projects[:index]):
        if second.name == first.name:
            yield _problem(
                f"two projects are called {second.name!r}",
                key_place(second, (*second.key, "name")),
                "give each block a name of its own",
            )
        if lies_in(first.out, second.out) or lies_in(second.out, first.out):
            yield _problem(
                f"the projects {first.name!r} and {second.name!r} both write to {second.out!r}",
                key_place(second, (*second.key, "out")),
                'give each block an out folder of its own: out = "generated/shop"',
            )


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
