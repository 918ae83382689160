"""Membership: does a reader of a type take this JSON value, and may a writer of the type write it?

Written apart from the proof of inclusion, and from the JSON Schema and the decoder that a worker uses: a witness is shown
only when the two questions confirm it. Readers check twice, by schema and by a strict decoder, and both must accept; so
``1.0`` is no int, ``true`` is not ``1``, a set refuses repetitions. Opaque validators are not seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from horsies_core.contract.compare import numbers, texts
from horsies_core.contract.compare.answer import Answer, both, either, is_int, is_number, same_json
from horsies_core.contract.compare.patterns import matches
from horsies_core.contract.compare.resolved import AnyType, Resolved, Table, Typed, resolve
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    BytesType,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    UnionType,
    UnresolvedType,
    canonical_json,
)
from horsies_core.contract.wire import Json


def accepts(reader: Typed, value: Json, *, open_objects: bool = False) -> Answer:
    """Whether a reader takes the value. ``open_objects``: unknown keys pass everywhere, as they do for readers of results."""
    return _Reader(reader.table, open_objects=open_objects).takes(reader.node, value)


def may_write(writer: Typed, value: Json) -> Answer:
    """Whether a writer may write the value."""
    return _Writer(writer.table).writes(writer.node, value)


class _Walk:
    """What both directions share: names looked up, and no way round in circles over one value."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._open: set[tuple[str, int]] = set()

    def guarded(self, node: AnyType, value: Json, step: Callable[[Resolved, Json], Answer]) -> Answer:
        """A name that leads back to itself without reading anything has no values by that way."""
        if not isinstance(node, Ref):
            return step(node, value)
        here = (node.name, id(value))
        if here in self._open:
            return False
        self._open.add(here)
        try:
            return step(resolve(node, self.table), value)
        finally:
            self._open.discard(here)


class _Reader(_Walk):
    def __init__(self, table: Table, *, open_objects: bool) -> None:
        super().__init__(table)
        self.open_objects = open_objects

    def takes(self, node: AnyType, value: Json) -> Answer:
        return self.guarded(node, value, self._takes)

    def _takes(self, node: Resolved, value: Json) -> Answer:
        match node:
            case NullType():
                return value is None
            case BoolType():
                return isinstance(value, bool)
            case JsonType():
                return True
            case LiteralType(values=values):
                return same_json(value) in {same_json(json.loads(item)) for item in values}
            case NumberType():
                return _number_taken(node, value)
            case StringType() | BytesType() | TemporalType():
                return _text_taken(node, value) if isinstance(value, str) else False
            case ArrayType():
                return self._array(node, value)
            case TupleType(items=items):
                return self._places(items, len(items), value)
            case TupleDefinition(fields=fields):
                return self._places(tuple(field.type for field in fields), sum(f.required for f in fields), value)
            case MapType():
                return self._map(node, value)
            case ObjectDefinition():
                return self._object(node, value)
            case UnionType(members=members, tag=None):
                return either(self.takes(member, value) for member in members)
            case UnionType():
                return self._tagged(node, value)
            case JsonTextType(inner=inner):
                found, inside = _parsed(value)
                return self.takes(inner, inside) if found else (None if value in _CONSTANTS else False)
            case UnresolvedType():
                return None
            case _:
                assert_never(node)

    def _array(self, node: ArrayType, value: Json) -> Answer:
        if not isinstance(value, list) or not _counted(node.min_items, node.max_items, len(value)):
            return False
        if node.is_unique and len({same_json(item) for item in value}) < len(value):
            return False
        return both(self.takes(node.item, item) for item in value)

    def _places(self, items: tuple[AnyType, ...], least: int, value: Json) -> Answer:
        if not isinstance(value, list) or not least <= len(value) <= len(items):
            return False
        return both(self.takes(item, part) for item, part in zip(items, value, strict=False))

    def _map(self, node: MapType, value: Json) -> Answer:
        if not isinstance(value, dict) or not _counted(node.min_items, node.max_items, len(value)):
            return False
        keys = both(self.takes_key(node.key, key) for key in value)
        return both((keys, both(self.takes(node.value, item) for item in value.values())))

    def takes_key(self, node: AnyType, key: str) -> Answer:
        """Whether a key is taken; on the wire every key is text."""
        resolved = resolve(node, self.table)
        match resolved:
            case NumberType():
                return _number_key_taken(resolved, key)
            case BoolType():
                return key in ("true", "false")
            case LiteralType(values=values):
                return _literal_key_taken(values, key)
            case UnionType(members=members):
                return either(self.takes_key(member, key) for member in members)
            case NullType():
                return False
            case StringType() | BytesType() | TemporalType():
                return _text_taken(resolved, key)
            case _:
                return None

    def _object(self, node: ObjectDefinition, value: Json) -> Answer:
        if not isinstance(value, dict):
            return False
        answers: list[Answer] = []
        known: set[str] = set()
        for field in node.fields:
            present = [name for name in field.accept if name in value]
            known.update(field.accept)
            if field.required and not present:
                return False
            if len(present) > 1 and node.extra == "forbid" and not self.open_objects:
                return False
            answers.extend(self.takes(field.type, value[name]) for name in present)
        extra = {key: item for key, item in value.items() if key not in known}
        return both((*answers, self._extra(node, extra)))

    def _extra(self, node: ObjectDefinition, extra: Mapping[str, Json]) -> Answer:
        if node.extra == "forbid" and not self.open_objects:
            return not extra
        if node.extra == "allow" and node.extra_type is not None:
            return both(self.takes(node.extra_type, item) for item in extra.values())
        return True

    def _tagged(self, node: UnionType, value: Json) -> Answer:
        if not isinstance(value, dict) or node.tag is None or node.tag not in value:
            return False
        return either(self.takes(member, value) for member in node.members)


