"""Where in a value the part stands that cannot be written as JSON: found by writing less and less of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

from horsies_core.codec.text import MAX_DEPTH

Path: TypeAlias = tuple[str | int, ...]
Write: TypeAlias = Callable[[object, Any], object]
"""Writes of a value only what pydantic's ``include`` names; raises if that cannot be written."""


def unwritable_place(value: object, write: Write) -> Path:
    """The path of the innermost part that cannot be written."""
    path: Path = ()
    part = value
    while len(path) < MAX_DEPTH:
        found = next(
            ((key, inner) for key, inner in _below(part) if not _is_writable(value, (*path, key), write)), None
        )
        if found is None:
            break
        key, part = found
        path = (*path, key)
    return path


def _is_writable(value: object, path: Path, write: Write) -> bool:
    try:
        write(value, _including(path))
    except Exception:  # noqa: BLE001  # whatever it is, it is here
        return False
    return True


def _including(path: Path) -> Any:
    """Pydantic's ``include`` for one path."""
    include: Any = True
    for key in reversed(path):
        include = {key: include}
    return include


def _below(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return [(key, inner) for key, inner in items if isinstance(key, str | int)]
    if isinstance(value, BaseModel):
        return list(value.__dict__.items())
    if is_dataclass(value) and not isinstance(value, type):
        return [(field.name, getattr(value, field.name, None)) for field in fields(value)]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return list(enumerate(cast("Sequence[object]", value)))
    return ()
