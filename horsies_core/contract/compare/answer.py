"""Answers that may be "not known", and equality of JSON values.

Membership of a value in a type is sometimes beyond what this package can tell (an e-mail address, a regular expression of
another engine). None then says so, and nothing that rests on it counts as proven.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from horsies_core.contract.types import canonical_json
from horsies_core.contract.wire import Json

Answer: TypeAlias = bool | None
"""True, False, or None for *not known*."""


def both(answers: Iterable[Answer]) -> Answer:
    """True if all are, False if one is, else not known."""
    known = True
    for answer in answers:
        if answer is False:
            return False
        known = known and answer is True
    return True if known else None


def either(answers: Iterable[Answer]) -> Answer:
    """True if one is, False if none is, else not known."""
    refused = True
    for answer in answers:
        if answer is True:
            return True
        refused = refused and answer is False
    return False if refused else None


def same_json(value: Json) -> str:
    """A text that two values share exactly if JSON Schema calls them equal (``1`` and ``1.0`` are, ``1`` and ``true`` are not)."""
    return canonical_json(_numbers_alike(value))


def is_int(value: Json) -> bool:
    """Whether a value is a JSON integer written without a fraction; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Json) -> bool:
    """Whether a value is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers_alike(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_numbers_alike(item) for item in value]
    if isinstance(value, dict):
        return {key: _numbers_alike(item) for key, item in value.items()}
    return value
