"""Logical lines: where each begins, found by one regular expression over the text.

Why not ask the parser: libcst's nodes know no positions, and its providers that compute them cost twice the parse. One
statement header is one logical line, in the tree and here, so counting gives every statement its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRING = r"""
    \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"
  | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''
  | "[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"
  | '[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'
"""

_TOKEN = re.compile(
    rf"""
    (?P<lines>(?:\r\n|\r|\n)(?:[ \t\f]*(?:\#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t\f]*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<skipped>\#[^\r\n]*|\\(?:\r\n|\r|\n)|{_STRING})
    """,
    re.X | re.S,
)

_STEP = re.compile(
    rf"""
    (?:[^\r\n()\[\]{{}}"'\#\\]++|\#[^\r\n]*|\\(?:\r\n|\r|\n)|{_STRING})*+
    (?:
        (?:\r\n|\r|\n)(?:[ \t\f]*(?:\#[^\r\n]*)?(?:\r\n|\r|\n))*(?P<indent>[ \t\f]*)
      | (?P<open>[(\[{{])
      | (?P<close>[)\]}}])
      | \Z
      | .
    )
    """,
    re.X | re.S,
)
"""All up to the next line end or bracket, and that: half as many steps as there are tokens."""
_LINES, _OPEN, _CLOSE = _STEP.groupindex["indent"], _STEP.groupindex["open"], _STEP.groupindex["close"]

_LEADING = re.compile(r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t\f]*(?:\\(?:\r\n|\r|\n)[ \t\f]*)*")
_BREAK = re.compile(r"\r\n|\r|\n")

PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class LogicalLines:
    """Offsets of the first token of each logical line, and how far each is indented (characters)."""

    starts: tuple[int, ...]
    indents: tuple[int, ...]
    deepest: int = 0
    """How many brackets are open at once at most."""


@dataclass(frozen=True, slots=True)
class BracketProblem:
    """A bracket without its partner: ``at`` is its offset, ``opened`` that of the opening one it does not fit."""

    at: int
    opened: int | None = None


def logical_lines(text: str) -> LogicalLines:
    """The logical lines of a text that parses. Wrong only for f-strings that hold their own quotes (PEP 701)."""
    first = _LEADING.match(text)
    at = first.end() if first is not None else 0
    starts, indents = [at], [at - _line_start(text, at)]
    depth = deepest = 0
    for step in _STEP.finditer(text, at):
        kind = step.lastindex
        if kind == _LINES:
            if depth == 0:
                end = step.end()
                starts.append(end)
                indents.append(end - step.start(_LINES))
        elif kind == _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif kind == _CLOSE:
            depth -= 1
    while starts and (starts[-1] >= len(text) or text[starts[-1]] in "#\\"):
        starts.pop()
        indents.pop()
    return LogicalLines(tuple(starts), tuple(indents), deepest)


def bracket_problem(text: str) -> BracketProblem | None:
    """The first bracket that is never closed, or closes nothing, or closes another kind; None if all have partners.

    A line that begins a definition at the margin ends the search: what is open there was never closed.
    """
    opened: list[int] = []
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                opened.append(token.start())
            case "close":
                if not opened:
                    return BracketProblem(token.start())
                if text[opened[-1]] != PAIRS[token[0]]:
                    return BracketProblem(token.start(), opened[-1])
                opened.pop()
            case "lines" if opened and _DEFINITION.match(text, token.end()):
                return BracketProblem(opened[-1])
            case _:
                pass
    return BracketProblem(opened[-1]) if opened else None


_DEFINITION = re.compile(r"(?:def|class|async def|return|import|from [\w.]+ import|@\w+\.)\b")


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
