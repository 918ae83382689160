"""Types as people write them, on one line, cut where they grow long."""

from __future__ import annotations

import json
from typing import assert_never

from horsies_core.contract.compare.resolved import AnyType
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    BytesType,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    UnionType,
    UnresolvedType,
)

MAX_LENGTH = 120
_SIGNS = (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<"))
_WORDS = ("multiple_of", "max_digits", "decimal_places", "min_length", "max_length", "pattern", "zone", "when")


def shown(node: AnyType | None) -> str | None:
    """The type as text, or None for none."""
    if node is None:
        return None
    text = _text(node)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 3] + "..."


def _text(node: AnyType) -> str:
    match node:
        case NullType():
            return "None"
        case BoolType():
            return "bool"
        case JsonType():
            return "JsonValue"
        case NumberType(kind=kind):
            return _constrained("Decimal" if kind == "decimal" else kind, node)
        case StringType(format=name):
            return _constrained("str" if name is None else f"str ({name})", node)
        case BytesType(encoding=encoding):
            return _constrained(f"bytes ({encoding})", node)
        case TemporalType(kind=kind):
            return _constrained(kind, node)
        case LiteralType():
            return f"Literal[{', '.join(_scalar(value) for value in node.values)}]"
        case ArrayType(kind=kind, item=item):
            inside = f"{_text(item)}, ..." if kind == "tuple" else _text(item)
            return _sized(f"{kind}[{inside}]", node.min_items, node.max_items)
        case TupleType(items=items):
            return f"tuple[{', '.join(_text(item) for item in items) or '()'}]"
        case MapType(key=key, value=value):
            return _sized(f"dict[{_text(key)}, {_text(value)}]", node.min_items, node.max_items)
        case UnionType(members=members):
            return " | ".join(_text(member) for member in members)
        case JsonTextType(inner=inner):
            return f"Json[{_text(inner)}]"
        case Ref(name=name) | ObjectDefinition(name=name) | TupleDefinition(name=name):
            return name.rpartition(":")[2] or name
        case UnresolvedType(reason=reason):
            return f"<{reason}>"
        case _:
            assert_never(node)


def _scalar(value: str) -> str:
    loaded = json.loads(value)
    return value if isinstance(loaded, str) else repr(loaded)


def _constrained(word: str, node: NumberType | StringType | BytesType | TemporalType) -> str:
    parts = [f"{sign} {bound}" for name, sign in _SIGNS if (bound := getattr(node, name, None)) is not None]
    parts.extend(f"{name}={value!s}" for name in _WORDS if (value := getattr(node, name, None)) is not None)
    return f"{word}, {', '.join(parts)}" if parts else word


def _sized(text: str, least: int | None, most: int | None) -> str:
    limits = [f"{word} {count}" for word, count in (("at least", least), ("at most", most)) if count is not None]
    return f"{text} ({', '.join(limits)})" if limits else text
