"""The two sides of a proof: a writer's contract and a reader's, and what the parts of the proof share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from horsies_core.contract.compare import numbers
from horsies_core.contract.compare.answer import Answer
from horsies_core.contract.compare.leaves import leaf_cause
from horsies_core.contract.compare.membership import accepts, may_write
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.resolved import AnyType, Resolved, Table, Typed
from horsies_core.contract.types import (
    ArrayType,
    Field,
    JsonTextType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
)
from horsies_core.contract.wire import Json

Found: TypeAlias = list[Mismatch]
"""What a comparison found; empty is a proof."""

ITEM = "*"
KEYS = "<keys>"
"""Steps of a mismatch's path: any item or value, and the keys of a dictionary."""


FEW_VALUES = 32
"""How many values are few."""


class Proof(Protocol):
    """What the parts of the proof ask of the whole."""

    @property
    def is_plain(self) -> bool:
        """Whether only the answer is wanted, without witnesses."""
        ...

    def prove(self, writer: AnyType, reader: AnyType) -> Found:
        """What stands between two types."""
        ...

    def prove_plainly(self, writer: AnyType, reader: AnyType) -> Found:
        """The same without witnesses."""
        ...


@dataclass(frozen=True, slots=True)
class Sides:
    """Both contracts' tables, and the questions that are asked of values. ``open_objects``: readers drop unknown keys."""

    writers: Table
    readers: Table
    open_objects: bool = False

    def written(self, node: AnyType) -> Typed:
        """A type of the writer's contract."""
        return Typed(node, self.writers)

    def taken(self, node: AnyType) -> Typed:
        """A type of the reader's contract."""
        return Typed(node, self.readers)

    def accepts(self, reader: AnyType, value: Json) -> Answer:
        """Whether the reader takes the value."""
        return accepts(self.taken(reader), value, open_objects=self.open_objects)

    def is_witness(self, writer: AnyType, value: Json, reader: AnyType) -> bool:
        """Whether the value is surely written and surely refused."""
        return self.accepts(reader, value) is False and may_write(self.written(writer), value) is True

    def written_alternatives(self, node: AnyType) -> Iterator[Resolved]:
        """The members of a written union, or the type itself."""
        return _alternatives(self.written(node))

    def taken_alternatives(self, node: AnyType) -> Iterator[Resolved]:
        """The members of a union that is read, or the type itself."""
        return _alternatives(self.taken(node))

    def writes_key(self, key: AnyType, name: str) -> bool:
        """Whether a writer of keys may write this one."""
        return may_write(self.written(_keyed_by(key)), {name: None}) is not False

    def takes_key(self, key: AnyType, name: str) -> Answer:
        """Whether a reader of keys takes this one."""
        return accepts(self.taken(_keyed_by(key)), {name: None})

    def has_no_values(self, writer: AnyType) -> bool:
        """Whether a writer of the type can write nothing at all: then nothing it writes is refused."""
        return _is_empty(self.written(writer), frozenset())


def fatal(found: Iterable[Mismatch]) -> bool:
    """Whether something is refused."""
    return any(mismatch.is_fatal for mismatch in found)


def emitted(written: Resolved, name: str) -> Field | None:
    """The field that is written under a name."""
    if not isinstance(written, ObjectDefinition):
        return None
    return next((field for field in written.fields if field.emit == name), None)


def items_of(node: TupleType | TupleDefinition) -> tuple[TypeNode, ...]:
    """The types of a tuple's places."""
    return node.items if isinstance(node, TupleType) else tuple(field.type for field in node.fields)


def item_pairs(
    written: ArrayType | TupleType | TupleDefinition, taken: ArrayType | TupleType | TupleDefinition, length: int | None
) -> dict[str, tuple[TypeNode, TypeNode]]:
    """Which type of item meets which, by place."""
    if isinstance(written, ArrayType) and isinstance(taken, ArrayType):
        return {} if length == 0 else {ITEM: (written.item, taken.item)}
    if isinstance(written, ArrayType):
        wanted = items_of(taken) if isinstance(taken, TupleType | TupleDefinition) else ()
        return {f"{ITEM}{index}": (written.item, item) for index, item in enumerate(wanted)}
    items = items_of(written)
    if isinstance(taken, ArrayType):
        return {str(index): (item, taken.item) for index, item in enumerate(items)}
    return {str(index): pair for index, pair in enumerate(zip(items, items_of(taken), strict=False))}


def int_values(node: NumberType) -> list[int] | None:
    """All values of an int type, if there are few."""
    low, high, step = numbers.least_of(node)[0], numbers.greatest_of(node)[0], numbers.step_of(node)
    if node.kind != "int" or step is None or isinstance(low, float) or isinstance(high, float):
        return None
    if step == 0 or (high - low) / step >= FEW_VALUES:
        return None
    return [int(low + index * step) for index in range(int((high - low) / step) + 1)]


def alike_leaves(written: Resolved, taken: Resolved) -> bool:
    """Whether two types differ in their constraints alone."""
    return type(written) is type(taken) and leaf_cause(written, taken) is Cause.BOUND


def _alternatives(typed: Typed) -> Iterator[Resolved]:
    """The members of a union, and of unions inside it; the type itself if it is none."""
    waiting: list[AnyType] = [typed.node]
    seen: set[Resolved] = set()
    while waiting:
        node = typed.at(waiting.pop()).resolved
        if node not in seen:
            seen.add(node)
            if isinstance(node, UnionType):
                waiting.extend(reversed(node.members))
            else:
                yield node


def _is_empty(writer: Typed, above: frozenset[AnyType]) -> bool:
    """The least fixed point: a type whose values would hold each other without end has none."""
    if writer.node in above:
        return True
    inside = above | {writer.node} if isinstance(writer.node, Ref | ObjectDefinition) else above
    match writer.resolved:
        case LiteralType(values=values):
            return not values
        case NumberType() as node:
            return numbers.is_empty(node)
        case StringType(min_length=int(least), max_length=int(most)):
            return least > most
        case ArrayType() as node:
            least = node.min_items or 0
            too_many = node.max_items is not None and least > node.max_items
            return too_many or (least > 0 and _is_empty(writer.at(node.item), inside))
        case MapType() as node:
            least = node.min_items or 0
            return (node.max_items is not None and least > node.max_items) or (
                least > 0 and _is_empty(writer.at(node.value), inside)
            )
        case TupleType(items=items):
            return any(_is_empty(writer.at(item), inside) for item in items)
        case TupleDefinition(fields=fields):
            return any(_is_empty(writer.at(field.type), inside) for field in fields)
        case ObjectDefinition(fields=fields):
            written = [field for field in fields if field.required and field.emit is not None]
            return any(_is_empty(writer.at(field.type), inside) for field in written)
        case UnionType(members=members):
            return all(_is_empty(writer.at(member), inside) for member in members)
        case JsonTextType(inner=inner):
            return _is_empty(writer.at(inner), inside)
        case _:
            return False


def _keyed_by(key: AnyType) -> MapType:
    """A dictionary to ask about its keys; keys are no objects, so a definition in their place is a hole."""
    if isinstance(key, ObjectDefinition | TupleDefinition):
        key = UnresolvedType("a key cannot be an object")
    return MapType(key=key, value=NullType())
