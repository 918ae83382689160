"""Inclusion where one side, or both, is a union, told apart by a tag or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from horsies_core.contract.compare.leaves import leaf_cause
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.records import replace_field, with_tag, without_field
from horsies_core.contract.compare.resolved import AnyType, Resolved
from horsies_core.contract.compare.sides import FEW_VALUES, Found, Proof, Sides, emitted, fatal, int_values
from horsies_core.contract.compare.witness import Witnesses
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    LiteralType,
    MapType,
    NumberType,
    ObjectDefinition,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    canonical_json,
)
from horsies_core.contract.wire import Json

_SPLITS = 256
"""How many times writers are split in one proof; beyond, the proof is given up."""
_WAYS_TO_SPLIT = 4
"""How many parts are tried as the one to split by."""


class Unions:
    """Unions on either side: all members of a writer, one member (or one for each part of the writer) of a reader."""

    def __init__(self, sides: Sides, witnesses: Witnesses, proof: Proof) -> None:
        self._sides = sides
        self._witnesses = witnesses
        self._proof = proof
        self._splits_left = _SPLITS

    def start(self) -> None:
        """A new proof begins."""
        self._splits_left = _SPLITS

    def each_member(self, writer: AnyType, union: UnionType, reader: AnyType) -> Found:
        """Every member of a union that is written must be taken. Mismatches of the whole are told as one."""
        taken = self._sides.taken(reader).resolved
        if union.tag is not None and isinstance(taken, UnionType) and taken.tag not in (None, union.tag):
            return [self._witnesses.refused(writer, reader, Cause.TAG)]
        found: Found = []
        fitting = 0
        for member in union.members:
            if self._sides.has_no_values(member):
                continue
            told = with_tag(member, union.tag, self._sides.writers) if union.tag is not None else member
            here = self._proof.prove(told, reader)
            fitting += not fatal(here)
            found.extend(here)
        return _as_one(found, writer, reader, overlaps=fitting > 0)

    def into_union(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType) -> Found:
        """One member that takes everything, or one for each part of the writer."""
        if union.tag is not None:
            return self._into_tagged(writer, written, reader, union, union.tag)
        for member in union.members:
            found = self._proof.prove_plainly(writer, member)
            if not fatal(found):
                return found
        by_parts = self._by_parts(written, reader)
        if by_parts is not None:
            return by_parts
        return self._nearest(writer, written, reader, union) or [self._witnesses.refused(writer, reader, Cause.KIND)]

    def _nearest(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType) -> Found:
        """What is wrong with the one member of the writer's own kind, if the whole union refuses it for that."""
        alike = [member for member in union.members if _alike(written, self._sides.taken(member).resolved)]
        if len(alike) != 1 or self._proof.is_plain:
            return []
        found = [
            mismatch
            for mismatch in self._proof.prove(writer, alike[0])
            if not mismatch.is_fatal or (mismatch.witness and self._sides.accepts(reader, mismatch.witness[0]) is False)
        ]
        return found if fatal(found) else []

    def _by_parts(self, written: Resolved, reader: AnyType) -> Found | None:
        """The proof for every way to split the writer by one of its parts; None if no split gives a proof."""
        for parts in islice(self._splits(written), _WAYS_TO_SPLIT):
            if self._splits_left <= 0:
                return None
            self._splits_left -= 1
            found: Found = []
            for part in parts:
                found.extend(self._proof.prove_plainly(part, reader))
                if fatal(found):
                    break
            else:
                return found
        return None

    def _splits(self, written: Resolved) -> Iterator[list[AnyType]]:
        """Ways to write a type as several narrower ones."""
        match written:
            case ObjectDefinition():
                for field in written.fields:
                    if field.emit is None:
                        continue
                    if not field.required:
                        yield [without_field(written, field.emit), replace_field(written, field.emit, required=True)]
                    else:
                        ways = self._ways(field.type)
                        if ways:
                            yield [replace_field(written, field.emit, as_type=way) for way in ways]
            case TupleType(items=items):
                for index, item in enumerate(items):
                    ways = self._ways(item)
                    if ways:
                        yield [TupleType((*items[:index], way, *items[index + 1 :])) for way in ways]
            case ArrayType() if (written.min_items or 0) == 0 and written.max_items != 0:
                yield [replace(written, max_items=0), replace(written, min_items=1)]
            case NumberType(kind="int"):
                values = int_values(written)
                if values:
                    yield [LiteralType((canonical_json(value),)) for value in values]
            case _:
                return

    def _ways(self, node: TypeNode) -> list[TypeNode]:
        """The alternatives of a part, if it has a few."""
        match self._sides.written(node).resolved:
            case UnionType(members=members, tag=None) if len(members) <= FEW_VALUES:
                return list(members)
            case LiteralType(values=values) if 1 < len(values) <= FEW_VALUES:
                return [LiteralType((value,)) for value in values]
            case BoolType():
                return [LiteralType(("false",)), LiteralType(("true",))]
            case _:
                return []

    def _into_tagged(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType, tag: str) -> Found:
        field = emitted(written, tag)
        if not isinstance(written, ObjectDefinition) or field is None:
            kind = Cause.TAG if isinstance(written, ObjectDefinition) else Cause.KIND
            return [self._witnesses.refused(writer, reader, kind)]
        values = self._sides.written(field.type).resolved
        if not isinstance(values, LiteralType):
            return [self._witnesses.refused(writer, reader, Cause.TAG)]
        found: Found = [] if field.required else [self._witnesses.refused(writer, reader, Cause.MISSING, (tag,))]
        for value in values.values:
            told = replace_field(written, tag, as_type=LiteralType((value,)), required=True)
            members = [member for member in union.members if self._has_tag(member, tag, json.loads(value))]
            if not members:
                witness = None if self._proof.is_plain else next(self._witnesses.refusals(told, reader), None)
                found.append(_unknown_tag(field.type, union, tag, value, witness))
            else:
                found.extend(self._proof.prove(told, members[0] if len(members) == 1 else UnionType(tuple(members))))
        return found

    def _has_tag(self, member: AnyType, tag: str, value: Json) -> bool:
        return any(
            isinstance(node, ObjectDefinition)
            and any(tag in field.accept and self._sides.accepts(field.type, value) is True for field in node.fields)
            for node in self._sides.taken_alternatives(member)
        )


