"""The proof: does a reader of one type take everything that a writer of another may write?

Structural and coinductive. A pair of types that is being compared already is assumed to fit (the greatest fixed point: a
recursive type fits unless some finite value shows otherwise); a result that rests on such an assumption is not kept
beyond it. Inclusion in a union is tried member by member, then by splitting the writer by the values of one of its parts.
What is neither proven nor refuted by a witness comes back as a mismatch without a witness, which counts as breaking.

Every witness is confirmed by `membership` where it is made, on each level that it is carried through.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from horsies_core.contract.compare.leaves import PLAIN_STRING, leaf_cause, leaf_included
from horsies_core.contract.compare.lists import Lists
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.objects import Objects
from horsies_core.contract.compare.resolved import AnyType, Resolved, Table, is_opaque
from horsies_core.contract.compare.sides import Found, Sides, fatal
from horsies_core.contract.compare.unions import Unions
from horsies_core.contract.compare.witness import Witnesses
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    StringType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
    canonical_json,
)
from horsies_core.contract.wire import Json

_JSON_KINDS: tuple[TypeNode, ...] = (
    NullType(),
    BoolType(),
    NumberType(kind="int"),
    NumberType(kind="float"),
    StringType(),
    ArrayType(item=JsonType()),
    MapType(key=PLAIN_STRING, value=JsonType()),
)


class Prover:
    """Compares writers of one contract with readers of another; keeps what it has proven."""

    def __init__(self, writers: Table, readers: Table, *, open_objects: bool = False) -> None:
        """``open_objects``: readers drop unknown keys everywhere, as readers of results do."""
        self._sides = Sides(writers, readers, open_objects)
        self._witnesses = Witnesses(self._sides, self)
        self._unions = Unions(self._sides, self._witnesses, self)
        self._lists = Lists(self._sides, self._witnesses, self)
        self._objects = Objects(self._sides, self._witnesses, self)
        self._assumed: set[tuple[AnyType, AnyType]] = set()
        self._rested_on: set[tuple[AnyType, AnyType]] = set()
        self._known: dict[tuple[AnyType, AnyType], Found] = {}
        self._known_plainly: dict[tuple[AnyType, AnyType], Found] = {}
        self._is_plain = False

    def mismatches(self, writer: AnyType, reader: AnyType) -> Found:
        """Every place where the reader does not take, or takes otherwise, what the writer may write; none is a proof."""
        self._unions.start()
        return [] if self._sides.has_no_values(writer) else self.prove(writer, reader)

    @property
    def is_plain(self) -> bool:
        """Whether only the answer is wanted, without witnesses."""
        return self._is_plain

    def prove(self, writer: AnyType, reader: AnyType) -> Found:
        """What stands between two types, from memory if it is known."""
        pair = (writer, reader)
        known = self._known_plainly if self._is_plain else self._known
        if pair in known:
            return known[pair]
        if pair in self._assumed:
            self._rested_on.add(pair)
            return []
        outer, self._rested_on = self._rested_on, set()
        self._assumed.add(pair)
        found = self._compare(writer, reader)
        self._assumed.discard(pair)
        self._rested_on.discard(pair)
        if not self._rested_on:
            known[pair] = found
        self._rested_on |= outer
        return found

    def prove_plainly(self, writer: AnyType, reader: AnyType) -> Found:
        """The proof without witnesses, for attempts: making them is what takes the time."""
        outer, self._is_plain = self._is_plain, True
        try:
            return self.prove(writer, reader)
        finally:
            self._is_plain = outer

    def _compare(self, writer: AnyType, reader: AnyType) -> Found:
        found = self._by_kind(writer, reader)
        if is_opaque(reader, self._sides.readers) and not is_opaque(writer, self._sides.writers) and not fatal(found):
            return [*found, Mismatch(cause=Cause.VALIDATOR, writer=writer, reader=reader)]
        return found

    def _by_kind(self, writer: AnyType, reader: AnyType) -> Found:
        written, taken = self._sides.written(writer).resolved, self._sides.taken(reader).resolved
        match written, taken:
            case (UnresolvedType(), _) | (_, UnresolvedType()):
                return [Mismatch(cause=Cause.UNPROVEN, writer=writer, reader=reader)]
            case _, JsonType():
                return []
            case JsonType(), _:
                return self._unions.each_member(writer, UnionType(_JSON_KINDS), reader)
            case UnionType(), _:
                return self._unions.each_member(writer, written, reader)
            case LiteralType(values=values), _:
                return self._each_value(writer, tuple(json.loads(value) for value in values), reader)
            case NullType(), _:
                return self._each_value(writer, (None,), reader)
            case BoolType(), _ if not isinstance(taken, BoolType):
                return self._each_value(writer, (False, True), reader)
            case _, UnionType():
                return self._unions.into_union(writer, written, reader, taken)
            case ((ArrayType() | TupleType() | TupleDefinition()), (ArrayType() | TupleType() | TupleDefinition())):
                return self._lists.mismatches(writer, written, reader, taken)
            case ((MapType() | ObjectDefinition()), (MapType() | ObjectDefinition())):
                return self._objects.mismatches(writer, written, reader, taken)
            case JsonTextType(inner=inner), JsonTextType(inner=wanted):
                return self._json_text(writer, inner, reader, wanted)
            case _:
                return self._leaf(writer, written, reader, taken)

    def _each_value(self, writer: AnyType, values: tuple[Json, ...], reader: AnyType) -> Found:
        answers = [(value, self._sides.accepts(reader, value)) for value in values]
        refused = [value for value, answer in answers if answer is False]
        if all(answer is True for _, answer in answers):
            return []
        has_literals = any(isinstance(node, LiteralType) for node in self._sides.taken_alternatives(reader))
        is_literal = isinstance(self._sides.written(writer).resolved, LiteralType)
        return [
            Mismatch(
                cause=(Cause.VALUES if has_literals and is_literal else Cause.KIND) if refused else Cause.UNPROVEN,
                writer=writer,
                reader=reader,
                witness=tuple(refused[:1]),
                overlaps=any(answer is True for _, answer in answers),
                detail=", ".join(canonical_json(value) for value in refused) if has_literals and is_literal else "",
            )
        ]

    def _leaf(self, writer: AnyType, written: Resolved, reader: AnyType, taken: Resolved) -> Found:
        if written == taken == BoolType() or leaf_included(written, taken):
            return []
        return [self._witnesses.refused(writer, reader, leaf_cause(written, taken))]

    def _json_text(self, writer: AnyType, inner: TypeNode, reader: AnyType, wanted: TypeNode) -> Found:
        def around(value: Json) -> Iterator[Json]:
            yield canonical_json(value)

        return self._witnesses.carried(None, self.prove(inner, wanted), writer, reader, around)
