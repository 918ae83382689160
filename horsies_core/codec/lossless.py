"""Types whose values need no proof: whatever pydantic accepts of them in strict mode is written, and comes back, as it is.

The proof that a value survives the way over JSON (`adapter`) costs more than writing it. For these types it holds for every
value, so it was given once, here. ``None``, ``bool``, ``int`` and ``str`` are JSON's own, a union of them is told apart by
JSON's kinds, a UUID is equal to what its text says, and so is a list of each. Not among them: ``float`` (NaN), a UUID beside
``str`` (its text is either), anything with a rule of its own, and every class of the user's.

Two things of a value's text are left to look at: its length, because integers of more than 4,300 digits are written but not
read (`sys.set_int_max_str_digits`), and NUL characters, which Postgres does not store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import NoneType, UnionType
from typing import TypeAlias, Union, get_args, get_origin
from uuid import UUID

from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    NullType,
    NumberType,
    StringType,
    TypeNode,
)
from horsies_core.contract.types import UnionType as UnionNode

Kinds: TypeAlias = tuple[str, frozenset[type]]
"""Which classes a value may have: itself (``""``), or each item of a ``"list"``."""

_LITERAL_KINDS = frozenset({NoneType, bool, int, str})
_UUIDS = (frozenset({UUID}), frozenset({UUID, NoneType}))
_LONGEST = 4_000
_CLASSES: dict[TypeNode, type] = {
    NullType(): NoneType,
    BoolType(): bool,
    NumberType(kind="int"): int,
    StringType(): str,
    StringType(format="uuid"): UUID,
}


def are_lossless(types: Iterable[tuple[TypeNode, object]]) -> bool:
    """Whether no value of these types, each with its annotation, can get lost; and the two say the same."""
    return all(
        (kinds := _kinds_of_node(node)) is not None and kinds == _kinds_of(annotation) for node, annotation in types
    )


def needs_no_proof(data: bytes) -> bool:
    """Whether such a value's JSON text holds nothing that cannot be read, or stored."""
    return len(data) <= _LONGEST and b"\\u0000" not in data


def _kinds_of_node(node: TypeNode) -> Kinds | None:
    if isinstance(node, ArrayType):
        return _listed(_kinds_of_node(node.item)) if node == ArrayType(item=node.item) else None
    members = node.members if isinstance(node, UnionNode) else (node,)
    return _told_apart([_CLASSES.get(member) for member in members])


def _kinds_of(annotation: object) -> Kinds | None:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is list:
        return _listed(_kinds_of(inner[0]))
    members = inner if origin is Union or origin is UnionType else (annotation,)
    return _told_apart([NoneType if member is None else member for member in members])


def _listed(item: Kinds | None) -> Kinds | None:
    return None if item is None or item[0] else ("list", item[1])


def _told_apart(members: Sequence[object]) -> Kinds | None:
    classes = frozenset(member for member in members if isinstance(member, type))
    if len(classes) != len(members):
        return None
    return ("", classes) if classes <= _LITERAL_KINDS or classes in _UUIDS else None
