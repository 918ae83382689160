"""How live classes are hashed: by no hash, by one of their own, or by the one that was made of their fields."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from horsies_core.contract.hashing import HashedBy

_FIELD: object = dataclasses._FIELD  # type: ignore[attr-defined]  # the only mark there is
_MADE_BY_PYDANTIC = "pydantic._internal._model_construction"
_MADE_BY_DATACLASSES = "<string>"
_OWN: HashedBy = frozenset()


def hashed_by(kind: Any) -> HashedBy:
    """The fields whose hashes make that of a value of the class."""
    if kind.__hash__ is None:
        return None
    owner = next(base for base in kind.__mro__ if "__hash__" in vars(base))
    if owner is tuple:
        return frozenset(kind._fields)
    function = cast("object", vars(owner)["__hash__"])
    if getattr(function, "__module__", None) == _MADE_BY_PYDANTIC:
        return frozenset(owner.model_fields)
    code = getattr(function, "__code__", None)
    if "__dataclass_fields__" in vars(owner) and getattr(code, "co_filename", None) == _MADE_BY_DATACLASSES:
        return frozenset(field.name for field in owner.__dataclass_fields__.values() if _is_hashed(field))
    return _OWN


def _is_hashed(field: dataclasses.Field[object]) -> bool:
    is_stored = cast("Any", field)._field_type is _FIELD
    return is_stored and (field.compare if field.hash is None else field.hash)
