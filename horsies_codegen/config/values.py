"""TOML values → settings: one reader a kind of value; each says what it wanted when it gets something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast, get_args

from horsies_codegen.config.model import ModelStyle
from horsies_codegen.diagnostic import Level

T = TypeVar("T")
Reader = Callable[[object], object]


class WrongValueError(ValueError):
    """A value that a setting cannot have. ``wanted`` says what it can have; ``keys`` leads to it inside the value."""

    def __init__(self, wanted: str, *keys: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the table: the field of `Config` that it sets, how it is read, and whether it holds paths."""

    field: str
    read: Reader
    holds_paths: bool = False


def text(value: object) -> str:
    """A string that is not empty."""
    if not isinstance(value, str) or not value:
        raise WrongValueError("a string")
    return value


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongValueError("true or false")
    return value


def model_style(value: object) -> str:
    """What a client's types are made of."""
    if value not in get_args(ModelStyle):
        raise WrongValueError(f"one of {', '.join(repr(style) for style in get_args(ModelStyle))}")
    return str(value)


def package_version(value: object) -> str:
    """A version as Python packages have them."""
    if not isinstance(value, str) or not re.fullmatch(_VERSION, value):
        raise WrongValueError('a version such as "1.4.0"')
    return value


_VERSION = r"[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[a-z0-9]+([.][a-z0-9]+)*)?"
"""The public form of a version (PEP 440), and a local part."""


def texts(value: object) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise WrongValueError("a list of strings")
    return tuple(cast("list[str]", value))


def version(value: object) -> tuple[int, int]:
    """A Python version such as ``"3.12"``."""
    found = re.fullmatch(r"3\.([0-9]{1,3})", value) if isinstance(value, str) else None
    if found is None:
        raise WrongValueError('a Python version in quotes, such as "3.12"')
    return 3, int(found[1])


def table_of_texts(value: object) -> Mapping[str, str]:
    """A table of strings."""
    return {key: _inside(text, item, key) for key, item in _table(value, "a table of strings").items()}


def table_of_lists(value: object) -> Mapping[str, tuple[str, ...]]:
    """A table of lists of strings."""
    return {key: _inside(texts, item, key) for key, item in _table(value, "a table of lists").items()}


def levels(value: object) -> Mapping[str, Level]:
    """A table of levels."""
    return {key: _inside(_level, item, key) for key, item in _table(value, "a table of levels").items()}


def _level(value: object) -> Level:
    names = [level.value for level in Level]
    if value not in names:
        raise WrongValueError(f"one of {', '.join(repr(name) for name in names)}")
    return Level(value)


def _table(value: object, wanted: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise WrongValueError(wanted)
    return cast("dict[str, object]", value)


def _inside(read: Callable[[object], T], value: object, key: str) -> T:
    try:
        return read(value)
    except WrongValueError as error:
        raise WrongValueError(error.wanted, key, *error.keys) from None


SETTINGS: Mapping[str, Setting] = {
    "name": Setting("name", text),
    "paths": Setting("paths", texts, holds_paths=True),
    "exclude": Setting("exclude", texts),
    "roots": Setting("roots", texts, holds_paths=True),
    "out": Setting("out", text, holds_paths=True),
    "package": Setting("package", text),
    "package-metadata": Setting("package_metadata", flag),
    "package-version": Setting("package_version", package_version),
    "models": Setting("models", model_style),
    "templates": Setting("templates", text, holds_paths=True),
    "python": Setting("python", version),
    "types": Setting("types", table_of_texts),
    "select": Setting("select", texts),
    "ignore": Setting("ignore", texts),
    "per-file-ignores": Setting("per_file_ignores", table_of_lists),
    "baseline": Setting("baseline", text, holds_paths=True),
    "severity": Setting("severity", levels),
}
"""Every key that the table may have."""
