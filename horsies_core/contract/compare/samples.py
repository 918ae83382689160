"""Values that a writer may write, made to be refused: the smallest ones, and those at the edges of both sides' constraints.

A sample is a proposal: `membership.may_write` has the last word. ``near`` is the reader that the values are meant for; its
bounds, lengths and literals say where to look.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice, pairwise
from typing import assert_never

from horsies_core.contract.compare import numbers, patterns, texts
from horsies_core.contract.compare.answer import same_json
from horsies_core.contract.compare.membership import key_text, may_write
from horsies_core.contract.compare.resolved import AnyType, Typed
from horsies_core.contract.types import (
    ArrayType,
    BoolType,
    BytesType,
    Field,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    UnionType,
    UnresolvedType,
    canonical_json,
)
from horsies_core.contract.wire import Json

DEPTH = 3
"""How many containers deep samples vary; below, the smallest value stands."""
BREADTH = 12
"""How many values of one part of a container are tried."""
MAX_TEXT = 4096
"""No sample text is longer; constraints beyond it stay without a witness."""


def samples(writer: Typed, near: Typed | None = None, depth: int = DEPTH) -> Iterator[Json]:
    """Values that the writer may write, each once, small ones first."""
    seen: set[str] = set()
    for value in _proposed(writer, near, depth):
        key = canonical_json(value)
        if key not in seen and may_write(writer, value) is True:
            seen.add(key)
            yield value


def smallest(writer: Typed) -> tuple[Json, ...]:
    """One small value in a tuple, or an empty tuple: the type has no values, or none that could be found."""
    return _smallest(writer, frozenset())


def _smallest(writer: Typed, above: frozenset[AnyType]) -> tuple[Json, ...]:
    node = writer.resolved
    if node in above:
        return ()
    inside = above | {node}
    match node:
        case ObjectDefinition():
            required = [field for field in node.fields if field.required and field.emit is not None]
            return _whole_object(writer, required, inside)
        case TupleType(items=items):
            return _whole_list(writer, items, inside)
        case TupleDefinition(fields=fields):
            return _whole_list(writer, tuple(field.type for field in fields), inside)
        case ArrayType():
            return tuple(islice(_counted_lists(writer, node, (node.min_items or 0,), inside), 1))
        case MapType():
            return tuple(islice(_counted_maps(writer, node, (node.min_items or 0,), inside), 1))
        case UnionType(members=members):
            found = (value for member in members for value in _smallest(writer.at(member), inside))
            return tuple(islice((value for value in found if may_write(writer, value) is not False), 1))
        case JsonTextType(inner=inner):
            return tuple(canonical_json(value) for value in _smallest(writer.at(inner), inside))
        case _:
            return tuple(islice((v for v in _proposed(writer, None, 0) if may_write(writer, v) is True), 1))


def _whole_object(writer: Typed, fields: Iterable[Field], above: frozenset[AnyType]) -> tuple[Json, ...]:
    body: dict[str, Json] = {}
    for field in fields:
        value = _smallest(writer.at(field.type), above)
        if not value:
            return ()
        body[field.emit or field.name] = value[0]
    return (body,)


def _whole_list(writer: Typed, items: tuple[AnyType, ...], above: frozenset[AnyType]) -> tuple[Json, ...]:
    parts = [_smallest(writer.at(item), above) for item in items]
    return ([part[0] for part in parts],) if all(parts) else ()


def _counted_lists(
    writer: Typed, node: ArrayType, counts: Iterable[int], above: frozenset[AnyType]
) -> Iterator[list[Json]]:
    """A list of small items for each count."""
    for count in counts:
        if count == 0:
            yield []
        elif count <= MAX_TEXT:
            yield from _one_list(writer.at(node.item), count, node.is_unique, above)


def _one_list(item: Typed, count: int, unique: bool, above: frozenset[AnyType]) -> Iterator[list[Json]]:
    first = _smallest(item, above)
    if first and (count == 1 or not unique):
        yield [first[0]] * count
    elif first:
        distinct = list(islice(_distinct(item, count), count))
        if len(distinct) == count:
            yield distinct


def _counted_maps(
    writer: Typed, node: MapType, counts: Iterable[int], above: frozenset[AnyType]
) -> Iterator[dict[str, Json]]:
    for count in counts:
        if count == 0:
            yield {}
            continue
        value = _smallest(writer.at(node.value), above)
        keys = list(islice(keys_of(writer.at(node.key), None, count), count))
        if value and len(keys) == count:
            yield dict.fromkeys(keys, value[0])


def _distinct(item: Typed, count: int) -> Iterator[Json]:
    seen: set[str] = set()
    for value in chain(samples(item, None, 1), _many(item, count)):
        key = same_json(value)
        if key not in seen and may_write(item, value) is True:
            seen.add(key)
            yield value


def _many(item: Typed, count: int) -> Iterator[Json]:
    """Enough different values of a plain type to fill a set or the keys of a map."""
    node = item.resolved
    if isinstance(node, NumberType):
        low, high, step = numbers.least_of(node)[0], numbers.greatest_of(node)[0], numbers.step_of(node) or Fraction(1)
        start, sign = (low, 1) if isinstance(low, Fraction) and low > -(10**300) else (high, -1)
        first = start if isinstance(start, Fraction) and abs(start) < 10**300 else Fraction(0)
        yield from (value for index in range(count + 1) for value in _as_numbers(node, first + sign * index * step))
    elif isinstance(node, StringType) and count <= MAX_TEXT:
        width = max(node.min_length or 0, len(str(count)))
        yield from (str(index).zfill(width) for index in range(count))


def _proposed(writer: Typed, near: Typed | None, depth: int) -> Iterator[Json]:
    node = writer.resolved
    match node:
        case NullType():
            yield None
        case BoolType():
            yield from (False, True)
        case LiteralType():
            yield from node.python_values()
        case NumberType():
            yield from _numbers(node, near)
        case StringType():
            yield from _strings(node, near)
        case BytesType():
            yield from _bytes(node, near)
        case TemporalType():
            yield from _temporal(node, near)
        case JsonType():
            yield from _ANY_JSON
            yield from _literals(near)
        case JsonTextType(inner=inner):
            target = near.resolved if near is not None else None
            further = near.at(target.inner) if near is not None and isinstance(target, JsonTextType) else None
            yield from (canonical_json(value) for value in samples(writer.at(inner), further, depth))
        case UnionType(members=members):
            yield from _by_turns([islice(samples(writer.at(member), near, depth), BREADTH) for member in members])
        case ArrayType():
            yield from _arrays(writer, node, near, depth)
        case TupleType(items=items):
            yield from _tuples(writer, items, near, depth)
        case TupleDefinition(fields=fields):
            yield from _tuples(writer, tuple(field.type for field in fields), near, depth)
        case MapType():
            yield from _maps(writer, node, near, depth)
        case ObjectDefinition():
            yield from _objects(writer, node, near, depth)
        case UnresolvedType():
            return
        case _:
            assert_never(node)


_ANY_JSON: tuple[Json, ...] = (None, True, 0, 1.5, "x", "", [], {}, [None], {"key": None}, -1, [0, "x"])


def _by_turns(sources: list[Iterator[Json]]) -> Iterator[Json]:
    """One value of each source, then the next of each."""
    while sources:
        kept: list[Iterator[Json]] = []
        for source in sources:
            for value in islice(source, 1):
                kept.append(source)
                yield value
        sources = kept


def _literals(near: Typed | None) -> Iterator[Json]:
    """The scalars that the reader names."""
    for node in () if near is None else _alternatives(near):
        if isinstance(node, LiteralType):
            yield from node.python_values()


def _alternatives(near: Typed) -> Iterator[AnyType]:
    """The members of a union and of unions inside it, or the type itself."""
    waiting: list[AnyType] = [near.node]
    seen: set[AnyType] = set()
    while waiting:
        node = near.at(waiting.pop()).resolved
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, UnionType):
            waiting.extend(reversed(node.members))
        else:
            yield node


def _numbers(node: NumberType, near: Typed | None) -> Iterator[Json]:
    others = [other for other in (() if near is None else _alternatives(near)) if isinstance(other, NumberType)]
    points: list[Fraction] = [Fraction(text) for text in ("1", "0", "-1", "1.5", "0.1", "0.125", "-7", "1000003")]
    points.extend(numbers.interesting(node))
    for other in others:
        points.extend(numbers.interesting(other))
    yield from _literals(near)
    for point in points:
        for place in _neighbours(node, point):
            yield from _as_numbers(node, place)


def _neighbours(node: NumberType, point: Fraction) -> Iterator[Fraction]:
    step = numbers.step_of(node)
    if step is None or step == 0:
        yield from (point, point + 1, point - 1)
        return
    count = math.floor(point / step)
    yield from ((count + offset) * step for offset in (0, 1, -1, 2))


def _as_numbers(node: NumberType, value: Fraction) -> Iterator[Json]:
    if node.kind == "int":
        if value.denominator == 1:
            yield value.numerator
    elif node.kind == "float":
        yield from _as_floats(value)
    else:
        text = _decimal_text(value)
        if text is not None:
            yield text


def _as_floats(value: Fraction) -> Iterator[float]:
    if abs(value) <= Fraction(numbers.MAX_FLOAT):
        nearest = float(value)
        yield nearest
        for other in (math.nextafter(nearest, math.inf), math.nextafter(nearest, -math.inf)):
            if math.isfinite(other):
                yield other


def _decimal_text(value: Fraction) -> str | None:
    """The decimal, if it has a finite one of few digits."""
    scale = value.denominator
    places = 0
    while scale % 10 == 0 or scale % 5 == 0 or scale % 2 == 0:
        scale //= 10 if scale % 10 == 0 else (5 if scale % 5 == 0 else 2)
        places += 1
    if scale != 1 or places > 400:
        return None
    exponent = places
    text = str(
        Decimal((0 if value >= 0 else 1, _digits_of(abs(value.numerator) * 10**exponent // value.denominator), 0))
    )
    number = Decimal(text).scaleb(-exponent) if len(text) < 28 else Decimal(f"{text}E-{exponent}")
    return str(number) if number else "0"


def _digits_of(number: int) -> tuple[int, ...]:
    return tuple(int(digit) for digit in str(number))


def _strings(node: StringType, near: Typed | None) -> Iterator[str]:
    if node.format is not None:
        yield from texts.FORMAT_SAMPLES.get(node.format, ())
    if node.pattern is not None:
        yield from patterns.samples(node.pattern)
    words = ["x", "", "1", "A", "a-b c", "é€😀", "true", "2024-02-29", "[]"]
    for other in () if near is None else _alternatives(near):
        words.extend(value for value in _words_near(other))
    yield from words
    for length in _lengths(node, near):
        yield from (letter * length for letter in ("a", "é", "0"))


def _words_near(other: AnyType) -> Iterator[str]:
    match other:
        case StringType(format=str(name)):
            yield from texts.FORMAT_SAMPLES.get(name, ())
        case StringType(pattern=str(pattern)):
            yield from patterns.samples(pattern)
        case LiteralType():
            yield from (value for value in other.python_values() if isinstance(value, str))
        case TemporalType():
            yield from texts.temporal_samples(other)
        case _:
            return


def _lengths(node: AnyType, near: Typed | None) -> list[int]:
    """The lengths at which either side's bounds decide."""
    found: set[int] = {0, 1, 2}
    for other in (node, *(() if near is None else _alternatives(near))):
        match other:
            case StringType(min_length=least, max_length=most) | BytesType(min_length=least, max_length=most):
                edges = (least, most)
            case ArrayType(min_items=least, max_items=most) | MapType(min_items=least, max_items=most):
                edges = (least, most)
            case TupleType(items=items):
                edges = (len(items), None)
            case TupleDefinition(fields=fields):
                edges = (len(fields), None)
            case _:
                continue
        found.update(edge + offset for edge in edges if edge is not None for offset in (-1, 0, 1))
    return sorted(length for length in found if 0 <= length <= MAX_TEXT)


