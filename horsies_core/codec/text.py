"""JSON text: what is refused of it before any type is looked at.

Duplicate keys mean two things at once, so they are refused. Python's own parsers keep the last one in silence; text that
our own writer would write again, byte for byte, cannot hold any, which is tested first because it is nearly free.
"""

from __future__ import annotations

import json
from typing import cast

from pydantic_core import from_json, to_json

from horsies_core.codec.problem import misfit, pointer

MAX_DEPTH = 100
"""How many arrays and objects may stand inside each other."""


def parse(data: bytes) -> object:
    """The value of untrusted JSON text. Raises `Misfit` for text that is no JSON, is too deep, or repeats a key."""
    parsed = parse_own(data)
    if to_json(parsed) != data:
        _refuse_duplicates(data)
    return parsed


def parse_own(data: bytes) -> object:
    """The value of JSON text that a serializer wrote. Raises `Misfit` where it is too deep, or cannot be stored."""
    try:
        parsed: object = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise misfit("", f"this is not JSON: {error}") from None
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _refuse_depth(parsed)
    if b"\\u0000" in data:
        _refuse_nul(parsed)
    return parsed


def _refuse_duplicates(data: bytes) -> None:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for key, value in pairs:
            if key in seen:
                raise misfit("", f"the key {key!r} stands twice in one object")
            seen[key] = value
        return seen

    json.loads(data, object_pairs_hook=unique)


def _refuse_depth(parsed: object) -> None:
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(parsed, ())]
    while waiting:
        value, path = waiting.pop()
        below = _below(value)
        if below and len(path) >= MAX_DEPTH:
            raise misfit(pointer(path[:8]) + "/...", f"nested deeper than {MAX_DEPTH} levels")
        waiting.extend((inner, (*path, key)) for key, inner in below)


def _refuse_nul(parsed: object) -> None:
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(parsed, ())]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            raise misfit(pointer(path), "holds a NUL character, which Postgres cannot store in text")
        for key, inner in _below(value):
            if isinstance(key, str) and "\0" in key:
                raise misfit(pointer(path), "a key holds a NUL character, which Postgres cannot store in text")
            waiting.append((inner, (*path, key)))


def _below(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, dict):
        return list(cast("dict[str | int, object]", value).items())
    if isinstance(value, list):
        return list(enumerate(cast("list[object]", value)))
    return []
