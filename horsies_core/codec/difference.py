"""Where a value and what came back of it differ: the place that cannot make the journey over JSON.

Equality is asked first, and nearly always is the answer. The walk is for the rest: it finds the place, and it forgives
what is no loss: a tuple given for a ``Sequence`` comes back as a list, a mapping as a dict, and classes without an equality
of their own are compared by their fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

Path: TypeAlias = tuple[str | int, ...]


def first_difference(sent: object, came_back: object, path: Path = ()) -> tuple[Path, str] | None:
    """The first place where the two differ, and how; None if nothing is lost."""
    if _are_equal(sent, came_back):
        return None
    pairs = _pairs(sent, came_back)
    if pairs is None:
        return path, _how(sent, came_back)
    for key, inner, other in pairs:
        found = first_difference(inner, other, (*path, key))
        if found is not None:
            return found
    return None


def non_finite(value: object, path: Path = ()) -> tuple[Path, str] | None:
    """The first NaN or infinity inside a value: where, and what."""
    if isinstance(value, float):
        return None if isfinite(value) else (path, _how(value, None))
    for key, inner, _ in _pairs(value, value) or ():
        found = non_finite(inner, (*path, key))
        if found is not None:
            return found
    return None


def _are_equal(sent: object, came_back: object) -> bool:
    """Equal, and not only as ``1 == True`` is."""
    return type(sent) is type(came_back) and bool(sent == came_back)


def _pairs(sent: Any, came_back: Any) -> Iterator[tuple[str | int, object, object]] | None:
    """What is inside the two, side by side; None where they are scalars or of different shape."""
    if isinstance(sent, Mapping) and isinstance(came_back, Mapping):
        return _mapping_pairs(cast("Any", sent), cast("Any", came_back))
    if _is_array(sent) and _is_array(came_back):
        ours, theirs = cast("Sequence[object]", sent), cast("Sequence[object]", came_back)
        return zip(range(len(ours)), ours, theirs, strict=True) if len(ours) == len(theirs) else None
    return _scalar_or_attribute_pairs(cast("object", sent), cast("object", came_back))


def _scalar_or_attribute_pairs(sent: object, came_back: object) -> Iterator[tuple[str | int, object, object]] | None:
    if type(sent) is not type(came_back):
        return iter(()) if _is_same_scalar(sent, came_back) else None
    return _attribute_pairs(sent, came_back)


def _mapping_pairs(
    sent: Mapping[Any, object], came_back: Mapping[Any, object]
) -> Iterator[tuple[str | int, object, object]] | None:
    if len(sent) != len(came_back) or any(key not in came_back for key in sent):
        return None
    return ((str(key), value, came_back[key]) for key, value in sent.items())


def _attribute_pairs(sent: object, came_back: object) -> Iterator[tuple[str | int, object, object]] | None:
    if isinstance(sent, BaseModel) and isinstance(came_back, BaseModel):
        ours = {**sent.__dict__, **(sent.__pydantic_extra__ or {})}
        return _mapping_pairs(ours, {**came_back.__dict__, **(came_back.__pydantic_extra__ or {})})
    if is_dataclass(sent) and not isinstance(sent, type):
        names = [field.name for field in fields(sent)]
        return ((name, getattr(sent, name, None), getattr(came_back, name, None)) for name in names)
    return None


def _is_array(value: Any) -> bool:
    """Sequences and the like, but text; sets have no order to walk in."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_same_scalar(sent: object, came_back: object) -> bool:
    """A subclass of a scalar (an enum of strings, say) comes back as the scalar itself, with nothing lost."""
    scalar = isinstance(sent, str | int | float | bytes) and not isinstance(sent, bool)
    return scalar and type(came_back) in type(sent).__mro__ and sent == came_back


def _how(sent: object, came_back: object) -> str:
    if isinstance(sent, float) and not isfinite(sent):
        return f"{sent} has no JSON form"
    if type(sent) is not type(came_back):
        return f"a {_shown(type(sent))} would come back as a {_shown(type(came_back))}"
    return f"this {_shown(type(sent))} would not come back as it was sent"


def _shown(kind: type) -> str:
    return kind.__qualname__
