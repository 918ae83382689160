"""Lines for COPY in Postgres' text format (its documentation, section "COPY, Text Format").

psycopg's own ``write_row`` looks up a dumper for every value of every row; what is the same for all rows of a batch is
written once here, which is what makes ``send_many`` cost little more than a bare COPY.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

NULL = b"\\N"
NO_TIMES = NULL + b"\t" + NULL
"""Neither delayed nor ever too late."""


def line_part(values: Iterable[str | int | datetime | None]) -> bytes:
    """Columns of a line, with their separators."""
    return b"\t".join(NULL if value is None else escaped(_text(value).encode()) for value in values)


def escaped(text: bytes) -> bytes:
    """A value with the characters escaped that mean something in a line. In UTF-8 none of them is part of another."""
    if b"\\" in text:
        text = text.replace(b"\\", b"\\\\")
    if b"\n" in text or b"\t" in text or b"\r" in text:  # never in JSON that horsies wrote, which escapes them itself
        text = text.replace(b"\n", b"\\n").replace(b"\t", b"\\t").replace(b"\r", b"\\r")
    return text


def _text(value: str | int | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
