"""Expressions → Python values, where a value can be told without running the user's code."""

from __future__ import annotations

import datetime
import pathlib
import uuid
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any, cast

from horsies_codegen.parse.expression import (
    Attribute,
    Binary,
    Call,
    Constant,
    EllipsisType,
    Expr,
    Items,
    Name,
    Pairs,
    Starred,
    Text,
    Unary,
)
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.enums import enum_value, is_enum
from horsies_codegen.resolve.scope import ClassSymbol, Known, Scope, ValueSymbol
from horsies_core.contract.codes import BUILT_IN_FAMILIES
from horsies_core.contract.draft import UNKNOWN

MAX_DEPTH = 60
MAX_DIGITS = 5_000
"""Integers above this many bits, and texts above this length, are not computed."""

_FAMILIES = {family.__name__: family for family in BUILT_IN_FAMILIES}

_NUMERIC: Mapping[str, Callable[[Any, Any], object]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": lambda left, right: left**right,
    "|": lambda left, right: left | right,
    "&": lambda left, right: left & right,
    "<<": lambda left, right: left << right,
    ">>": lambda left, right: left >> right,
}

_MAKERS: Mapping[str, Callable[..., object]] = {
    "decimal:Decimal": Decimal,
    "datetime:date": datetime.date,
    "datetime:time": datetime.time,
    "datetime:datetime": datetime.datetime,
    "datetime:timedelta": datetime.timedelta,
    "uuid:UUID": uuid.UUID,
    "pathlib:Path": pathlib.PurePosixPath,
    "pathlib:PurePath": pathlib.PurePosixPath,
    "pathlib:PurePosixPath": pathlib.PurePosixPath,
    "builtins:int": int,
    "builtins:float": float,
    "builtins:str": str,
    "builtins:bool": bool,
    "builtins:list": list,
    "builtins:tuple": tuple,
    "builtins:set": set,
    "builtins:frozenset": frozenset,
    "builtins:dict": dict,
}

_CONSTANTS: Mapping[str, object] = {
    "datetime:timezone.utc": datetime.UTC,
    "datetime:UTC": datetime.UTC,
}


