"""Acknowledgements: breaks that are intended, by whom, why, and until when.

TOML, one table each::

    [[acknowledge]]
    fingerprint = "1f2e3d4c5b6a7988"
    reason = "nobody sends refunds yet"
    author = "ada@example.org"
    expires = 2026-12-31
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import Place, point
from horsies_codegen.source.text import SourceText

DEFAULT_FILE = "horsies-breaking.toml"
_KEYS = ("fingerprint", "reason", "author", "expires")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One intended break. It holds up to the day ``expires``, that day included."""

    fingerprint: str
    reason: str
    author: str
    expires: date
    place: Place

    @property
    def shown(self) -> str:
        """Who, why, until when."""
        return f"{self.author} until {self.expires.isoformat()}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """The entries of a file, seen on one day."""

    entries: tuple[Acknowledgement, ...] = ()
    today: date = date.max

    def of(self, fingerprint: str) -> Acknowledgement | None:
        """The entry for a change that still holds."""
        return next((entry for entry in self.entries if entry.fingerprint == fingerprint and self._holds(entry)), None)

    def findings(self, fingerprints: Iterable[str]) -> Iterator[Diagnostic]:
        """What is wrong with the entries, given the fingerprints of all breaks that were found."""
        found = frozenset(fingerprints)
        for entry in self.entries:
            if entry.fingerprint not in found:
                yield _unused(entry)
            elif not self._holds(entry):
                yield _expired(entry)

    def _holds(self, entry: Acknowledgement) -> bool:
        return self.today <= entry.expires


def read_acknowledgements(path: str, today: date) -> tuple[Acknowledgements, tuple[Diagnostic, ...]]:
    """The entries of a file, and everything that is wrong with it; with findings there are no entries."""
    try:
        source = Path(path).read_text(encoding="utf-8")
        data: dict[str, object] = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        return Acknowledgements(), (_invalid(f"{path} cannot be read: {error}", None),)
    except tomllib.TOMLDecodeError as error:
        return Acknowledgements(), (_invalid(f"{path} is no TOML: {error}", Place(path, point(1, 1))),)
    reading = _Reading(path, source)
    entries = tuple(reading.entries(data))
    if reading.problems:
        return Acknowledgements(), tuple(reading.problems)
    return Acknowledgements(entries, today), ()


class _Reading:
    """A file on its way to entries; ``problems`` fills up as it is read."""

    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._text = SourceText(source)
        self.problems: list[Diagnostic] = []

    def entries(self, data: dict[str, object]) -> Iterator[Acknowledgement]:
        for key in data:
            if key != "acknowledge":
                self._complain(f"unknown key {key!r}; the only one is [[acknowledge]]", key)
        tables = data.get("acknowledge", [])
        if not isinstance(tables, list):
            self._complain("acknowledge must be an array of tables: [[acknowledge]]", "acknowledge")
            return
        for table in cast("list[object]", tables):
            entry = self._entry(cast("dict[str, object]", table)) if isinstance(table, dict) else None
            if entry is not None:
                yield entry

    def _entry(self, table: dict[str, object]) -> Acknowledgement | None:
        texts = [table.get(key) for key in _KEYS[:3]]
        expires = table.get("expires")
        shown = str(table.get("fingerprint", "an entry"))
        unknown = [key for key in table if key not in _KEYS]
        if unknown:
            self._complain(f"{shown} has the unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}", shown)
        elif not all(isinstance(text, str) and text.strip() for text in texts):
            self._complain(f"{shown} needs a fingerprint, a reason and an author, each a text", shown)
        elif not isinstance(expires, date) or isinstance(expires, datetime):
            self._complain(f"{shown} needs a date when it expires: expires = 2026-12-31", shown)
        else:
            fingerprint, reason, author = cast("list[str]", texts)
            return Acknowledgement(fingerprint, reason, author, expires, self._place(fingerprint))
        return None

    def _complain(self, message: str, key: str) -> None:
        self.problems.append(_invalid(f"{self._path}: {message}", self._place(key)))

    def _place(self, word: str) -> Place:
        at = self._text.text.find(word)
        start = max(at, 0)
        return Place(self._path, self._text.span(start, start + (len(word) if at >= 0 else 0)))


def _invalid(message: str, place: Place | None) -> Diagnostic:
    return Diagnostic(
        code="HC922",
        name="invalid-acknowledgement",
        level=Level.ERROR,
        message=message,
        place=place,
        help=("an entry has fingerprint, reason, author and expires",),
    )


def _unused(entry: Acknowledgement) -> Diagnostic:
    return Diagnostic(
        code="HC921",
        name="unused-acknowledgement",
        level=Level.WARNING,
        message=f"the acknowledgement {entry.fingerprint} fits no breaking change",
        place=entry.place,
        help=("remove it",),
    )


def _expired(entry: Acknowledgement) -> Diagnostic:
    return Diagnostic(
        code="HC920",
        name="expired-acknowledgement",
        level=Level.ERROR,
        message=f"the acknowledgement {entry.fingerprint} expired on {entry.expires.isoformat()}",
        place=entry.place,
        help=("finish the change, or give it a new date with a reason",),
    )
