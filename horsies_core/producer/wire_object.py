"""Base classes of a client's own types, where it has dataclasses or pydantic models instead of TypedDicts.

Both hold to the rule that makes new optional fields a safe change: a field that is not given is `UNSET`, and is not on the
wire. ``keys`` says under which wire names fields stand whose names Python cannot have.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, ClassVar, NotRequired

from horsies_core.producer.unset import UNSET

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class WireObject:
    """The base of a client's dataclasses: on the wire an object of the fields that are set."""

    __slots__ = ()

    _wire_keys: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls, *, keys: Mapping[str, str] | None = None) -> None:
        """``keys``: field → wire name, where they differ. A dataclass with slots is made twice, the second time without."""
        super().__init_subclass__()
        if keys is not None:
            cls._wire_keys = keys

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read from an object on the wire; checked and written as one, so that what a field holds is checked as well."""
        from pydantic_core import core_schema

        inner = handler.generate_schema(_wire_type(cls))
        names = {cls._wire_keys.get(field.name, field.name): field.name for field in _fields(cls)}

        def opened(value: object) -> object:
            if not isinstance(value, cls):
                return value
            given = {key: getattr(value, name) for key, name in names.items()}
            return {key: item for key, item in given.items() if item is not UNSET}

        def made(body: Mapping[str, object]) -> object:
            return cls(**{names[key]: item for key, item in body.items()})

        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(made, inner),
            python_schema=core_schema.no_info_after_validator_function(
                made, core_schema.no_info_before_validator_function(opened, inner)
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(opened, return_schema=inner),
        )


_WIRE_TYPES: dict[type, Any] = {}


def _wire_type(cls: type[WireObject]) -> Any:
    """The TypedDict of a dataclass's wire form, one for each class, so that types may refer to themselves."""
    found = _WIRE_TYPES.get(cls)
    if found is None:
        from typing_extensions import TypedDict

        hints = typing.get_type_hints(cls, include_extras=True)
        keys = {
            cls._wire_keys.get(field.name, field.name): (
                hints[field.name] if field.default is MISSING else NotRequired[hints[field.name]]
            )
            for field in _fields(cls)
        }
        found = _WIRE_TYPES[cls] = typing.cast("Any", TypedDict)(cls.__name__, keys)
    return found


def _fields(cls: type[WireObject]) -> tuple[Any, ...]:
    return fields(typing.cast("Any", cls))
