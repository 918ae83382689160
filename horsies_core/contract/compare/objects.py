"""Inclusion between objects: models, dataclasses, TypedDicts and dictionaries, each in the place of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from horsies_core.contract.compare.keys import Keys
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.records import Property, Rest, Taken, Written, taken_by, written_by
from horsies_core.contract.compare.resolved import AnyType
from horsies_core.contract.compare.samples import keys_of, smallest
from horsies_core.contract.compare.sides import ITEM, KEYS, Found, Proof, Sides
from horsies_core.contract.compare.witness import Witnesses
from horsies_core.contract.types import (
    Field,
    MapType,
    ObjectDefinition,
    TypeNode,
)
from horsies_core.contract.wire import Json


class Objects:
    """Models and dictionaries: every field of the reader, every key that is written."""

    def __init__(self, sides: Sides, witnesses: Witnesses, proof: Proof) -> None:
        self._sides = sides
        self._witnesses = witnesses
        self._proof = proof
        self._keys = Keys(sides, proof)

    def mismatches(
        self,
        writer: AnyType,
        written: MapType | ObjectDefinition,
        reader: AnyType,
        taken: MapType | ObjectDefinition,
    ) -> Found:
        left = written_by(written, self._sides.writers)
        right = taken_by(taken, open_objects=self._sides.open_objects)
        found: Found = []
        for field in right.fields:
            found.extend(self._field(writer, left, field, reader))
        names = right.names
        for name, item in left.named.items():
            if name not in names:
                found.extend(self._unknown_key(writer, name, item, reader, right))
        if left.rest is not None:
            found.extend(self._free_keys(writer, left.rest, reader, right))
        if left.least < right.least or (right.most is not None and (left.most is None or left.most > right.most)):
            found.append(self._witnesses.refused(writer, reader, Cause.BOUND))
        if right.closed and any(len(left.named.keys() & set(field.accept)) > 1 for field in right.fields):
            found.append(self._witnesses.refused(writer, reader, Cause.EXTRA))
        return found

    def _field(self, writer: AnyType, left: Written, field: Field, reader: AnyType) -> Found:
        """One field of the reader: everything that is written under its names, and its absence."""
        found: Found = []
        present = [(name, left.named[name]) for name in field.accept if name in left.named]
        for name, item in present:
            found.extend(self._property(writer, name, item.type, reader, field.type))
        if left.rest is not None:
            for name in field.accept:
                if name not in left.named and name not in left.never and self._sides.writes_key(left.rest.key, name):
                    found.extend(self._property(writer, name, left.rest.value, reader, field.type))
        if any(item.always for _, item in present):
            return found
        return [*found, *self._absent(writer, left, field, present, reader)]

    def _absent(
        self, writer: AnyType, left: Written, field: Field, present: list[tuple[str, Property]], reader: AnyType
    ) -> Found:
        if field.required:
            missing = self._witnesses.refused(writer, reader, Cause.MISSING, (field.accept[0],))
            never = not present and left.rest is None
            shown = present[0][1].type if present else None
            return [replace(missing, always=never, overlaps=not never, writer=shown, reader=field.type)]
        if present and present[0][1].default != field.default:
            item = present[0][1]
            detail = f"{_shown_default(item.default)} -> {_shown_default(field.default)}"
            path = (field.accept[0],)
            return [Mismatch(cause=Cause.DEFAULT, path=path, writer=item.type, reader=field.type, detail=detail)]
        return []

    def _property(self, writer: AnyType, name: str, item: TypeNode, reader: AnyType, wanted: TypeNode) -> Found:
        if self._sides.has_no_values(item):
            return []
        around = self._object_around(writer, reader, name)
        return self._witnesses.carried(name, self._proof.prove(item, wanted), writer, reader, around)

    def _object_around(self, writer: AnyType, reader: AnyType, name: str) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in self._witnesses.bases(writer, reader):
                if isinstance(base, dict):
                    yield {**base, name: value}
                    others = [key for key in base if key != name]
                    yield {**{key: base[key] for key in others[1:]}, name: value}

        return around

    def _unknown_key(self, writer: AnyType, name: str, item: Property, reader: AnyType, right: Taken) -> Found:
        """A property that no field of the reader is read from."""
        if right.closed:
            extra = self._witnesses.refused(writer, reader, Cause.EXTRA, (name,))
            return [replace(extra, always=item.always, overlaps=not item.always, writer=item.type, reader=None)]
        if right.rest is None:
            return [Mismatch(cause=Cause.IGNORED, path=(name,), writer=item.type)]
        found = self._property(writer, name, item.type, reader, right.rest.value)
        if self._sides.takes_key(right.rest.key, name) is not True:
            found = [*found, self._witnesses.refused(writer, reader, Cause.KIND, (KEYS,))]
        return found

    def _free_keys(self, writer: AnyType, rest: Rest, reader: AnyType, right: Taken) -> Found:
        if right.closed:
            return [self._witnesses.refused(writer, reader, Cause.EXTRA)]
        if right.rest is None:
            return []
        found: Found = []
        if not self._sides.has_no_values(rest.value):
            values = self._proof.prove(rest.value, right.rest.value)
            found.extend(self._witnesses.carried(ITEM, values, writer, reader, self._map_around(writer, rest)))
        if not self._keys.included(rest.key, right.rest.key):
            found.append(self._keys.refused(writer, rest, reader, right.rest))
        return found

    def _map_around(self, writer: AnyType, rest: Rest) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in smallest(self._sides.written(writer)):
                if isinstance(base, dict) and base:
                    yield {**base, next(iter(base)): value}
            for key in islice(keys_of(self._sides.written(rest.key), None), 8):
                for base in smallest(self._sides.written(writer)):
                    yield {**base, key: value} if isinstance(base, dict) else {key: value}

        return around


def _shown_default(default: object) -> str:
    text = getattr(default, "json_text", None)
    return "absent" if default is None else ("computed" if text is None else str(text))
