"""The alias generators that pydantic ships, as functions of a field's name. Agreement with pydantic is tested."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINT = re.compile(r"(?<=[0-9A-Za-z])_(?=[0-9A-Z])")
_CAMEL = re.compile(r"[a-z]+[A-Za-z0-9]*")
_DIGIT_THEN_LETTER = re.compile(r"\d[a-z]")
_FIRST_LETTER = re.compile(r"_*[A-Z]")


def pascal(name: str) -> str:
    """``order_id`` → ``OrderId``"""
    return _JOINT.sub("", name.title())


def camel(name: str) -> str:
    """``order_id`` → ``orderId``; what is in that case already stays."""
    if _CAMEL.fullmatch(name) and not _DIGIT_THEN_LETTER.search(name):
        return name
    result = pascal(name)
    first = _FIRST_LETTER.match(result)
    return result if first is None else first[0].lower() + result[first.end() :]


def snake(name: str) -> str:
    """``orderId`` → ``order_id``"""
    return _WORD_BREAK.sub("_", name).replace("-", "_").lower()


GENERATORS: Mapping[str, Callable[[str], str]] = {
    "pydantic:to_camel": camel,
    "pydantic:to_pascal": pascal,
    "pydantic:to_snake": snake,
}
"""By canonical name."""
