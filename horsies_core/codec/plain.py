"""`JsonLike` data, as users attach it to errors, brought into plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import cast

from horsies_core.codec.problem import misfit, pointer
from horsies_core.codec.text import MAX_DEPTH


def plain(value: object, path: tuple[str | int, ...] = ()) -> object:
    """The value with dicts for mappings and lists for sequences. Raises `Misfit` for what JSON does not have."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise misfit(pointer(path), f"{value} has no JSON form")
        return float(value)
    if len(path) > MAX_DEPTH:
        raise misfit(pointer(path[:8]) + "/...", f"nested deeper than {MAX_DEPTH} levels")
    return _container(value, path)


def _container(value: object, path: tuple[str | int, ...]) -> object:
    if isinstance(value, Mapping):
        body: dict[str, object] = {}
        for key, inner in cast("Mapping[object, object]", value).items():
            if not isinstance(key, str):
                raise misfit(pointer(path), f"the key {key!r} is no string")
            body[_text(key, path)] = plain(inner, (*path, key))
        return body
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(inner, (*path, index)) for index, inner in enumerate(cast("Sequence[object]", value))]
    raise misfit(pointer(path), f"a {type(value).__qualname__} is not JSON")


def _text(value: str, path: tuple[str | int, ...]) -> str:
    if "\0" in value:
        raise misfit(pointer(path), "holds a NUL character, which Postgres cannot store in text")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise misfit(pointer(path), "holds half of a surrogate pair, which UTF-8 cannot write")
    return str(value)
