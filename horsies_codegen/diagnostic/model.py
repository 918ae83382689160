"""Diagnostics: what every stage of the compiler says about the user's source, as values.

A diagnostic names a rule, a place and a remedy; it knows nothing of terminals and files. Renderers stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from horsies_codegen.source.span import Place

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""Any JSON value."""


class Level(StrEnum):
    """How much a diagnostic matters: errors stop a build, warnings fail only if asked, notes never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Severity as a number: the higher, the worse."""
        return (Level.NOTE, Level.WARNING, Level.ERROR).index(self)


class Safety(StrEnum):
    """Whether a fix keeps the meaning of the program."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the text under a place; an empty span inserts."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair: what it does (imperative, no full stop), whether it is safe, and the edits, which do not overlap."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has part in the finding, and which part."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding.

    ``code`` is ``HC`` and three digits, ``name`` the rule's name. ``message`` is one sentence without a full stop,
    ``label`` the short text beside the caret. ``place`` is None only where no file has part in it. ``pointer`` is a
    JSON pointer into the contract (RFC 6901), ``witness`` a JSON value that shows the fault, such as a payload that
    would be refused.
    """

    code: str
    name: str
    level: Level
    message: str
    place: Place | None = None
    label: str | None = None
    related: tuple[Related, ...] = ()
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fix: Fix | None = None
    task: str | None = None
    pointer: str | None = None
    witness: JsonValue = field(default=None, hash=False)

    @property
    def path(self) -> str | None:
        """The path of the place, if there is one."""
        return None if self.place is None else self.place.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did: modules with tasks, and files written, left as they were, and deleted."""

    modules: int
    written: int
    unchanged: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one command found: diagnostics in order and each once, and how much was looked at.

    Build with `Report.of`. It holds no time and no tool version, so that the same source gives the same report.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    files: int = 0
    tasks: int = 0
    against: str | None = None
    """What was compared with, where something was: a ref, a lock file, a database."""
    complete: bool = True
    """False when the job could not be done; at least one diagnostic of level error then says why."""
    built: Built | None = None
    """What was written, where something was to be."""

    def __post_init__(self) -> None:
        if not self.complete and not self.count(Level.ERROR):
            raise ValueError("an incomplete report must hold the error that says why")

    @classmethod
    def of(
        cls,
        diagnostics: Iterable[Diagnostic],
        *,
        files: int = 0,
        tasks: int = 0,
        against: str | None = None,
        complete: bool = True,
    ) -> Report:
        """A report of diagnostics in any order, repeated or not. Raises `ValueError` if incomplete without an error."""
        return cls(in_order(diagnostics), files, tasks, against, complete)

    def count(self, level: Level) -> int:
        """How many diagnostics have this level."""
        return sum(diagnostic.level is level for diagnostic in self.diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, then code, then text, those without a place last; each once."""
    keyed = {_sort_key(diagnostic): diagnostic for diagnostic in diagnostics}
    return tuple(keyed[key] for key in sorted(keyed))


def _sort_key(diagnostic: Diagnostic) -> tuple[object, ...]:
    place = diagnostic.place
    where = (1,) if place is None else (0, place.path, place.span)
    return (
        *where,
        diagnostic.code,
        diagnostic.message,
        diagnostic.task or "",
        diagnostic.pointer or "",
        diagnostic.level.rank,
        diagnostic.label or "",
        diagnostic.help,
        diagnostic.notes,
        tuple((related.place, related.message) for related in diagnostic.related),
    )
