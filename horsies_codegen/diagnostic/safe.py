"""What a diagnostic holds, in the bounds that standards set: JSON that every reader takes, spans that every tool takes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from horsies_codegen.diagnostic.model import JsonValue
from horsies_codegen.source.span import Position, Span


def json_safe(value: JsonValue) -> JsonValue:
    """The value as standard JSON can say it: numbers that JSON lacks become text, so do halves of surrogate pairs."""
    match value:
        case str():
            return whole_text(value)
        case bool() | None:
            return value
        case int():
            return value if value.bit_length() < _MAX_INT_BITS else hex(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case Mapping():
            return {whole_text(str(key)): json_safe(inner) for key, inner in value.items()}
        case Sequence():
            return [json_safe(inner) for inner in value]


def json_text(value: JsonValue, *, indent: int | None = None) -> str:
    """A value as JSON in ASCII: control characters and invisible ones are escapes, harmless in any terminal."""
    return json.dumps(json_safe(value), ensure_ascii=True, allow_nan=False, indent=indent)


def json_line(value: JsonValue) -> str:
    """A value as JSON on one line for people to read; not yet harmless."""
    return json.dumps(json_safe(value), ensure_ascii=False, allow_nan=False)


def whole_text(text: str) -> str:
    """Text that can be written as UTF-8: halves of surrogate pairs (bytes of paths that are no text) as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def sane_span(span: Span) -> Span:
    """A span as standards want it: lines and columns from 1, the end not before the start."""
    start = Position(max(span.start.line, 1), max(span.start.column, 1))
    end = Position(max(span.end.line, 1), max(span.end.column, 1))
    return Span(start, max(start, end))


_MAX_INT_BITS = 4096
"""Python itself refuses to write integers of more than 4,300 digits."""
