"""Whether a JSON value is one that a type takes, as far as kinds tell.

It decides only what is certain: formats, patterns and bounds are left to the schema, and what it does not know it takes. It
judges values that Python code passes as well, so it takes what is equal in Python (``True`` and ``1``), and a text for an
``Iterable``, which becomes a list of its letters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import assert_never, cast

from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
    Definition,
    EnumDefinition,
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
    TypeNode,
    UnionType,
    UnresolvedType,
)


def fits(value: object, node: TypeNode, definitions: Mapping[str, Definition]) -> bool:
    """Whether the type may take the value."""
    match node:
        case NullType():
            return value is None
        case BoolType():
            return isinstance(value, bool)
        case NumberType(kind=kind):
            return _is_number(value, kind)
        case StringType(format="complex"):
            return True
        case StringType() | BytesType() | TemporalType() | JsonTextType():
            return isinstance(value, str)
        case JsonType() | UnresolvedType():
            return True
        case LiteralType(values=values):
            return _is_one_of(value, values)
        case ArrayType(kind="iterable") if isinstance(value, str | dict):
            return True
        case ArrayType(item=item):
            return isinstance(value, list) and all(fits(one, item, definitions) for one in cast("list[object]", value))
        case TupleType():
            return isinstance(value, list)
        case MapType(value=inner):
            return isinstance(value, dict) and all(
                fits(one, inner, definitions) for one in cast("dict[str, object]", value).values()
            )
        case UnionType(members=members):
            return any(fits(value, member, definitions) for member in members)
        case Ref(name=name):
            return name not in definitions or _fits_definition(value, definitions[name], definitions)
        case _:
            assert_never(node)


def _fits_definition(value: object, definition: Definition, definitions: Mapping[str, Definition]) -> bool:
    match definition:
        case ObjectDefinition():
            return isinstance(value, dict)
        case TupleDefinition():
            return isinstance(value, list | dict)
        case EnumDefinition(members=members):
            return _is_one_of(value, [json_text for _, json_text in members])
        case AliasDefinition(target=target):
            return isinstance(value, dict | list) or fits(value, target, definitions)
        case _:
            assert_never(definition)


def _is_one_of(value: object, json_texts: Iterable[str]) -> bool:
    return any(json.loads(json_text) == value for json_text in json_texts)


def _is_number(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return False
    if kind == "int":
        return isinstance(value, int)
    return isinstance(value, int | float) or (kind == "decimal" and isinstance(value, str))
