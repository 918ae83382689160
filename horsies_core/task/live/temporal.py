"""Dates and times as ISO 8601 text, the way pydantic writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta


def iso_text(value: date | time | timedelta) -> str:
    """``2026-01-31``, ``12:30:00``, ``2026-01-31T12:30:00Z``, ``P1DT2H``."""
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
    clock = "".join(
        f"{part}{unit}" for part, unit in ((hours, "H"), (minutes, "M"), (fraction, "S")) if str(part) != "0"
    )
    days = f"{size.days}D" if size.days else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"
