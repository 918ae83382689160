"""Checked steps into untrusted JSON values: each returns what was asked for or raises `WireError` at the place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, TypeVar, cast

from horsies_core.contract.types import (
    Number,
    canonical_json,
)

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = "dict[str, Json]"
T = TypeVar("T")


class WireError(ValueError):
    """Data that is no contract. ``pointer`` says where it went wrong."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"at {pointer or '/'}: {message}")
        self.pointer = pointer


def join(at: str, key: str) -> str:
    """The pointer to a key below ``at``."""
    return f"{at}/{key.replace('~', '~0').replace('/', '~1')}"


def read_object(data: object, at: str) -> JsonObject:
    """A JSON object."""
    if not isinstance(data, dict):
        raise WireError(at, f"expected an object, found {kind_of(data)}")
    for key in cast("dict[object, object]", data):
        if not isinstance(key, str):
            raise WireError(at, f"expected string keys, found {key!r}")
    return cast("JsonObject", data)


def read_closed(data: object, allowed: frozenset[str], at: str) -> JsonObject:
    """A JSON object with none but the allowed keys."""
    body = read_object(data, at)
    for key in body:
        if key not in allowed:
            raise WireError(join(at, key), f"unknown key {key!r}; written by a newer version of horsies?")
    return body


def read_key(body: JsonObject, key: str, at: str) -> Json:
    """The value of a key that must be there."""
    if key not in body:
        raise WireError(at, f"{key!r} is missing")
    return body[key]


def read_list(data: object, at: str) -> list[Json]:
    """A JSON array."""
    if not isinstance(data, list):
        raise WireError(at, f"expected an array, found {kind_of(data)}")
    return cast("list[Json]", data)


def read_text(data: object, at: str) -> str:
    """A string."""
    if not isinstance(data, str):
        raise WireError(at, f"expected a string, found {kind_of(data)}")
    return data


def read_texts(data: object, at: str) -> tuple[str, ...]:
    """An array of strings."""
    return tuple(read_text(item, f"{at}/{index}") for index, item in enumerate(read_list(data, at)))


def read_int(data: object, at: str) -> int:
    """An integer, not a boolean."""
    if not isinstance(data, int) or isinstance(data, bool):
        raise WireError(at, f"expected an integer, found {kind_of(data)}")
    return data


def read_bool(data: object, at: str) -> bool:
    """true or false."""
    if not isinstance(data, bool):
        raise WireError(at, f"expected true or false, found {kind_of(data)}")
    return data


def read_number(data: object, at: str) -> Number:
    """A number; a string is read as a decimal."""
    if isinstance(data, str):
        try:
            return Decimal(data)
        except InvalidOperation:
            raise WireError(at, f"{data!r} is not a decimal number") from None
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise WireError(at, f"expected a number, found {kind_of(data)}")
    return data


def read_scalar_text(data: object, at: str) -> str:
    """A scalar as canonical JSON text."""
    if isinstance(data, dict | list):
        raise WireError(at, f"expected a scalar, found {kind_of(cast('object', data))}")
    return canonical_json(data)


def read_one_of(data: object, allowed: tuple[str, ...], at: str) -> str:
    """One of a few words."""
    text = read_text(data, at)
    if text not in allowed:
        raise WireError(at, f"{text!r} is none of {', '.join(allowed)}")
    return text


def read_optional(reader: Callable[[object, str], T], data: object, at: str) -> T | None:
    """None for None, else what the reader makes of it."""
    return None if data is None else reader(data, at)


def kind_of(data: object) -> str:
    """What a value is, in words."""
    if data is None:
        return "null"
    for kind, words in _KINDS:
        if isinstance(data, kind):
            return words
    return type(data).__name__


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (dict, "an object"),
    (list, "an array"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
)
