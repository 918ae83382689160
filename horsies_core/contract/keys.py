"""Which types can be the keys of a dictionary: on the wire every key is text, and must come back as what it was."""

from __future__ import annotations

import json
from collections.abc import Mapping

from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Definition,
    EnumDefinition,
    JsonTextType,
    LiteralType,
    MapType,
    NullType,
    Ref,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
)


def key_problem(key: TypeNode, table: Mapping[str, Definition]) -> str | None:
    """Why no key of that type could be read back, in words; None where it can.

    ``table`` holds the definitions that are complete: one that is still being read holds the dictionary itself.
    """
    match key:
        case NullType():
            return "null has no text"
        case ArrayType() | TupleType() | MapType() | JsonTextType():
            return "the keys of a JSON object are text"
        case LiteralType(values=values):
            return _number_among(values)
        case UnionType(members=members):
            return next((problem for item in members if (problem := key_problem(item, table)) is not None), None)
        case Ref(name=name):
            return _named_problem(table.get(name), {key: item for key, item in table.items() if key != name})
        case _:
            return None


def names_in_front(node: TypeNode, table: Mapping[str, Definition]) -> frozenset[str]:
    """The names that stand for a type before anything of it is known: its own, those of aliases, of members of unions."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        match waiting.pop():
            case UnionType(members=members):
                waiting.extend(members)
            case Ref(name=name) if name not in found:
                found.add(name)
                definition = table.get(name)
                if isinstance(definition, AliasDefinition):
                    waiting.append(definition.target)
            case _:
                pass
    return frozenset(found)


def _named_problem(definition: Definition | None, table: Mapping[str, Definition]) -> str | None:
    match definition:
        case AliasDefinition(target=target):
            return None if isinstance(target, UnresolvedType) else key_problem(target, table)
        case EnumDefinition():
            return None
        case _:
            return "the keys of a JSON object are text"


def _number_among(values: tuple[str, ...]) -> str | None:
    """Pydantic reads no number of a ``Literal`` from text, though it reads those of an int."""
    numbers = (value for value in values if not isinstance(json.loads(value), str | bool))
    number = next(numbers, None)
    return None if number is None else f"{number} in a Literal is not read from text"