class _Writer(_Walk):
    def writes(self, node: AnyType, value: Json) -> Answer:
        return self.guarded(node, value, self._writes)

    def _writes(self, node: Resolved, value: Json) -> Answer:
        match node:
            case NullType():
                return value is None
            case BoolType():
                return isinstance(value, bool)
            case JsonType():
                return _is_finite_json(value)
            case LiteralType(values=values):
                return canonical_json(value) in values
            case NumberType():
                return _number_written(node, value)
            case StringType() | BytesType() | TemporalType():
                return _text_written(node, value) if isinstance(value, str) else False
            case ArrayType():
                return self._array(node, value)
            case TupleType(items=items):
                return self._places(items, value)
            case TupleDefinition(fields=fields):
                return self._places(tuple(field.type for field in fields), value)
            case MapType():
                return self._map(node, value)
            case ObjectDefinition():
                return self._object(node, value)
            case UnionType(members=members, tag=tag):
                if tag is not None and not (isinstance(value, dict) and tag in value):
                    return False
                return either(self.writes(member, value) for member in members)
            case JsonTextType(inner=inner):
                found, inside = _parsed(value)
                return self.writes(inner, inside) if found and canonical_json(inside) == value else False
            case UnresolvedType():
                return None
            case _:
                assert_never(node)

    def _array(self, node: ArrayType, value: Json) -> Answer:
        if not isinstance(value, list) or not _counted(node.min_items, node.max_items, len(value)):
            return False
        items = both(self.writes(node.item, item) for item in value)
        if not node.is_unique:
            return items
        if len({same_json(item) for item in value}) < len(value):
            return False
        return both((items, True if len({_hashed(item) for item in value}) == len(value) else None))

    def _places(self, items: tuple[AnyType, ...], value: Json) -> Answer:
        if not isinstance(value, list) or len(value) != len(items):
            return False
        return both(self.writes(item, part) for item, part in zip(items, value, strict=True))

    def _map(self, node: MapType, value: Json) -> Answer:
        if not isinstance(value, dict) or not _counted(node.min_items, node.max_items, len(value)):
            return False
        keys = both(self.writes_key(node.key, key) for key in value)
        return both((keys, both(self.writes(node.value, item) for item in value.values())))

    def writes_key(self, node: AnyType, key: str) -> Answer:
        """Whether a key may be written."""
        resolved = resolve(node, self.table)
        match resolved:
            case NumberType():
                return _number_key_written(resolved, key)
            case BoolType():
                return key in ("true", "false")
            case LiteralType(values=values):
                return key in {key_text(item) for item in values}
            case UnionType(members=members):
                return either(self.writes_key(member, key) for member in members)
            case StringType() | BytesType() | TemporalType():
                return _text_written(resolved, key)
            case _:
                return None

    def _object(self, node: ObjectDefinition, value: Json) -> Answer:
        if not isinstance(value, dict):
            return False
        fields = {field.emit: field for field in node.fields if field.emit is not None}
        if any(field.required and name not in value for name, field in fields.items()):
            return False
        answers = [self.writes(field.type, value[name]) for name, field in fields.items() if name in value]
        extra = [key for key in value if key not in fields]
        if not extra:
            return both(answers)
        if node.extra != "allow" or any(key in field.accept for field in node.fields for key in extra):
            return False
        if node.extra_type is not None:
            answers.extend(self.writes(node.extra_type, value[key]) for key in extra)
        return both(answers)


def key_text(value: str) -> str:
    """How a literal, held as canonical JSON text, is written as a key."""
    loaded: Json = json.loads(value)
    return loaded if isinstance(loaded, str) else value


def _parsed(value: Json) -> tuple[bool, Json]:
    """Whether a value is JSON text, and the value inside."""
    if not isinstance(value, str):
        return False, None
    try:
        return True, json.loads(value, parse_constant=_no_constant)
    except ValueError:
        return False, None


