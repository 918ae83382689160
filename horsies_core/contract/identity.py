"""The identity of named types: ``module:qualname``, with the arguments of a generic one in parentheses.

``shop.models:Page(int)``, ``shop.models:Pair(str,list(shop.models:Order))``. Arguments are written by their nodes, so
two spellings of one type have one identity. Identities are for people and for ``$defs``; the fingerprint does not see them.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import assert_never

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
    Ref,
    StringType,
    TemporalType,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
    canonical_json,
)


def identity(module: str, qualname: str, arguments: tuple[TypeNode, ...] = ()) -> str:
    """The name of a definition."""
    base = f"{module}:{qualname}"
    return _call(base, *map(type_word, arguments)) if arguments else base


def type_word(node: TypeNode) -> str:
    """A node in one word, without spaces: ``int``, ``list(str)``, ``union(int,null)``, ``int{"ge":1}``."""
    match node:
        case NullType():
            return "null"
        case BoolType():
            return "bool"
        case JsonType():
            return "json"
        case NumberType(kind=kind) | TemporalType(kind=kind):
            return kind + _constraints(node, "kind")
        case StringType():
            return "str" + _constraints(node)
        case BytesType():
            return "bytes" + _constraints(node)
        case LiteralType(values=values):
            return _call("literal", *values)
        case ArrayType(kind=kind, item=item):
            return _call(kind, type_word(item)) + _constraints(node, "kind", "item")
        case TupleType(items=items):
            return _call("places", *map(type_word, items))
        case MapType(kind=kind, key=key, value=value):
            return _call(kind, type_word(key), type_word(value)) + _constraints(node, "kind", "key", "value")
        case UnionType(members=members, tag=tag):
            return _call("union", *map(type_word, members)) + ("" if tag is None else canonical_json({"tag": tag}))
        case JsonTextType(inner=inner):
            return _call("json-text", type_word(inner))
        case Ref(name=name):
            return name
        case UnresolvedType():
            return "unresolved"
        case _:
            assert_never(node)


def _call(word: str, *arguments: str) -> str:
    return f"{word}({','.join(arguments)})"


def _constraints(node: NumberType | TemporalType | StringType | BytesType | ArrayType | MapType, *skip: str) -> str:
    """The attributes that are not at their defaults, as canonical JSON; nothing where all are."""
    found: dict[str, object] = {}
    for attribute in fields(node):
        value = getattr(node, attribute.name)
        if attribute.name not in skip and value != attribute.default:
            found[attribute.name] = str(value) if isinstance(value, Decimal) else value
    return canonical_json(found) if found else ""
