"""What can be wrong with a path, a folder or the bytes of a file, as values: one bad file never costs the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from horsies_codegen.source.span import Span


class ProblemKind(StrEnum):
    """Why a path could not be read as Python source."""

    MISSING = "missing"
    """A path that was asked for does not exist."""
    UNREADABLE = "unreadable"
    """The system refused to open or list it."""
    DANGLING_LINK = "dangling-link"
    """A symbolic link to nothing."""
    LINK_LOOP = "link-loop"
    """A symbolic link that leads back to itself."""
    NOT_A_FILE = "not-a-file"
    """A pipe, socket or device named like a module."""
    SUBMODULE = "submodule"
    """A git submodule: its files are not in the tree of the ref that is read."""
    UNDECODABLE = "undecodable"
    """The bytes are not text in the file's encoding."""
    UNKNOWN_ENCODING = "unknown-encoding"
    """The coding cookie names no text encoding, or contradicts the byte order mark."""
    NULL_BYTE = "null-byte"
    """A null byte: Python refuses such source."""
    DUPLICATE_MODULE = "duplicate-module"
    """Two files have the same dotted module name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one path.

    ``reason`` is the rest of a sentence that begins with the path; ``span`` says where in the file, if that is known.
    """

    kind: ProblemKind
    path: str
    reason: str
    span: Span | None = None
    related: tuple[str, ...] = ()
    """Other paths that have part in it, such as the rivals for a module name."""
