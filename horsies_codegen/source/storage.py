"""Where files are: one small interface, so that a folder on disk and a tree in git are walked by the same code.

A *location* is a storage's own name for a file or folder (an absolute path on disk, a path from the top in git). A
*spelling* is what the user sees: the path as it was given, plus the way below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from horsies_codegen.source.problem import Problem, ProblemKind


class Kind(Enum):
    """What a name in a folder stands for, links not followed."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    SUBMODULE = "submodule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a location could not be resolved, listed or read."""

    kind: ProblemKind
    reason: str

    def of(self, path: str) -> Problem:
        """The same as a problem of the path that the user sees."""
        return Problem(self.kind, path, self.reason)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a location is once links are followed, and its one real location."""

    kind: Kind
    location: str


class Storage(Protocol):
    """A place that holds files. No method raises for what a user's tree may hold; they return a `Refusal`."""

    def locate(self, path: str) -> str:
        """The location of a path as the user gave it; links are not followed."""
        ...

    def parent(self, location: str) -> str | None:
        """The folder above, or None at the top."""
        ...

    def name(self, location: str) -> str:
        """The last part of a location."""
        ...

    def join(self, location: str, name: str) -> str:
        """The location of a name in a folder."""
        ...

    def resolve(self, location: str) -> Resolved | Refusal:
        """What stands at a location, links followed."""
        ...

    def scan(self, location: str) -> Mapping[str, Kind] | Refusal:
        """The names in a folder, in any order."""
        ...

    def read(self, location: str) -> bytes | Refusal:
        """The bytes of a file."""
        ...

    def close(self) -> None:
        """Ends whatever helps with reading. A closed storage may be read again."""
        ...
