"""Patterns for paths that are to be left out, in the manner of ``.gitignore``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_TOKEN = re.compile(
    r"(?P<deep>\*\*/)|(?P<rest>/\*\*$)|(?P<star>\*+)|(?P<one>\?)|(?P<set>\[!?\]?[^\]/]*\])|(?P<other>.)", re.S
)


def path_filter(patterns: Sequence[str]) -> Callable[[str], bool]:
    """A test for posix paths of files and folders: whether any pattern matches.

    A pattern without a slash matches a name at any depth (``test_*.py``, ``migrations``); one with a slash matches the whole
    path as it is shown (``src/legacy/*.py``); ``**`` stands for any folders. A matched folder is left out with all below it.
    """
    if not patterns:
        return _nothing
    matches = re.compile("|".join(f"(?:{_translated(pattern)})" for pattern in patterns)).fullmatch
    return lambda path: matches(path) is not None


def _nothing(_path: str) -> bool:
    return False


def _translated(pattern: str) -> str:
    pattern = pattern.removeprefix("./").rstrip("/")
    anchored = "/" in pattern
    body = "".join(_regex(token) for token in _TOKEN.finditer(pattern.removeprefix("/")))
    return body if anchored else f"(?:.*/)?{body}"


def _regex(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "deep":
            return "(?:.*/)?"
        case "rest":
            return "/.*"
        case "star":
            return "[^/]*"
        case "one":
            return "[^/]"
        case "set":
            return _character_set(token[0])
        case _:
            return re.escape(token[0])


def _character_set(text: str) -> str:
    negated, members = text[1] == "!", text[1:-1].removeprefix("!")
    escaped = re.sub(r"[^\w-]", r"\\\g<0>", members).replace("--", r"\-\-")
    try:
        re.compile(f"[{escaped}]")
    except re.error:
        return re.escape(text)
    return f"(?!/)[{'^' if negated else ''}{escaped}]"