def _as_one(found: Found, writer: AnyType, reader: AnyType, *, overlaps: bool) -> Found:
    """Fatal mismatches of several members at one place, told as one of the whole union."""
    here = [mismatch for mismatch in found if mismatch.is_fatal and not mismatch.path]
    if not here:
        return found
    first = next((mismatch for mismatch in here if mismatch.witness), here[0])
    causes = {mismatch.cause for mismatch in here}
    one = replace(
        first,
        cause=first.cause if len(causes) == 1 else Cause.KIND,
        writer=writer,
        reader=reader,
        overlaps=overlaps or any(mismatch.overlaps for mismatch in here),
    )
    return [one, *(mismatch for mismatch in found if mismatch not in here)]


def _unknown_tag(type_: TypeNode, union: UnionType, tag: str, value: str, witness: tuple[Json, ...] | None) -> Mismatch:
    return Mismatch(
        cause=Cause.VALUES,
        path=(tag,),
        writer=type_,
        reader=union,
        witness=witness or (),
        overlaps=True,
        detail=value,
    )


def _alike(written: Resolved, taken: Resolved) -> bool:
    """Whether a difference is best told as one between these two."""
    match written, taken:
        case ((ArrayType() | TupleType() | TupleDefinition()), (ArrayType() | TupleType() | TupleDefinition())):
            return True
        case ((MapType() | ObjectDefinition()), (MapType() | ObjectDefinition())):
            return True
        case NumberType(), NumberType():
            return leaf_cause(written, taken) is Cause.BOUND
        case _:
            return type(written) is type(taken)
