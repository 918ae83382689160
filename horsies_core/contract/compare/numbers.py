"""Numbers: exact bounds and multiples, in rational arithmetic.

Bounds of floats are compared as the floats they are, multiples as the decimal that the float is written as: so do the
validators. Magnitudes beyond a float, and decimals of more than 28 digits, are taken for not written.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from horsies_core.contract.types import Number, NumberType

MAX_FLOAT = sys.float_info.max


def exact(number: Number) -> Fraction:
    """The number as it is written: ``0.1`` is one tenth."""
    return Fraction(number) if isinstance(number, int) else Fraction(str(number))


def fits(node: NumberType, value: Number) -> bool:
    """Whether a finite value keeps the bounds, the multiple and the digits of a number type of any kind."""
    return _keeps_bounds(node, value) and _is_multiple(node, value) and _keeps_digits(node, value)


def includes(writer: NumberType, reader: NumberType) -> bool:
    """Whether every value of the writer keeps the constraints of the reader. False may also mean: not proven."""
    return _bounds_included(writer, reader) and _multiples_included(writer, reader) and _digits_included(writer, reader)


Edge = tuple[Fraction | float, int]
"""A bound and its side: 0 the value itself, 1 just above it, -1 just below. Compares as a pair."""


def least_of(node: NumberType) -> Edge:
    """The lower edge of the values; for ints and floats it is a value, for decimals it may be open."""
    edges: list[Edge] = [(-math.inf, 0)]
    if node.ge is not None:
        edges.append((_place(node, node.ge), 0))
    if node.gt is not None:
        edges.append(_above(node, node.gt))
    return _aligned(node, max(edges), up=True)


def greatest_of(node: NumberType) -> Edge:
    """The upper edge of the values."""
    edges: list[Edge] = [(math.inf, 0)]
    if node.le is not None:
        edges.append((_place(node, node.le), 0))
    if node.lt is not None:
        edges.append(_below(node, node.lt))
    return _aligned(node, min(edges), up=False)


def is_empty(node: NumberType) -> bool:
    """Whether no number keeps the bounds."""
    return least_of(node) > greatest_of(node)


def step_of(node: NumberType) -> Fraction | None:
    """What every value is a multiple of, or None: for ints a whole number, 1 at least."""
    if node.multiple_of is None:
        return Fraction(1) if node.kind == "int" else None
    step = abs(exact(node.multiple_of))
    return Fraction(step.numerator) if node.kind == "int" else step


def interesting(node: NumberType) -> Iterator[Fraction]:
    """The values around which the type's bounds, multiples and digits decide."""
    step = step_of(node)
    near = Fraction(1) if step is None else step
    for edge, _ in (least_of(node), greatest_of(node)):
        if isinstance(edge, Fraction):
            for offset in (0, near, -near, near / 2, -near / 2, Fraction(1, 10**6), -Fraction(1, 10**6)):
                yield edge + offset
    for bound in (node.ge, node.gt, node.le, node.lt):
        if bound is not None:
            yield exact(bound)
    if step is not None:
        yield from (step, 2 * step, -step, step / 2)
    if node.max_digits is not None:
        yield from (Fraction(10**node.max_digits), Fraction(10**node.max_digits - 1), Fraction(1, 10**node.max_digits))
    if node.decimal_places is not None:
        yield from (Fraction(1, 10 ** (node.decimal_places + 1)), Fraction(1, 10**node.decimal_places))
        if node.max_digits is not None:
            yield Fraction(10 ** max(node.max_digits - node.decimal_places, 0))


def _place(node: NumberType, bound: Number) -> Fraction:
    return Fraction(bound) if node.kind != "decimal" else exact(bound)


def _above(node: NumberType, bound: Number) -> Edge:
    if node.kind == "int":
        return Fraction(math.floor(bound) + 1), 0
    if node.kind == "float":
        following = math.nextafter(float(bound), math.inf)
        return (Fraction(following), 0) if math.isfinite(following) else (math.inf, 0)
    return exact(bound), 1


def _below(node: NumberType, bound: Number) -> Edge:
    if node.kind == "int":
        return Fraction(math.ceil(bound) - 1), 0
    if node.kind == "float":
        preceding = math.nextafter(float(bound), -math.inf)
        return (Fraction(preceding), 0) if math.isfinite(preceding) else (-math.inf, 0)
    return exact(bound), -1


def _aligned(node: NumberType, edge: Edge, *, up: bool) -> Edge:
    """Moves the edge inwards to the next whole multiple."""
    value, side = edge
    step = step_of(node)
    if step is None or not isinstance(value, Fraction) or step == 0:
        return edge
    count = value / step
    if side != 0 and count.denominator == 1:
        return (count.numerator + side) * step, 0
    return (math.ceil(count) if up else math.floor(count)) * step, 0


