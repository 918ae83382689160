"""One source file: where it stands, what it is called, its bytes, and its text when somebody asks for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from horsies_codegen.source.decode import Decoded, coding_cookie, decode, is_utf8
from horsies_codegen.source.problem import Problem
from horsies_codegen.source.span import Place, Position, Span
from horsies_codegen.source.text import SourceText


@dataclass(frozen=True)
class SourceFile:
    """A Python file as it was read. Small to pickle: decoded text and tables stay behind and are built again.

    ``path`` is posix, as the user gave the folder plus the way below it; ``root`` is the import root, spelled the same
    way; ``module`` is the dotted name below the root, and for an ``__init__.py`` (``is_package``) the package's name.
    """

    path: str
    module: str
    is_package: bool
    root: str
    data: bytes = field(repr=False)
    unread: Problem | None = None
    """Why the bytes could not be read (then ``data`` is empty)."""

    @property
    def problem(self) -> Problem | None:
        """Why this file cannot be parsed (unread, undecodable, null bytes), or None. Ask before using ``text``."""
        return self.unread or self._decoded.problem

    @property
    def text(self) -> str:
        """The text without a byte order mark, line breaks as they stand in the file.

        When there is a ``problem`` this is what could be saved, good for showing and not for parsing.
        """
        return self._decoded.text

    @property
    def encoding(self) -> str:
        """The encoding that the text was read in, in which it must be written back."""
        return self._decoded.encoding

    @cached_property
    def source(self) -> SourceText:
        """The text with its line table."""
        return SourceText(self.text)

    @cached_property
    def digest(self) -> str:
        """A hash of the bytes: 32 hexadecimal digits, the same on every machine."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()

    def mentions(self, needle: bytes) -> bool:
        """Whether the source holds some ASCII text: a filter on bytes before any decoding, never wrong in the negative.

        A file that could not be read, or that is UTF-16, counts as mentioning everything, so that somebody looks at its
        ``problem``.
        """
        return needle in self.data or self._may_hide(needle)

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line break; empty when there is no such line."""
        return self.source.line(number)

    def position(self, offset: int) -> Position:
        """The position of an offset in ``text``, in code points."""
        return self.source.position(offset)

    def place(self, span: Span) -> Place:
        """A span of this file as a place."""
        return Place(self.path, span)

    @cached_property
    def _decoded(self) -> Decoded:
        return decode(self.data, self.path)

    def _may_hide(self, needle: bytes) -> bool:
        if self.unread is not None or self.data[:2] in _FOREIGN_STARTS:
            return True
        return may_hide(self.data) and needle.decode("ascii") in self.text

    def __getstate__(self) -> tuple[object, ...]:
        return (self.path, self.module, self.is_package, self.root, self.data, self.unread)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        names = ("path", "module", "is_package", "root", "data", "unread")
        self.__dict__.update(zip(names, state, strict=True))


def speaks(data: bytes) -> bool:
    """Whether bytes may speak of tasks or to the linter: what is necessary for both, and cheap enough to ask of every byte."""
    return b"task" in data or b"horsies:" in data


SENDING = (b".send", b".payload(")
"""What the bytes of a file hold that may send tasks, one or the other: ``x.send(...)`` of whatever kind, a payload made for it."""


def may_send(data: bytes) -> bool:
    """Whether something may be sent in a file."""
    return SENDING[0] in data or SENDING[1] in data


def may_hide(data: bytes) -> bool:
    """Whether bytes may stand for ASCII text that is not among them: UTF-16, or a declared encoding other than UTF-8."""
    if data[:2] in _FOREIGN_STARTS:
        return True
    second_line_end = data.find(b"\n", data.find(b"\n") + 1)
    if data.find(b"coding", 0, second_line_end if second_line_end >= 0 else len(data)) < 0:
        return False
    cookie = coding_cookie(data)
    return cookie is not None and not is_utf8(cookie)


_FOREIGN_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\0\0")
"""How UTF-16 and UTF-32 begin."""
