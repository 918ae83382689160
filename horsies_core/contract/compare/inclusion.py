"""The proof: does a reader of one type take everything that a writer of another may write?

Structural and coinductive. A pair of types that is being compared already is assumed to fit (the greatest fixed point: a
recursive type fits unless some finite value shows otherwise); a result that rests on such an assumption is not kept
beyond it. Inclusion in a union is tried member by member, then by splitting the writer by the values of one of its parts.
What is neither proven nor refuted by a witness comes back as a mismatch without a witness, which counts as breaking.

Every witness is confirmed by `membership` where it is made, on each level that it is carried through.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from horsies_core.contract.compare import numbers
from horsies_core.contract.compare.leaves import PLAIN_STRING, leaf_cause, leaf_included
from horsies_core.contract.compare.membership import accepts, may_write
from horsies_core.contract.compare.mismatch import Cause, Mismatch
from horsies_core.contract.compare.records import (
    Property,
    Rest,
    Taken,
    Written,
    replace_field,
    taken_by,
    with_tag,
    without_field,
    written_by,
)
from horsies_core.contract.compare.resolved import AnyType, Resolved, Table, Typed, is_opaque
from horsies_core.contract.compare.samples import keys_of, samples, smallest
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    Field,
    JsonTextType,
    JsonType,
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
    canonical_json,
)
from horsies_core.contract.wire import Json

Found = list[Mismatch]

ITEM = "*"
KEYS = "<keys>"

_TRIED = 200
"""How many samples are tried as witness at one place."""
_MET = 16
"""How many samples are looked at for one that both sides know."""
_SPLITS = 256
"""How many times writers are split in one proof; beyond, the proof is given up."""
_WAYS = 32
"""Into how many alternatives a part is split at most."""

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
        self._writers = writers
        self._readers = readers
        self._open_objects = open_objects
        self._assumed: set[tuple[AnyType, AnyType]] = set()
        self._rested_on: set[tuple[AnyType, AnyType]] = set()
        self._known: dict[tuple[AnyType, AnyType], Found] = {}
        self._known_plainly: dict[tuple[AnyType, AnyType], Found] = {}
        self._plainly = False
        self._splits_left = _SPLITS

    def mismatches(self, writer: AnyType, reader: AnyType) -> Found:
        """Every place where the reader does not take, or takes otherwise, what the writer may write; none is a proof."""
        self._splits_left = _SPLITS
        if self._has_no_values(writer, frozenset()):
            return []
        return self._prove(writer, reader)

    def _prove(self, writer: AnyType, reader: AnyType) -> Found:
        pair = (writer, reader)
        known = self._known_plainly if self._plainly else self._known
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

    def _prove_plainly(self, writer: AnyType, reader: AnyType) -> Found:
        """The proof without witnesses, for attempts: making them is what takes the time."""
        outer, self._plainly = self._plainly, True
        try:
            return self._prove(writer, reader)
        finally:
            self._plainly = outer

    def _compare(self, writer: AnyType, reader: AnyType) -> Found:
        found = self._by_kind(writer, reader)
        if is_opaque(reader, self._readers) and not is_opaque(writer, self._writers) and not _fatal(found):
            return [*found, Mismatch(cause=Cause.VALIDATOR, writer=writer, reader=reader)]
        return found

    def _by_kind(self, writer: AnyType, reader: AnyType) -> Found:
        written, taken = self._written(writer).resolved, self._taken(reader).resolved
        match written, taken:
            case (UnresolvedType(), _) | (_, UnresolvedType()):
                return [Mismatch(cause=Cause.UNPROVEN, writer=writer, reader=reader)]
            case _, JsonType():
                return []
            case JsonType(), _:
                return self._each_member(writer, UnionType(_JSON_KINDS), reader)
            case UnionType(), _:
                return self._each_member(writer, written, reader)
            case LiteralType(values=values), _:
                return self._each_value(writer, tuple(json.loads(value) for value in values), reader)
            case NullType(), _:
                return self._each_value(writer, (None,), reader)
            case BoolType(), _ if not isinstance(taken, BoolType):
                return self._each_value(writer, (False, True), reader)
            case _, UnionType():
                return self._into_union(writer, written, reader, taken)
            case ((ArrayType() | TupleType() | TupleDefinition()), (ArrayType() | TupleType() | TupleDefinition())):
                return self._lists(writer, written, reader, taken)
            case ((MapType() | ObjectDefinition()), (MapType() | ObjectDefinition())):
                return self._objects(writer, written, reader, taken)
            case JsonTextType(inner=inner), JsonTextType(inner=wanted):
                return self._json_text(writer, inner, reader, wanted)
            case _:
                return self._leaf(writer, written, reader, taken)

    # Parts of a writer, all of which must be taken.

    def _each_member(self, writer: AnyType, union: UnionType, reader: AnyType) -> Found:
        """Every member of a union that is written must be taken. Mismatches of the whole are told as one."""
        taken = self._taken(reader).resolved
        if union.tag is not None and isinstance(taken, UnionType) and taken.tag not in (None, union.tag):
            return [self._refused(writer, reader, Cause.TAG)]
        found: Found = []
        fitting = 0
        for member in union.members:
            if self._has_no_values(member, frozenset()):
                continue
            told = with_tag(member, union.tag, self._writers) if union.tag is not None else member
            here = self._prove(told, reader)
            fitting += not _fatal(here)
            found.extend(here)
        return _as_one(found, writer, reader, overlaps=fitting > 0)

    def _each_value(self, writer: AnyType, values: tuple[Json, ...], reader: AnyType) -> Found:
        answers = [(value, self._accepts(reader, value)) for value in values]
        refused = [value for value, answer in answers if answer is False]
        if all(answer is True for _, answer in answers):
            return []
        has_literals = any(isinstance(node, LiteralType) for node in self._taken_alternatives(reader))
        is_literal = isinstance(self._written(writer).resolved, LiteralType)
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

    # Into a union: one member, or one member for each way to split the writer.

    def _into_union(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType) -> Found:
        if union.tag is not None:
            return self._into_tagged(writer, written, reader, union, union.tag)
        for member in union.members:
            found = self._prove_plainly(writer, member)
            if not _fatal(found):
                return found
        by_parts = self._by_parts(written, reader)
        if by_parts is not None:
            return by_parts
        return self._nearest(writer, written, reader, union) or [self._refused(writer, reader, Cause.KIND)]

    def _nearest(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType) -> Found:
        """What is wrong with the one member of the writer's own kind, if the whole union refuses it for that."""
        alike = [member for member in union.members if _alike(written, self._taken(member).resolved)]
        if len(alike) != 1 or self._plainly:
            return []
        found = [
            mismatch
            for mismatch in self._prove(writer, alike[0])
            if not mismatch.is_fatal or (mismatch.witness and self._accepts(reader, mismatch.witness[0]) is False)
        ]
        return found if _fatal(found) else []

    def _by_parts(self, written: Resolved, reader: AnyType) -> Found | None:
        """The proof for every way to split the writer by one of its parts; None if no split gives a proof."""
        for parts in islice(self._splits(written), 4):
            if self._splits_left <= 0:
                return None
            self._splits_left -= 1
            found: Found = []
            for part in parts:
                found.extend(self._prove_plainly(part, reader))
                if _fatal(found):
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
                values = _int_values(written)
                if values:
                    yield [LiteralType((canonical_json(value),)) for value in values]
            case _:
                return

    def _ways(self, node: TypeNode) -> list[TypeNode]:
        """The alternatives of a part, if it has a few."""
        match self._written(node).resolved:
            case UnionType(members=members, tag=None) if len(members) <= _WAYS:
                return list(members)
            case LiteralType(values=values) if 1 < len(values) <= _WAYS:
                return [LiteralType((value,)) for value in values]
            case BoolType():
                return [LiteralType(("false",)), LiteralType(("true",))]
            case _:
                return []

    # Tagged unions: the tag decides.

    def _into_tagged(self, writer: AnyType, written: Resolved, reader: AnyType, union: UnionType, tag: str) -> Found:
        field = _emitted(written, tag)
        if not isinstance(written, ObjectDefinition) or field is None:
            kind = Cause.TAG if isinstance(written, ObjectDefinition) else Cause.KIND
            return [self._refused(writer, reader, kind)]
        values = self._written(field.type).resolved
        if not isinstance(values, LiteralType):
            return [self._refused(writer, reader, Cause.TAG)]
        found: Found = [] if field.required else [self._refused(writer, reader, Cause.MISSING, (tag,))]
        for value in values.values:
            told = replace_field(written, tag, as_type=LiteralType((value,)), required=True)
            members = [member for member in union.members if self._has_tag(member, tag, json.loads(value))]
            if not members:
                witness = None if self._plainly else next(self._refusals(told, reader), None)
                found.append(_unknown_tag(field.type, union, tag, value, witness))
            else:
                found.extend(self._prove(told, members[0] if len(members) == 1 else UnionType(tuple(members))))
        return found

    def _has_tag(self, member: AnyType, tag: str, value: Json) -> bool:
        return any(
            isinstance(node, ObjectDefinition)
            and any(tag in field.accept and self._accepts(field.type, value) is True for field in node.fields)
            for node in self._taken_alternatives(member)
        )

    # Lists.

    def _lists(
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
                found.append(self._refused(writer, reader, _list_cause(written, taken)))
        if isinstance(taken, ArrayType) and taken.is_unique and not self._never_repeats(written, most):
            found.append(self._refused(writer, reader, Cause.KIND))
        length = most if most is not None else wanted_most
        for place, (item, wanted) in _item_pairs(written, taken, length).items():
            found.extend(self._item(writer, written, place, item, reader, wanted))
        return found

    def _item(
        self, writer: AnyType, written: Resolved, place: str, item: TypeNode, reader: AnyType, wanted: TypeNode
    ) -> Found:
        if self._has_no_values(item, frozenset()):
            return []
        if isinstance(written, ArrayType):
            return self._carried(place, self._prove(item, wanted), writer, reader, self._list_around(written))
        index = int(place)
        return self._carried(
            place, self._prove(item, wanted), writer, reader, self._tuple_around(writer, reader, index)
        )

    def _list_around(self, written: ArrayType) -> Callable[[Json], Iterator[Json]]:
        """Lists that hold the value: alone, repeated up to the least length, or among others."""

        def around(value: Json) -> Iterator[Json]:
            least = max(written.min_items or 0, 1)
            yield [value] * least
            others = [other for other in islice(samples(self._written(written.item)), 40) if other != value]
            yield [value, *others[: least - 1]]
            yield [*others[: least - 1], value]

        return around

    def _tuple_around(self, writer: AnyType, reader: AnyType, index: int) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in self._bases(writer, reader):
                if isinstance(base, list) and index < len(base):
                    yield [*base[:index], value, *base[index + 1 :]]

        return around

    def _never_repeats(self, written: ArrayType | TupleType | TupleDefinition, most: int | None) -> bool:
        return (isinstance(written, ArrayType) and written.is_unique) or (most is not None and most <= 1)

    def _distinct_items(self, item: TypeNode, most: int | None) -> int | None:
        """How many items a set holds at most, counting the values that its items have."""
        match self._written(item).resolved:
            case LiteralType(values=values):
                count = len(values)
            case BoolType():
                count = 2
            case NullType():
                count = 1
            case NumberType(kind="int") as node if (ways := _int_values(node)) is not None:
                count = len(ways)
            case _:
                return most
        return count if most is None else min(count, most)

    # Objects.

    def _objects(
        self,
        writer: AnyType,
        written: MapType | ObjectDefinition,
        reader: AnyType,
        taken: MapType | ObjectDefinition,
    ) -> Found:
        left = written_by(written, self._writers)
        right = taken_by(taken, open_objects=self._open_objects)
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
            found.append(self._refused(writer, reader, Cause.BOUND))
        if right.closed and any(len(left.named.keys() & set(field.accept)) > 1 for field in right.fields):
            found.append(self._refused(writer, reader, Cause.EXTRA))
        return found

    def _field(self, writer: AnyType, left: Written, field: Field, reader: AnyType) -> Found:
        """One field of the reader: everything that is written under its names, and its absence."""
        found: Found = []
        present = [(name, left.named[name]) for name in field.accept if name in left.named]
        for name, item in present:
            found.extend(self._property(writer, name, item.type, reader, field.type))
        if left.rest is not None:
            for name in field.accept:
                if name not in left.named and name not in left.never and self._writes_key(left.rest.key, name):
                    found.extend(self._property(writer, name, left.rest.value, reader, field.type))
        if any(item.always for _, item in present):
            return found
        return [*found, *self._absent(writer, left, field, present, reader)]

    def _absent(
        self, writer: AnyType, left: Written, field: Field, present: list[tuple[str, Property]], reader: AnyType
    ) -> Found:
        if field.required:
            missing = self._refused(writer, reader, Cause.MISSING, (field.accept[0],))
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
        if self._has_no_values(item, frozenset()):
            return []
        return self._carried(name, self._prove(item, wanted), writer, reader, self._object_around(writer, reader, name))

    def _object_around(self, writer: AnyType, reader: AnyType, name: str) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in self._bases(writer, reader):
                if isinstance(base, dict):
                    yield {**base, name: value}
                    others = [key for key in base if key != name]
                    yield {**{key: base[key] for key in others[1:]}, name: value}

        return around

    def _unknown_key(self, writer: AnyType, name: str, item: Property, reader: AnyType, right: Taken) -> Found:
        """A property that no field of the reader is read from."""
        if right.closed:
            extra = self._refused(writer, reader, Cause.EXTRA, (name,))
            return [replace(extra, always=item.always, overlaps=not item.always, writer=item.type, reader=None)]
        if right.rest is None:
            return [Mismatch(cause=Cause.IGNORED, path=(name,), writer=item.type)]
        found = self._property(writer, name, item.type, reader, right.rest.value)
        if self._takes_key(right.rest.key, name) is not True:
            found = [*found, self._refused(writer, reader, Cause.KIND, (KEYS,))]
        return found

    def _free_keys(self, writer: AnyType, rest: Rest, reader: AnyType, right: Taken) -> Found:
        if right.closed:
            return [self._refused(writer, reader, Cause.EXTRA)]
        if right.rest is None:
            return []
        found: Found = []
        if not self._has_no_values(rest.value, frozenset()):
            values = self._prove(rest.value, right.rest.value)
            found.extend(self._carried(ITEM, values, writer, reader, self._map_around(writer, rest)))
        if not self._keys_included(rest.key, right.rest.key):
            found.append(self._refused_key(writer, rest, reader, right.rest))
        return found

    def _map_around(self, writer: AnyType, rest: Rest) -> Callable[[Json], Iterator[Json]]:
        def around(value: Json) -> Iterator[Json]:
            for base in smallest(self._written(writer)):
                if isinstance(base, dict) and base:
                    yield {**base, next(iter(base)): value}
            for key in islice(keys_of(self._written(rest.key), None), 8):
                for base in smallest(self._written(writer)):
                    yield {**base, key: value} if isinstance(base, dict) else {key: value}

        return around

    # Keys of dictionaries.

    def _keys_included(self, writer: AnyType, reader: AnyType) -> bool:
        wanted = list(self._taken_alternatives(reader))
        return all(self._key_included(node, wanted) for node in self._written_alternatives(writer))

    def _key_included(self, node: Resolved, wanted: list[Resolved]) -> bool:
        if isinstance(node, LiteralType | BoolType):
            keys = keys_of(self._written(node), None)
            return node in wanted or all(any(self._takes_key(other, key) is True for other in wanted) for key in keys)
        return any(_key_kind_included(node, other) for other in wanted)

    def _refused_key(self, writer: AnyType, rest: Rest, reader: AnyType, wanted: Rest) -> Mismatch:
        if self._plainly:
            return Mismatch(cause=Cause.KIND)
        proposed = self._keyed(writer, rest, wanted)
        witness = next((value for value in proposed if self._is_witness(writer, value, reader)), None)
        alike = _alike_leaves(self._written(rest.key).resolved, self._taken(wanted.key).resolved)
        keys = islice(keys_of(self._written(rest.key), self._taken(wanted.key)), _MET)
        return Mismatch(
            cause=Cause.BOUND if alike else Cause.KIND,
            path=(KEYS,),
            writer=rest.key,
            reader=wanted.key,
            witness=() if witness is None else (witness,),
            overlaps=any(self._takes_key(wanted.key, key) is True for key in keys),
        )

    def _keyed(self, writer: AnyType, rest: Rest, wanted: Rest) -> Iterator[Json]:
        for value in islice(samples(self._written(rest.value), self._taken(wanted.value)), 6):
            for key in islice(keys_of(self._written(rest.key), self._taken(wanted.key)), 40):
                yield {key: value}
                for base in smallest(self._written(writer)):
                    if isinstance(base, dict):
                        yield {**base, key: value}

    def _writes_key(self, key: AnyType, name: str) -> bool:
        probe = MapType(key=_node(key), value=NullType())
        return may_write(self._written(probe), {name: None}) is not False

    def _takes_key(self, key: AnyType, name: str) -> bool | None:
        return accepts(self._taken(MapType(key=_node(key), value=NullType())), {name: None})

    # Leaves, and JSON in text.

    def _leaf(self, writer: AnyType, written: Resolved, reader: AnyType, taken: Resolved) -> Found:
        if written == taken == BoolType() or leaf_included(written, taken):
            return []
        return [self._refused(writer, reader, leaf_cause(written, taken))]

    def _json_text(self, writer: AnyType, inner: TypeNode, reader: AnyType, wanted: TypeNode) -> Found:
        def around(value: Json) -> Iterator[Json]:
            yield canonical_json(value)

        return self._carried(None, self._prove(inner, wanted), writer, reader, around)

    # Witnesses.

    def _refused(self, writer: AnyType, reader: AnyType, cause: Cause, path: tuple[str, ...] = ()) -> Mismatch:
        """A mismatch with the first sample that the reader refuses, if there is one."""
        if self._plainly:
            return Mismatch(cause=cause, path=path, writer=writer, reader=reader)
        witness = next(self._refusals(writer, reader, path), None)
        proposed = islice(samples(self._written(writer), self._taken(reader)), _MET)
        return Mismatch(
            cause=cause,
            path=path,
            writer=writer,
            reader=reader,
            witness=() if witness is None else witness,
            overlaps=any(self._accepts(reader, value) is True for value in proposed),
        )

    def _refusals(self, writer: AnyType, reader: AnyType, path: tuple[str, ...] = ()) -> Iterator[tuple[Json, ...]]:
        """Samples that the reader refuses; first those that have it right but for the property that the path names."""
        proposed = self._near_misses(writer, reader, path[0]) if path and path[0] != KEYS else iter(())
        further = islice(samples(self._written(writer), self._taken(reader)), _TRIED)
        for value in chain(proposed, further):
            if self._is_witness(writer, value, reader):
                yield (value,)

    def _near_misses(self, writer: AnyType, reader: AnyType, name: str) -> Iterator[Json]:
        for base in self._bases(writer, reader):
            if isinstance(base, dict):
                yield {key: value for key, value in base.items() if key != name}
                yield base
                written = self._written(writer).resolved
                field = _emitted(written, name)
                if field is not None:
                    for value in smallest(self._written(field.type)):
                        yield {**base, name: value}

    def _bases(self, writer: AnyType, reader: AnyType) -> Iterator[Json]:
        """Values of the writer with as many parts as possible that the reader takes."""
        written, taken = self._written(writer).resolved, self._taken(reader).resolved
        if isinstance(written, ObjectDefinition) and isinstance(taken, ObjectDefinition):
            yield from self._object_base(written, taken)
        if isinstance(written, TupleType | TupleDefinition) and isinstance(
            taken, ArrayType | TupleType | TupleDefinition
        ):
            yield from self._tuple_base(written, taken)
        yield from smallest(self._written(writer))

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
        pairs = _item_pairs(written, taken, None)
        parts = [
            self._agreed(item, pairs[str(index)][1] if str(index) in pairs else None)
            for index, item in enumerate(_items_of(written))
        ]
        if all(parts):
            yield [part[0] for part in parts]

    def _agreed(self, item: TypeNode, wanted: TypeNode | None) -> tuple[Json, ...]:
        """A value that both sides know, else any that is written."""
        if wanted is not None:
            for value in islice(samples(self._written(item), self._taken(wanted)), 40):
                if self._accepts(wanted, value) is True:
                    return (value,)
        return smallest(self._written(item))

    def _carried(
        self,
        place: str | None,
        inner: Found,
        writer: AnyType,
        reader: AnyType,
        around: Callable[[Json], Iterator[Json]],
    ) -> Found:
        """Mismatches of a part as mismatches of the whole: the path grows, the witness is put into a whole value."""
        if self._plainly:
            return inner
        found: Found = []
        for mismatch in inner:
            path = mismatch.path if place is None else (place, *mismatch.path)
            witness: tuple[Json, ...] = ()
            if mismatch.witness:
                whole = around(mismatch.witness[0])
                witness = tuple(islice((v for v in whole if self._is_witness(writer, v, reader)), 1))
            found.append(replace(mismatch, path=path, witness=witness))
        return found

    def _is_witness(self, writer: AnyType, value: Json, reader: AnyType) -> bool:
        return self._accepts(reader, value) is False and may_write(self._written(writer), value) is True

    def _accepts(self, reader: AnyType, value: Json) -> bool | None:
        return accepts(self._taken(reader), value, open_objects=self._open_objects)

    # Types without values.

    def _has_no_values(self, writer: AnyType, above: frozenset[AnyType]) -> bool:
        """Whether a writer of the type can write nothing at all: then nothing it writes is refused."""
        if writer in above:
            return True
        inside = above | {writer} if isinstance(writer, Ref | ObjectDefinition) else above
        match self._written(writer).resolved:
            case LiteralType(values=values):
                return not values
            case NumberType() as node:
                return numbers.is_empty(node)
            case StringType(min_length=int(least), max_length=int(most)):
                return least > most
            case ArrayType() as node:
                least = node.min_items or 0
                too_many = node.max_items is not None and least > node.max_items
                return too_many or (least > 0 and self._has_no_values(node.item, inside))
            case MapType() as node:
                least = node.min_items or 0
                return (node.max_items is not None and least > node.max_items) or (
                    least > 0 and self._has_no_values(node.value, inside)
                )
            case TupleType(items=items):
                return any(self._has_no_values(item, inside) for item in items)
            case TupleDefinition(fields=fields):
                return any(self._has_no_values(field.type, inside) for field in fields)
            case ObjectDefinition(fields=fields):
                written = [field for field in fields if field.required and field.emit is not None]
                return any(self._has_no_values(field.type, inside) for field in written)
            case UnionType(members=members):
                return all(self._has_no_values(member, inside) for member in members)
            case JsonTextType(inner=inner):
                return self._has_no_values(inner, inside)
            case _:
                return False

    def _written(self, node: AnyType) -> Typed:
        return Typed(node, self._writers)

    def _taken(self, node: AnyType) -> Typed:
        return Typed(node, self._readers)

    def _written_alternatives(self, node: AnyType) -> Iterator[Resolved]:
        return _alternatives(self._written(node))

    def _taken_alternatives(self, node: AnyType) -> Iterator[Resolved]:
        return _alternatives(self._taken(node))


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


def _fatal(found: Iterable[Mismatch]) -> bool:
    return any(mismatch.is_fatal for mismatch in found)


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


def _emitted(written: Resolved, name: str) -> Field | None:
    if not isinstance(written, ObjectDefinition):
        return None
    return next((field for field in written.fields if field.emit == name), None)


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


def _alike_leaves(written: Resolved, taken: Resolved) -> bool:
    return type(written) is type(taken) and leaf_cause(written, taken) is Cause.BOUND


def _items_of(node: TupleType | TupleDefinition) -> tuple[TypeNode, ...]:
    return node.items if isinstance(node, TupleType) else tuple(field.type for field in node.fields)


def _lengths_written(node: ArrayType | TupleType | TupleDefinition) -> tuple[int, int | None]:
    if isinstance(node, ArrayType):
        return node.min_items or 0, node.max_items
    count = len(_items_of(node))
    return count, count


def _lengths_taken(node: ArrayType | TupleType | TupleDefinition) -> tuple[int, int | None]:
    if isinstance(node, TupleDefinition):
        return sum(field.required for field in node.fields), len(node.fields)
    return _lengths_written(node)


def _list_cause(
    written: ArrayType | TupleType | TupleDefinition, taken: ArrayType | TupleType | TupleDefinition
) -> Cause:
    return Cause.BOUND if isinstance(written, ArrayType) and isinstance(taken, ArrayType) else Cause.KIND


def _item_pairs(
    written: ArrayType | TupleType | TupleDefinition, taken: ArrayType | TupleType | TupleDefinition, length: int | None
) -> dict[str, tuple[TypeNode, TypeNode]]:
    """Which type of item meets which, by place."""
    if isinstance(written, ArrayType) and isinstance(taken, ArrayType):
        return {} if length == 0 else {ITEM: (written.item, taken.item)}
    if isinstance(written, ArrayType):
        wanted = _items_of(taken) if isinstance(taken, TupleType | TupleDefinition) else ()
        return {f"{ITEM}{index}": (written.item, item) for index, item in enumerate(wanted)}
    items = _items_of(written)
    if isinstance(taken, ArrayType):
        return {str(index): (item, taken.item) for index, item in enumerate(items)}
    return {str(index): pair for index, pair in enumerate(zip(items, _items_of(taken), strict=False))}


def _int_values(node: NumberType) -> list[int] | None:
    """All values of an int type, if there are few."""
    low, high, step = numbers.least_of(node)[0], numbers.greatest_of(node)[0], numbers.step_of(node)
    if node.kind != "int" or step is None or isinstance(low, float) or isinstance(high, float):
        return None
    if step == 0 or (high - low) / step >= _WAYS:
        return None
    return [int(low + index * step) for index in range(int((high - low) / step) + 1)]


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


def _node(key: AnyType) -> TypeNode:
    if isinstance(key, ObjectDefinition | TupleDefinition):
        return UnresolvedType("a key cannot be an object")
    return key


def _shown_default(default: object) -> str:
    text = getattr(default, "json_text", None)
    return "absent" if default is None else ("computed" if text is None else str(text))