_CONSTANTS = ("NaN", "Infinity", "-Infinity")
"""No JSON, though some readers of JSON text know them."""


def _no_constant(name: str) -> Json:
    raise ValueError(name)


def _is_finite_json(value: Json) -> bool:
    if isinstance(value, list):
        return all(_is_finite_json(item) for item in value)
    if isinstance(value, dict):
        return all(_is_finite_json(item) for item in value.values())
    return not isinstance(value, float) or math.isfinite(value)


def _counted(least: int | None, most: int | None, count: int) -> bool:
    return (least is None or count >= least) and (most is None or count <= most)


def _hashed(item: Json) -> object:
    """Equal for items that Python may hold for one member of a set, such as ``true`` and ``1``, "1.0" and "1.00"."""
    if isinstance(item, bool | int | float):
        return Fraction(item)
    number = texts.decimal_of(item) if isinstance(item, str) else None
    return same_json(item) if number is None else ("text", exactly(number))


def exactly(number: Decimal) -> Fraction | Decimal:
    """A rational of a decimal; the decimal itself where its exponent would take too long to write out."""
    return Fraction(number) if abs(number.adjusted()) < _LARGE_EXPONENT else number.normalize()


_LARGE_EXPONENT = 5000


def _number_taken(node: NumberType, value: Json) -> Answer:
    if isinstance(value, str) and node.kind == "decimal":
        number = texts.decimal_of(value)
        return False if number is None else _bounded(node, number)
    if isinstance(value, str | bool) or not isinstance(value, int | float) or not _in_float(value):
        return False
    if node.kind == "int":
        return isinstance(value, int) and numbers.fits(node, value)
    return numbers.fits(node, value)


def _bounded(node: NumberType, number: Decimal) -> Answer:
    return numbers.fits(node, number) if abs(number.adjusted()) < _LARGE_EXPONENT else None


def _in_float(value: float) -> bool:
    return -numbers.MAX_FLOAT <= value <= numbers.MAX_FLOAT


def _number_written(node: NumberType, value: Json) -> Answer:
    if node.kind == "decimal":
        if not isinstance(value, str):
            return False
        number = texts.decimal_of(value)
        return False if number is None or str(number) != value else _bounded(node, number)
    if node.kind == "int":
        return isinstance(value, int) and is_int(value) and _in_float(value) and numbers.fits(node, value)
    return isinstance(value, float) and is_number(value) and math.isfinite(value) and numbers.fits(node, value)


def _number_key_taken(node: NumberType, key: str) -> Answer:
    digits = key.removeprefix("-").removeprefix("+") if key[:2] not in ("-+", "+-") else ""
    if digits.isascii() and digits.isdigit():
        return None if len(digits) > 300 else numbers.fits(node, int(key))
    if node.kind == "int":
        return False
    number = texts.decimal_of(key)
    if number is None:
        return None if any(character.isdigit() for character in key) or key.strip("+-").lower() in _NAN else False
    if node.kind == "decimal":
        return _bounded(node, number)
    return numbers.fits(node, float(key)) if math.isfinite(float(key)) else None


_NAN = frozenset({"nan", "inf", "infinity", "snan"})


def _number_key_written(node: NumberType, key: str) -> Answer:
    number = texts.decimal_of(key)
    if number is None:
        return False
    if node.kind == "decimal":
        return str(number) == key and _bounded(node, number)
    if node.kind == "int":
        digits = key.removeprefix("-")
        return digits.isdigit() and len(digits) <= 300 and str(int(key)) == key and numbers.fits(node, int(key))
    if "." not in key or len(key) > 15 or repr(float(key)) != key:
        return None
    return numbers.fits(node, float(key))


def _literal_key_taken(values: tuple[str, ...], key: str) -> Answer:
    """Text is compared with text; how a key stands for another literal is left to the enum's own class."""
    if canonical_json(key) in values:
        return True
    return None if key in {key_text(value) for value in values} else False


def _text_taken(node: StringType | BytesType | TemporalType, text: str) -> Answer:
    match node:
        case BytesType():
            return texts.bytes_take(node, text)
        case TemporalType():
            return texts.temporal_takes(node, text)
        case StringType():
            return both((_string_fits(node, text), node.format is None or texts.format_takes(node.format, text)))


def _text_written(node: StringType | BytesType | TemporalType, text: str) -> Answer:
    match node:
        case BytesType():
            return texts.bytes_print(node, text)
        case TemporalType():
            return texts.temporal_prints(node, text)
        case StringType():
            return both((_string_fits(node, text), node.format is None or texts.format_prints(node.format, text)))


def _string_fits(node: StringType, text: str) -> Answer:
    if not _counted(node.min_length, node.max_length, len(text)):
        return False
    return True if node.pattern is None else matches(node.pattern, text)
