"""Regular expressions, as far as three engines agree on them.

Payloads are matched by the engine of the JSON Schema validator and by pydantic's; this package has Python's. They agree on
a small subset of the syntax and on ASCII texts without control characters. `matches` answers within that and says *not
known* outside; `samples` writes texts that match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from horsies_core.contract.compare.answer import Answer

_ORDINARY = re.compile(r"[ -~]*")
_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_SPECIAL = frozenset(r"\^$.|?*+()[]{}")
_MAX_REPEAT = 300
"""Longer repetitions are not sampled."""


def matches(pattern: str, text: str) -> Answer:
    """Whether the pattern is found in the text; None where the engines may disagree."""
    if _parsed(pattern) is None or _ORDINARY.fullmatch(text) is None:
        return None
    return re.search(pattern, text) is not None


def samples(pattern: str) -> tuple[str, ...]:
    """A few texts that match, the shortest first; none for a pattern outside the common subset."""
    parsed = _parsed(pattern)
    if parsed is None:
        return ()
    texts = dict.fromkeys((*_written(parsed, more=False), *_written(parsed, more=True)))
    return tuple(text for text in sorted(texts, key=lambda text: (len(text), text)) if re.search(pattern, text))


@dataclass(frozen=True, slots=True)
class _Repeat:
    """Something repeated: the text of one character, or alternatives; an empty character is an anchor."""

    what: str | _Choice
    least: int
    most: int | None


_Choice: TypeAlias = "tuple[tuple[_Repeat, ...], ...]"


@lru_cache(maxsize=256)
def _parsed(pattern: str) -> _Choice | None:
    try:
        re.compile(pattern)
        parser = _Parser(pattern)
        choice = parser.choice()
    except (_OutsideSubsetError, re.error, OverflowError, RecursionError):
        return None
    return choice if parser.at == len(pattern) else None


class _OutsideSubsetError(Exception):
    pass


class _Parser:
    """Recursive descent over the subset."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0

    def choice(self) -> _Choice:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return tuple(branches)

    def _sequence(self) -> tuple[_Repeat, ...]:
        parts: list[_Repeat] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            what = self._atom()
            least, most = self._quantifier()
            if what == "" and (least, most) != (1, 1):
                raise _OutsideSubsetError
            parts.append(_Repeat(what, least, most))
        return tuple(parts)

    def _atom(self) -> str | _Choice:
        character = self._next()
        if character in "^$":
            return ""
        if character == ".":
            return "a"
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == "(":
            return self._group()
        if character in _SPECIAL or not " " <= character <= "~":
            raise _OutsideSubsetError
        return character

    def _group(self) -> _Choice:
        if self._take("?") and not self._take(":"):
            raise _OutsideSubsetError
        inner = self.choice()
        if not self._take(")"):
            raise _OutsideSubsetError
        return inner

    def _escape(self) -> str:
        character = self._next()
        if character in _CLASSES:
            return _CLASSES[character]
        if character.isalnum() or not " " < character <= "~":
            raise _OutsideSubsetError
        return character

    def _class(self) -> str:
        """One character of a class."""
        start = self.at
        end = self.text.find("]", start + 1)
        body = self.text[start:end]
        if end < 0 or not body or any(mark in body for mark in ("[", "&", "~", "--", "]")):
            raise _OutsideSubsetError
        if re.search(r"\\(?![dws\-./^$*+?(){}|\\])", body) or _ORDINARY.fullmatch(body) is None or body.endswith("\\"):
            raise _OutsideSubsetError
        self.at = end + 1
        members = re.compile(f"[{body}]")
        for character in _PREFERRED:
            if members.fullmatch(character):
                return character
        raise _OutsideSubsetError

    def _quantifier(self) -> tuple[int, int | None]:
        bounds = self._bounds()
        if bounds is None:
            return 1, 1
        if not self._take("?") and self.at < len(self.text) and self.text[self.at] == "+":
            raise _OutsideSubsetError  # possessive here, a repetition of a repetition elsewhere
        return bounds

    def _bounds(self) -> tuple[int, int | None] | None:
        for mark, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(mark):
                return bounds
        counted = re.compile(r"\{(\d{1,4})(,(\d{1,4})?)?\}").match(self.text, self.at)
        if counted is None:
            return None
        self.at = counted.end()
        least = int(counted[1])
        if counted[2] is None:
            return least, least
        return least, None if counted[3] is None else int(counted[3])

    def _next(self) -> str:
        if self.at == len(self.text):
            raise _OutsideSubsetError
        self.at += 1
        return self.text[self.at - 1]

    def _take(self, mark: str) -> bool:
        if self.text.startswith(mark, self.at):
            self.at += 1
            return True
        return False


_PREFERRED = "aA0-_ " + "".join(map(chr, range(0x21, 0x7F)))


def _written(choice: _Choice, *, more: bool) -> Iterator[str]:
    """One text for each alternative at the top, repetitions at their least or a little more."""
    for branch in choice:
        text = "".join(_repeated(part, more=more) for part in branch)
        if len(text) <= _MAX_REPEAT:
            yield text


def _repeated(part: _Repeat, *, more: bool) -> str:
    count = part.least
    if more and (part.most is None or part.most > count):
        count += 1
    if isinstance(part.what, str):
        return part.what * min(count, _MAX_REPEAT + 1)
    inner = next(_written(part.what, more=more), "")
    return inner * min(count, _MAX_REPEAT + 1)