class Evaluator:
    """Evaluates expressions in a scope. What cannot be told is `UNKNOWN`; nothing is ever raised."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder

    def value(self, scope: Scope, expression: Expr, depth: int = 0) -> object:
        """The value of an expression, or `UNKNOWN`. An enum's member is its value."""
        if depth > MAX_DEPTH:
            return UNKNOWN
        match expression:
            case Text(value=text):
                return text
            case Constant(value=EllipsisType()):
                return UNKNOWN
            case Constant(value=value):
                return value
            case Items():
                return self._items(scope, expression, depth)
            case Pairs():
                return self._pairs(scope, expression, depth)
            case Unary():
                return self._unary(scope, expression, depth)
            case Binary():
                return self._binary(scope, expression, depth)
            case Name() | Attribute():
                return self._named(scope, expression, depth)
            case Call():
                return self._call(scope, expression, depth)
            case _:
                return UNKNOWN

    def arguments(self, scope: Scope, call: Call, depth: int = 0) -> tuple[list[object], dict[str, object]] | None:
        """The arguments of a call by place and by name; None where they are unpacked from something."""
        placed: list[object] = []
        named: dict[str, object] = {}
        for argument in call.arguments:
            if argument.star:
                return None
            value = self.value(scope, argument.value, depth + 1)
            if argument.keyword is None:
                placed.append(value)
            else:
                named[argument.keyword] = value
        return placed, named

    def _items(self, scope: Scope, expression: Items, depth: int) -> object:
        values: list[object] = []
        for item in expression.items:
            inner = self.value(scope, item.value if isinstance(item, Starred) else item, depth + 1)
            if inner is UNKNOWN:
                return UNKNOWN
            if not isinstance(item, Starred):
                values.append(inner)
            elif isinstance(inner, list | tuple):
                values.extend(cast("list[object]", inner))
            else:
                return UNKNOWN
        if expression.kind == "set":
            return set(values) if all(isinstance(value, Hashable) for value in values) else UNKNOWN
        return tuple(values) if expression.kind == "tuple" else values

    def _pairs(self, scope: Scope, expression: Pairs, depth: int) -> object:
        values: dict[object, object] = {}
        for key_expression, value_expression in expression.items:
            value = self.value(scope, value_expression, depth + 1)
            if key_expression is None:
                if not isinstance(value, dict):
                    return UNKNOWN
                values.update(cast("dict[object, object]", value))
                continue
            key = self.value(scope, key_expression, depth + 1)
            if UNKNOWN in (key, value) or not isinstance(key, Hashable):
                return UNKNOWN
            values[key] = value
        return values

    def _unary(self, scope: Scope, expression: Unary, depth: int) -> object:
        value = self.value(scope, expression.operand, depth + 1)
        if value is UNKNOWN or not isinstance(value, int | float | Decimal | datetime.timedelta):
            return UNKNOWN
        if expression.operator == "not":
            return not value
        if expression.operator == "-":
            return -value
        return value if expression.operator == "+" else UNKNOWN

    def _binary(self, scope: Scope, expression: Binary, depth: int) -> object:
        compute = _NUMERIC.get(expression.operator)
        left = self.value(scope, expression.left, depth + 1)
        right = self.value(scope, expression.right, depth + 1)
        if compute is None or UNKNOWN in (left, right) or _is_large(expression.operator, left, right):
            return UNKNOWN
        try:
            return compute(left, right)
        except (TypeError, ValueError, ArithmeticError):
            return UNKNOWN

    def _named(self, scope: Scope, expression: Name | Attribute, depth: int) -> object:
        if isinstance(expression, Attribute) and expression.attribute in ("value", "name"):
            member = self._member(scope, expression, depth)
            if member is not UNKNOWN:
                return member
        found = self._binder.expression(scope, expression)
        if found is None:
            return UNKNOWN
        match found.symbol:
            case Known(name=name):
                return _known_value(name)
            case ValueSymbol() as symbol:
                return self.symbol(symbol, depth)
            case _:
                return UNKNOWN

    def symbol(self, symbol: ValueSymbol, depth: int = 0) -> object:
        """The value that a name was bound to."""
        owner = symbol.scope
        if owner.outer is not None:
            kind = self._class_of(owner)
            if kind is not None and is_enum(self._binder, kind):
                return enum_value(self._binder, self.value, kind, symbol.node.name, depth + 1)
        if symbol.node.value is None:
            return UNKNOWN
        return self.value(owner, symbol.node.value, depth + 1)

    def _class_of(self, scope: Scope) -> ClassSymbol | None:
        if scope.outer is None:
            return None
        found = self._binder.name(scope.outer, scope.qualname.rpartition(".")[2])
        return found.symbol if isinstance(found.symbol, ClassSymbol) else None

    def _member(self, scope: Scope, expression: Attribute, depth: int) -> object:
        """``Color.RED.value`` and ``Color.RED.name``."""
        found = self._binder.expression(scope, expression.value)
        if found is None or not isinstance(found.symbol, ValueSymbol):
            return UNKNOWN
        kind = self._class_of(found.symbol.scope)
        if kind is None or not is_enum(self._binder, kind):
            return UNKNOWN
        return found.symbol.node.name if expression.attribute == "name" else self.symbol(found.symbol, depth)

    def _call(self, scope: Scope, call: Call, depth: int) -> object:
        found = self._binder.expression(scope, call.function)
        arguments = self.arguments(scope, call, depth)
        if found is None or arguments is None:
            return UNKNOWN
        placed, named = arguments
        if UNKNOWN in placed or UNKNOWN in named.values():
            return UNKNOWN
        match found.symbol:
            case Known(name=name) if name in _MAKERS:
                return _made(_MAKERS[name], placed, named)
            case ValueSymbol(node=node) if _is_new_type(self._binder, found.symbol.scope, node.value) and placed:
                return placed[0]
            case ClassSymbol() as kind if is_enum(self._binder, kind) and placed:
                return placed[0]
            case _:
                return UNKNOWN


def _is_new_type(binder: Binder, scope: Scope, value: Expr | None) -> bool:
    if not isinstance(value, Call):
        return False
    found = binder.expression(scope, value.function)
    return found is not None and found.symbol == Known("typing:NewType")


def _made(maker: Callable[..., object], placed: list[object], named: dict[str, object]) -> object:
    try:
        return maker(*placed, **named)
    except Exception:  # noqa: BLE001 - a standard constructor refused: the value is not known
        return UNKNOWN


def _known_value(name: str) -> object:
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    family, _, member = name.removeprefix("horsies:").partition(".")
    codes = _FAMILIES.get(family)
    if codes is not None and member in codes.__members__:
        return str(codes[member])
    if family == "QueueMode" and member:
        return member
    return UNKNOWN


def _is_large(sign: str, left: object, right: object) -> bool:
    """Whether computing would cost more than any real constant does."""
    sizes = [_size(left), _size(right)]
    if sign == "**":
        return not isinstance(right, int) or abs(right) > MAX_DIGITS or sizes[0] * abs(right) > MAX_DIGITS
    if sign == "<<":
        return not isinstance(right, int) or right > MAX_DIGITS
    return sign in ("*", "+") and (sum(sizes) > MAX_DIGITS or (sign == "*" and _repeats(left, right)))


def _repeats(left: object, right: object) -> bool:
    """``"ab" * 10``: a text or list as often as the number says."""
    for text, times in ((left, right), (right, left)):
        if isinstance(text, str | bytes | list | tuple) and isinstance(times, int):
            return len(cast("str", text)) * times > MAX_DIGITS
    return False


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str | bytes | list | tuple):
        return 1
    return value.bit_length() if isinstance(value, int) else len(cast("str", value))