def _keeps_bounds(node: NumberType, value: Number) -> bool:
    """By the decoder's comparison: floats and ints as they are, which Python compares exactly; decimals as written."""
    is_decimal = node.kind == "decimal" or isinstance(value, Decimal)
    number = Decimal(str(value)) if is_decimal and not isinstance(value, Decimal) else value
    return (
        (node.ge is None or number >= node.ge)
        and (node.gt is None or number > node.gt)
        and (node.le is None or number <= node.le)
        and (node.lt is None or number < node.lt)
    )


def _is_multiple(node: NumberType, value: Number) -> bool:
    if node.multiple_of is None or node.multiple_of == 0:
        return True
    return (exact(value) / exact(node.multiple_of)).denominator == 1


def _keeps_digits(node: NumberType, value: Number) -> bool:
    """pydantic's rule: the value as written, or without its trailing zeros, has few enough digits."""
    if node.max_digits is None and node.decimal_places is None:
        return True
    written = value if isinstance(value, Decimal) else Decimal(str(value))
    digits, places = _digits(written)
    fewer_digits, fewer_places = _digits(written.normalize())
    most, most_places = node.max_digits, node.decimal_places
    if most is not None and min(digits, fewer_digits) > most:
        return False
    if most_places is None:
        return True
    if min(places, fewer_places) > most_places:
        return False
    whole = min(max(digits - places, 0), max(fewer_digits - fewer_places, 0))
    return most is None or whole <= max(most - most_places, 0)


def _digits(value: Decimal) -> tuple[int, int]:
    """How many digits, and how many of them behind the point."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return 0, 0
    if exponent >= 0:
        return len(digits) + exponent, 0
    return max(len(digits), -exponent), -exponent


def _bounds_included(writer: NumberType, reader: NumberType) -> bool:
    low, high = least_of(writer), greatest_of(writer)
    if writer.kind == "float" and reader.kind == "decimal":
        low, high = _as_written(low), _as_written(high)
    if writer.kind != "decimal" and reader.kind == "decimal" and not _bounds_are_floats(reader):
        return False
    plain = _plain(reader)
    return low >= least_of(plain) and high <= greatest_of(plain)


def _as_written(edge: Edge) -> Edge:
    """A float's edge as the decimal that a reader of decimals sees."""
    value, side = edge
    return (exact(float(value)), side) if isinstance(value, Fraction) else edge


def _plain(node: NumberType) -> NumberType:
    """The bounds alone: multiples are compared apart from them."""
    return NumberType(kind=node.kind, ge=node.ge, gt=node.gt, le=node.le, lt=node.lt)


def _bounds_are_floats(node: NumberType) -> bool:
    """Whether the schema, which has floats for the bounds of decimals, says exactly what the decoder says."""
    bounds = (node.ge, node.gt, node.le, node.lt)
    return all(bound is None or exact(float(bound)) == exact(bound) for bound in bounds)


def _multiples_included(writer: NumberType, reader: NumberType) -> bool:
    if reader.multiple_of is None or reader.multiple_of == 0:
        return True
    wanted = abs(exact(reader.multiple_of))
    step = step_of(writer)
    if step is not None and (step / wanted).denominator == 1:
        return True
    values = _few_values(writer, step)
    return values is not None and all((value / wanted).denominator == 1 for value in values)


_FEW = 64


def _few_values(node: NumberType, step: Fraction | None) -> list[Fraction] | None:
    """All values, if they are few."""
    low, high = least_of(node)[0], greatest_of(node)[0]
    if step is None:
        return [low] if isinstance(low, Fraction) and low == high else None
    if not isinstance(low, Fraction) or not isinstance(high, Fraction) or (high - low) / step > _FEW:
        return None
    return [low + index * step for index in range(int((high - low) / step) + 1)]


def _digits_included(writer: NumberType, reader: NumberType) -> bool:
    if reader.max_digits is None and reader.decimal_places is None:
        return True
    written = (writer.max_digits, writer.decimal_places)
    if written == (reader.max_digits, reader.decimal_places):
        return True
    places = 0 if writer.kind == "int" else writer.decimal_places
    whole = _whole_digits(writer)
    if reader.decimal_places is not None and (places is None or places > reader.decimal_places):
        return False
    if reader.max_digits is None:
        return True
    if places is None or whole is None:
        return (
            writer.max_digits is not None and reader.decimal_places is None and writer.max_digits <= reader.max_digits
        )
    room = reader.max_digits - (reader.decimal_places or 0)
    return whole <= room and max(whole + places, places) <= reader.max_digits


def _whole_digits(node: NumberType) -> int | None:
    """How many digits stand before the point at most; None without a limit."""
    limits: list[int] = []
    if node.max_digits is not None:
        limits.append(node.max_digits - (node.decimal_places or 0))
    low, high = least_of(node)[0], greatest_of(node)[0]
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        limits.append(len(str(math.floor(max(abs(low), abs(high))))))
    return min(limits, default=None)
