"""Default values as contracts write them: canonical JSON, the same for both front ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from horsies_core.contract.types import Default, canonical_json

COMPUTED = Default(None)
_NULL = Default("null")


def default_of(value: object) -> Default:
    """The default of a value; `COMPUTED` for one that has no JSON form of its own."""
    if value is None:  # half of all defaults
        return _NULL
    try:
        return Default(canonical_json(_plain(value)))
    except (TypeError, ValueError, RecursionError):
        return COMPUTED


def iso_text(value: date | time | timedelta) -> str:
    """ISO 8601 as pydantic writes it: ``2026-01-31``, ``12:30:00``, ``2026-01-31T12:30:00Z``, ``P1DT2H``."""
    if isinstance(value, timedelta):
        return _duration(value)
    text = value.isoformat()
    if isinstance(value, datetime | time) and text.endswith("+00:00"):
        return text.removesuffix("+00:00") + "Z"
    return text


def _duration(value: timedelta) -> str:
    sign = "-" if value < timedelta() else ""
    size = abs(value)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f"{seconds}.{size.microseconds:06d}".rstrip("0") if size.microseconds else str(seconds)
    parts = ((hours, "H"), (minutes, "M"), (fraction, "S"))
    clock = "".join(f"{part}{unit}" for part, unit in parts if str(part) != "0")
    days = f"{size.days}D" if size.days else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


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
        return sorted((_plain(inner) for inner in cast("set[object]", value)), key=canonical_json)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(inner) for inner in cast("Sequence[object]", value)]
    raise TypeError(f"a {type(value).__qualname__} is no plain value")


def _key(key: object) -> str:
    plain = _plain(key)
    return plain if isinstance(plain, str) else canonical_json(plain)
