"""Pydantic's findings as problems of ours: each at the place in the value that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from horsies_core.codec.problem import pointer
from horsies_core.contract.arguments import NO_SUCH_KEY, NOT_GIVEN
from horsies_core.outcome.errors import PayloadProblem

_WORDS = {
    "missing": NOT_GIVEN,
    "extra_forbidden": NO_SUCH_KEY,
    "string_unicode": "holds half of a surrogate pair, which UTF-8 cannot write",
}


def problems_of(error: ValidationError, root: object) -> Iterator[PayloadProblem]:
    """Pydantic's findings, each at its place in ``root``, the value that was judged."""
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        keeps_last = found["type"] in ("missing", "missing_keyword_only_argument")
        path = tuple(_path(found["loc"], root, keeps_last=keeps_last))
        yield PayloadProblem(pointer(path), _WORDS.get(found["type"], found["msg"]))


def _path(loc: tuple[str | int, ...], root: object, *, keeps_last: bool) -> Iterator[str | int]:
    """The parts of a location that lead into the value; labels of union members and the like lead nowhere."""
    here = root
    for index, part in enumerate(loc):
        found = _step(here, part)
        if found is not None:
            here = found[0]
            yield part
        elif keeps_last and index == len(loc) - 1:
            yield part


def _step(here: object, part: str | int) -> tuple[object] | None:
    """The value below, in a tuple of one; None if there is no such place."""
    if isinstance(here, Mapping):
        below = cast("Mapping[object, object]", here)
        return (below[part],) if part in below else None
    if isinstance(here, Sequence) and not isinstance(here, str | bytes):
        items = cast("Sequence[object]", here)
        return (items[part],) if isinstance(part, int) and -len(items) <= part < len(items) else None
    if isinstance(part, str) and part in _attributes(here):
        return (getattr(here, part),)
    return None


def _attributes(value: object) -> Iterable[str]:
    if isinstance(value, BaseModel):
        return type(value).model_fields
    if is_dataclass(value) and not isinstance(value, type):
        return [field.name for field in fields(cast("Any", value)) if hasattr(value, field.name)]
    return ()
