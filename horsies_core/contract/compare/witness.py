"""Witnesses: values that one side writes and the other refuses, each confirmed where it is made and where it is carried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice

from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.resolved import AnyType
from horsies_core.contract.compare.samples import samples, smallest
from horsies_core.contract.compare.sides import KEYS, Found, Proof, Sides, emitted, item_pairs, items_of
from horsies_core.contract.types import (
    ArrayType,
    ObjectDefinition,
    TupleDefinition,
    TupleType,
    TypeNode,
)
from horsies_core.contract.wire import Json

_TRIED = 200
"""How many samples are tried as witness at one place."""
_MET = 16
"""How many samples are looked at for one that both sides know."""
_AGREED = 40
"""How many samples of one part are looked at for one that both sides know."""


class Witnesses:
    """Makes mismatches with a witness, and carries witnesses of parts into wholes. A plain proof gets none."""

    def __init__(self, sides: Sides, proof: Proof) -> None:
        self._sides = sides
        self._proof = proof

    def refused(self, writer: AnyType, reader: AnyType, cause: Cause, path: tuple[str, ...] = ()) -> Mismatch:
        """A mismatch with the first sample that the reader refuses, if there is one."""
        if self._proof.is_plain:
            return Mismatch(cause=cause, path=path, writer=writer, reader=reader)
        witness = next(self.refusals(writer, reader, path), None)
        proposed = islice(samples(self._sides.written(writer), self._sides.taken(reader)), _MET)
        return Mismatch(
            cause=cause,
            path=path,
            writer=writer,
            reader=reader,
            witness=() if witness is None else witness,
            overlaps=any(self._sides.accepts(reader, value) is True for value in proposed),
        )

    def refusals(self, writer: AnyType, reader: AnyType, path: tuple[str, ...] = ()) -> Iterator[tuple[Json, ...]]:
        """Samples that the reader refuses; first those that have it right but for the property that the path names."""
        proposed = self._near_misses(writer, reader, path[0]) if path and path[0] != KEYS else iter(())
        further = islice(samples(self._sides.written(writer), self._sides.taken(reader)), _TRIED)
        for value in chain(proposed, further):
            if self._sides.is_witness(writer, value, reader):
                yield (value,)

    def carried(
        self,
        place: str | None,
        inner: Found,
        writer: AnyType,
        reader: AnyType,
        around: Callable[[Json], Iterator[Json]],
    ) -> Found:
        """Mismatches of a part as mismatches of the whole: the path grows, the witness is put into a whole value."""
        if self._proof.is_plain:
            return inner
        found: Found = []
        for mismatch in inner:
            path = mismatch.path if place is None else (place, *mismatch.path)
            witness: tuple[Json, ...] = ()
            if mismatch.witness:
                whole = around(mismatch.witness[0])
                witness = tuple(islice((v for v in whole if self._sides.is_witness(writer, v, reader)), 1))
            found.append(replace(mismatch, path=path, witness=witness))
        return found

    def bases(self, writer: AnyType, reader: AnyType) -> Iterator[Json]:
        """Values of the writer with as many parts as possible that the reader takes."""
        written, taken = self._sides.written(writer).resolved, self._sides.taken(reader).resolved
        if isinstance(written, ObjectDefinition) and isinstance(taken, ObjectDefinition):
            yield from self._object_base(written, taken)
        if isinstance(written, TupleType | TupleDefinition) and isinstance(
            taken, ArrayType | TupleType | TupleDefinition
        ):
            yield from self._tuple_base(written, taken)
        yield from smallest(self._sides.written(writer))

    def _near_misses(self, writer: AnyType, reader: AnyType, name: str) -> Iterator[Json]:
        for base in self.bases(writer, reader):
            if isinstance(base, dict):
                yield {key: value for key, value in base.items() if key != name}
                yield base
                written = self._sides.written(writer).resolved
                field = emitted(written, name)
                if field is not None:
                    for value in smallest(self._sides.written(field.type)):
                        yield {**base, name: value}

    def _object_base(self, written: ObjectDefinition, taken: ObjectDefinition) -> Iterator[Json]:
        wanted = {name: field for field in taken.fields for name in field.accept}
        body: dict[str, Json] = {}
        for field in written.fields:
            name = field.emit
            if name is None or not (field.required or (name in wanted and wanted[name].required)):
                continue
            value = self._agreed(field.type, wanted[name].type if name in wanted else None)
            if not value:
                return
            body[name] = value[0]
        yield body

    def _tuple_base(
        self, written: TupleType | TupleDefinition, taken: ArrayType | TupleType | TupleDefinition
    ) -> Iterator[Json]:
        pairs = item_pairs(written, taken, None)
        parts = [
            self._agreed(item, pairs[str(index)][1] if str(index) in pairs else None)
            for index, item in enumerate(items_of(written))
        ]
        if all(parts):
            yield [part[0] for part in parts]

    def _agreed(self, item: TypeNode, wanted: TypeNode | None) -> tuple[Json, ...]:
        """A value that both sides know, else any that is written."""
        if wanted is not None:
            for value in islice(samples(self._sides.written(item), self._sides.taken(wanted)), _AGREED):
                if self._sides.accepts(wanted, value) is True:
                    return (value,)
        return smallest(self._sides.written(item))
