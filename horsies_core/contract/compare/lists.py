"""Inclusion between arrays, sets and tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from horsies_core.contract.compare.mismatch import Cause
from horsies_core.contract.compare.resolved import AnyType, Resolved
from horsies_core.contract.compare.samples import samples
from horsies_core.contract.compare.sides import Found, Proof, Sides, int_values, item_pairs, items_of
from horsies_core.contract.compare.witness import Witnesses
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    LiteralType,
    NullType,
    NumberType,
    TupleDefinition,
    TupleType,
    TypeNode,
)
from horsies_core.contract.wire import Json


class Lists:
    """Arrays, sets and tuples: lengths, uniqueness, items."""

    def __init__(self, sides: Sides, witnesses: Witnesses, proof: Proof) -> None:
        self._sides = sides
        self._witnesses = witnesses
        self._proof = proof

    def mismatches(
        self,
        writer: AnyType,
        written: ArrayType | TupleType | TupleDefinition,
        reader: AnyType,
        taken: ArrayType | TupleType | TupleDefinition,
    ) -> Found:
        least, most = _lengths_written(written)
        wanted_least, wanted_most = _lengths_taken(taken)
        found: Found = []
        if least < wanted_least or (wanted_most is not None and (most is None or most > wanted_most)):
            if isinstance(written, ArrayType) and written.is_unique:
                most = self._distinct_items(written.item, most)
            if least < wanted_least or (wanted_most is not None and (most is None or most > wanted_most)):
                found.append(self._witnesses.refused(writer, reader, _list_cause(written, taken)))
        if isinstance(taken, ArrayType) and taken.is_unique and not self._never_repeats(written, most):
            found.append(self._witnesses.refused(writer, reader, Cause.KIND))
        length = most if most is not None else wanted_most
        for place, (item, wanted) in item_pairs(written, taken, length).items():
            found.extend(self._item(writer, written, place, item, reader, wanted))
        return found

    def _item(
        self, writer: AnyType, written: Resolved, place: str, item: TypeNode, reader: AnyType, wanted: TypeNode
    ) -> Found:
        if self._sides.has_no_values(item):
            return []
        if isinstance(written, ArrayType):
            return self._witnesses.carried(
                place, self._proof.prove(item, wanted), writer, reader, self._list_around(written)
            )
        index = int(place)
        return self._witnesses.carried(
            place, self._proof.prove(item, wanted), writer, reader, self._tuple_around(writer, reader, index)
        )

    def _list_around(self, written: ArrayType) -> Callable[[Json], Iterator[Json]]:
        """Lists that hold the value: alone, repeated up to the least length, or among others."""

        def around(value: Json) -> Iterator[Json]:
            least = max(written.min_items or 0, 1)
            yield [value] * least
            others = [other for other in islice(samples(self._sides.written(written.item)), 40) if other != value]
            yield [value, *others[: least - 1]]
            yield [*others[: least - 1], value]

        return around

    def _tuple_around(self, writer: AnyType, reader: AnyType, index: int) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in self._witnesses.bases(writer, reader):
                if isinstance(base, list) and index < len(base):
                    yield [*base[:index], value, *base[index + 1 :]]

        return around

    def _never_repeats(self, written: ArrayType | TupleType | TupleDefinition, most: int | None) -> bool:
        return (isinstance(written, ArrayType) and written.is_unique) or (most is not None and most <= 1)

    def _distinct_items(self, item: TypeNode, most: int | None) -> int | None:
        """How many items a set holds at most, counting the values that its items have."""
        match self._sides.written(item).resolved:
            case LiteralType(values=values):
                count = len(values)
            case BoolType():
                count = 2
            case NullType():
                count = 1
            case NumberType(kind="int") as node if (ways := int_values(node)) is not None:
                count = len(ways)
            case _:
                return most
        return count if most is None else min(count, most)


def _lengths_written(node: ArrayType | TupleType | TupleDefinition) -> tuple[int, int | None]:
    if isinstance(node, ArrayType):
        return node.min_items or 0, node.max_items
    count = len(items_of(node))
    return count, count


def _lengths_taken(node: ArrayType | TupleType | TupleDefinition) -> tuple[int, int | None]:
    if isinstance(node, TupleDefinition):
        return sum(field.required for field in node.fields), len(node.fields)
    return _lengths_written(node)


def _list_cause(
    written: ArrayType | TupleType | TupleDefinition, taken: ArrayType | TupleType | TupleDefinition
) -> Cause:
    return Cause.BOUND if isinstance(written, ArrayType) and isinstance(taken, ArrayType) else Cause.KIND
