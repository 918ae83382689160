"""JSON as it stands in files: two spaces of indentation, characters as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import cast

_scalar = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def printed(value: object, indent: str = "") -> str:
    """The text that ``json.dumps(value, indent=2, ensure_ascii=False)`` gives, its later lines behind ``indent``.

    ``value`` holds dicts with texts for keys, lists, and scalars. Raises ValueError for a number that JSON has not.

    Why not `json` itself: with indentation it works value by value in Python, through generators, and printing the files of
    a build took longer than compiling them.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict) and value:
        inner = indent + "  "
        table = cast("dict[str, object]", value)
        items = [f"{inner}{encode_basestring(key)}: {printed(item, inner)}" for key, item in table.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        inner = indent + "  "
        return (
            "[\n"
            + ",\n".join([inner + printed(item, inner) for item in cast("Sequence[object]", value)])
            + f"\n{indent}]"
        )
    return _scalar(value)


def printed_texts(table: Mapping[str, str], indent: str = "") -> str:
    """The same for an object of nothing but texts, of which there may be tens of thousands: in one go, and not one by one."""
    if not table:
        return "{}"
    inner = indent + "  "
    lines = json.JSONEncoder(ensure_ascii=False, separators=(f",\n{inner}", ": ")).encode(dict(table))
    return f"{{\n{inner}{lines[1:-1]}\n{indent}}}"
