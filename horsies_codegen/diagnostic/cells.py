"""Text in terminal cells: how wide each character is drawn, and what is drawn for one that must not reach a terminal.

Widths follow Unicode's East Asian Width (UAX 11) and what terminals do with emoji: a sequence joined by U+200D takes the
two cells of one picture, a skin tone none, and U+FE0F makes a picture of the symbol before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

TAB_CELLS = 4

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: terminal escapes, line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of text (Trojan Source)
    "\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb"  # invisible, or breaking lines
    "\ud800-\udfff]"  # halves of surrogate pairs: bytes of paths that are no text
)


def harmless(text: str) -> str:
    """Text on one line, in which whatever could steer a terminal or hide from the eye is written as an escape."""
    return _UNSAFE.sub(_escape, text)


def harmless_lines(text: str) -> list[str]:
    """The same for text that may have several lines; tabs become spaces."""
    return [harmless(line.expandtabs(TAB_CELLS)) for line in text.split("\n")]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn for one code point, and how many cells it takes."""

    shown: str
    width: int


_PLAIN = {character: Cell(character, 1) for character in map(chr, range(0x20, 0x7F))}


def cells_of(line: str) -> list[Cell]:
    """The cells of a line, one for each code point of it, in order."""
    if line.isascii() and line.isprintable():
        return [_PLAIN[character] for character in line]
    return list(_cells(line))


def width_of(text: str) -> int:
    """How many cells a text takes."""
    return sum(cell.width for cell in cells_of(text))


def _cells(line: str) -> Iterator[Cell]:
    at, before, before_width = 0, "", 0
    for character in line:
        cell = _cell(character, before, before_width, at)
        yield cell
        at += cell.width
        before, before_width = character, 0 if character == "\t" else cell.width or before_width


def _cell(character: str, before: str, before_width: int, at: int) -> Cell:
    if character == "\t":
        return Cell(" " * (TAB_CELLS - at % TAB_CELLS), TAB_CELLS - at % TAB_CELLS)
    if _UNSAFE.match(character):
        escaped = harmless(character)
        return Cell(escaped, len(escaped))
    if before == _JOINER and before_width == 2 and unicodedata.category(character) == "So":
        return Cell(character, 0)
    if character == _PICTURE and before_width == 1 and unicodedata.category(before) == "So":
        return Cell(character, 1)
    if "\U0001f3fb" <= character <= "\U0001f3ff" and before_width == 2:
        return Cell(character, 0)
    return Cell(character, _width(character))


_JOINER = "\u200d"
_PICTURE = "\ufe0f"


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escape(match: re.Match[str]) -> str:
    code_point = ord(match[0])
    return f"\\x{code_point:02x}" if code_point < 0x100 else f"\\u{code_point:04x}"
