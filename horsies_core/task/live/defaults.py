"""Default values as the contract writes them: canonical JSON, where the value says what it is without being computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from horsies_core.contract.types import Default, canonical_json
from horsies_core.task.live.temporal import iso_text

COMPUTED = Default(None)


def default_of(value: object) -> Default:
    """The default of a value; `COMPUTED` for one that has no JSON form of its own."""
    try:
        return Default(canonical_json(_plain(value)))
    except (TypeError, ValueError, RecursionError):
        return COMPUTED


def _plain(value: Any) -> object:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    if isinstance(value, UUID | PurePath):
        return str(value)
    if isinstance(value, date | time | timedelta):
        return iso_text(value)
    return _plain_container(value)


def _plain_container(value: object) -> object:
    if isinstance(value, Mapping):
        return {_key(key): _plain(inner) for key, inner in cast("Mapping[object, object]", value).items()}
    if isinstance(value, set | frozenset):
        items = [_plain(inner) for inner in cast("set[object]", value)]
        return sorted(items, key=canonical_json)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(inner) for inner in cast("Sequence[object]", value)]
    raise TypeError(f"a {type(value).__qualname__} is no plain value")


def _key(key: object) -> str:
    plain = _plain(key)
    return plain if isinstance(plain, str) else canonical_json(plain)