def _bytes(node: BytesType, near: Typed | None) -> Iterator[str]:
    for length in _lengths(node, near):
        raw = b"a" * length
        if node.encoding == "utf8":
            yield raw.decode()
            yield "é" * (length // 2)
        else:
            yield raw.hex() if node.encoding == "hex" else base64.b64encode(raw).decode()


def _temporal(node: TemporalType, near: Typed | None) -> Iterator[str]:
    yield from texts.temporal_samples(node)
    for other in () if near is None else _alternatives(near):
        if isinstance(other, TemporalType) and other.kind == node.kind:
            yield from texts.temporal_samples(other)


def keys_of(key: Typed, near: Typed | None, count: int = 2) -> Iterator[str]:
    """Keys that a writer of a map may write, each once."""
    seen: set[str] = set()
    for text in _keys(key, near, count):
        if text not in seen:
            seen.add(text)
            yield text


def _keys(key: Typed, near: Typed | None, count: int) -> Iterator[str]:
    for node in _alternatives(key):
        match node:
            case LiteralType(values=values):
                yield from (key_text(value) for value in values)
            case BoolType():
                yield from ("true", "false")
            case NumberType():
                plain = chain(islice(samples(key.at(node), near), BREADTH), _many(key.at(node), count))
                yield from (str(value) for value in plain)
            case StringType() | BytesType() | TemporalType():
                found = chain(islice(samples(key.at(node), near), BREADTH), _distinct(key.at(node), count))
                yield from (str(value) for value in found)
            case _:
                continue


def _within(near: Typed | None, index: int = 0) -> Typed | None:
    """What the reader expects inside its containers, where that is plain."""
    for node in () if near is None else _alternatives(near):
        match node:
            case ArrayType(item=inner) | MapType(value=inner):
                return near.at(inner) if near is not None else None
            case TupleType(items=items) if index < len(items):
                return near.at(items[index]) if near is not None else None
            case TupleDefinition(fields=fields) if index < len(fields):
                return near.at(fields[index].type) if near is not None else None
            case _:
                continue
    return None


def _arrays(writer: Typed, node: ArrayType, near: Typed | None, depth: int) -> Iterator[Json]:
    yield from _counted_lists(writer, node, _lengths(node, near), frozenset())
    if depth > 0:
        least = max(node.min_items or 0, 1)
        items = list(islice(samples(writer.at(node.item), _within(near), depth - 1), BREADTH))
        for item in items:
            yield [item] * (1 if node.is_unique else least)
        yield from ([one, other] for one, other in pairwise(items))
        yield items


def _tuples(writer: Typed, items: tuple[AnyType, ...], near: Typed | None, depth: int) -> Iterator[Json]:
    whole = _whole_list(writer, items, frozenset())
    yield from whole
    for base in whole if depth > 0 else ():
        for index, item in enumerate(items):
            for value in islice(samples(writer.at(item), _within(near, index), depth - 1), BREADTH):
                yield [*base[:index], value, *base[index + 1 :]] if isinstance(base, list) else base


def _maps(writer: Typed, node: MapType, near: Typed | None, depth: int) -> Iterator[Json]:
    yield from _counted_maps(writer, node, _lengths(node, near), frozenset())
    if depth <= 0:
        return
    keys = list(islice(keys_of(writer.at(node.key), _key_near(near)), BREADTH))
    for value in islice(samples(writer.at(node.value), _within(near), depth - 1), BREADTH):
        yield from ({key: value} for key in keys[:1])
    for value in smallest(writer.at(node.value)):
        yield from ({key: value} for key in keys)


def _key_near(near: Typed | None) -> Typed | None:
    for node in () if near is None else _alternatives(near):
        if isinstance(node, MapType):
            return near.at(node.key) if near is not None else None
    return None


def _objects(writer: Typed, node: ObjectDefinition, near: Typed | None, depth: int) -> Iterator[Json]:
    written = [field for field in node.fields if field.emit is not None]
    for fields in ([field for field in written if field.required], written):
        for body in _whole_object(writer, fields, frozenset()):
            yield body
            if isinstance(body, dict) and depth > 0:
                yield from _varied(writer, written, body, near, depth)
                if node.extra == "allow":
                    further = smallest(writer.at(node.extra_type or JsonType()))
                    yield from ({**body, "another_key": value} for value in further)


def _varied(
    writer: Typed, fields: list[Field], body: dict[str, Json], near: Typed | None, depth: int
) -> Iterator[dict[str, Json]]:
    for field in fields:
        name = field.emit or field.name
        if not field.required:
            yield {key: value for key, value in body.items() if key != name}
        for value in islice(samples(writer.at(field.type), _field_near(near, name), depth - 1), BREADTH):
            yield {**body, name: value}


def _field_near(near: Typed | None, name: str) -> Typed | None:
    for node in () if near is None else _alternatives(near):
        if isinstance(node, ObjectDefinition):
            for field in node.fields:
                if name in field.accept and near is not None:
                    return near.at(field.type)
    return None
