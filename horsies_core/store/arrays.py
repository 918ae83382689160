"""Array parameters as text literals.

psycopg dumps a list element by element in Python, which costs more than all else in a batch. A literal that is put together
by joins costs a fifth; each place in ``sql/`` casts it to its type.
"""

from __future__ import annotations

from collections.abc import Iterable


def plain_array(values: Iterable[object]) -> str:
    """An array of numbers, identifiers in UPPER_SNAKE or UUIDs: nothing that needs quotes. None is NULL."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def text_array(values: Iterable[str | None]) -> str:
    """An array of any texts. None is NULL."""
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
