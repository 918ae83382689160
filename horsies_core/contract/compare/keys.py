"""Inclusion between the keys of dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from horsies_core.contract.compare.leaves import PLAIN_STRING, leaf_included
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.records import Rest
from horsies_core.contract.compare.resolved import AnyType, Resolved
from horsies_core.contract.compare.samples import keys_of, samples, smallest
from horsies_core.contract.compare.sides import KEYS, Proof, Sides, alike_leaves
from horsies_core.contract.types import (
    BoolType,
    LiteralType,
    NumberType,
)
from horsies_core.contract.wire import Json

_MET = 16
"""How many keys are looked at for one that both sides know."""


class Keys:
    """The keys of dictionaries, which are text on the wire whatever their type."""

    def __init__(self, sides: Sides, proof: Proof) -> None:
        self._sides = sides
        self._proof = proof

    def included(self, writer: AnyType, reader: AnyType) -> bool:
        """Whether every key that is written is taken."""
        wanted = list(self._sides.taken_alternatives(reader))
        return all(self._key_included(node, wanted) for node in self._sides.written_alternatives(writer))

    def refused(self, writer: AnyType, rest: Rest, reader: AnyType, wanted: Rest) -> Mismatch:
        """The mismatch between two kinds of keys, with a whole dictionary as witness."""
        if self._proof.is_plain:
            return Mismatch(cause=Cause.KIND)
        proposed = self._keyed(writer, rest, wanted)
        witness = next((value for value in proposed if self._sides.is_witness(writer, value, reader)), None)
        alike = alike_leaves(self._sides.written(rest.key).resolved, self._sides.taken(wanted.key).resolved)
        keys = islice(keys_of(self._sides.written(rest.key), self._sides.taken(wanted.key)), _MET)
        return Mismatch(
            cause=Cause.BOUND if alike else Cause.KIND,
            path=(KEYS,),
            writer=rest.key,
            reader=wanted.key,
            witness=() if witness is None else (witness,),
            overlaps=any(self._sides.takes_key(wanted.key, key) is True for key in keys),
        )

    def _key_included(self, node: Resolved, wanted: list[Resolved]) -> bool:
        if isinstance(node, LiteralType | BoolType):
            keys = keys_of(self._sides.written(node), None)
            return node in wanted or all(
                any(self._sides.takes_key(other, key) is True for other in wanted) for key in keys
            )
        return any(_key_kind_included(node, other) for other in wanted)

    def _keyed(self, writer: AnyType, rest: Rest, wanted: Rest) -> Iterator[Json]:
        for value in islice(samples(self._sides.written(rest.value), self._sides.taken(wanted.value)), 6):
            for key in islice(keys_of(self._sides.written(rest.key), self._sides.taken(wanted.key)), 40):
                yield {key: value}
                for base in smallest(self._sides.written(writer)):
                    if isinstance(base, dict):
                        yield {**base, key: value}


def _key_kind_included(node: Resolved, wanted: Resolved) -> bool:
    if node == wanted or wanted == PLAIN_STRING:
        return True
    match node, wanted:
        case NumberType(kind="decimal"), NumberType(kind="decimal"):
            return leaf_included(node, wanted)
        case NumberType(), NumberType():
            return (node.kind != "decimal" and wanted.kind != "int" and leaf_included(node, wanted)) or (
                node.kind == wanted.kind and leaf_included(node, wanted)
            )
        case _:
            return leaf_included(node, wanted) and not isinstance(node, NumberType)
