"""Named types: which kind of class it is, and what it puts on the wire."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from enum import Enum, Flag
from typing import Any, NotRequired, Required, cast

from typing_extensions import is_typeddict

from horsies_core.contract.identity import identity
from horsies_core.contract.types import (
    EnumDefinition,
    Field,
    ObjectDefinition,
    TupleDefinition,
    TypeNode,
    UnresolvedType,
    canonical_json,
)
from horsies_core.task.live.defaults import COMPUTED, default_of
from horsies_core.task.live.models import checked_dataclass, is_model, model
from horsies_core.task.live.reader import Bindings, NotYetDefinedError, TypeReader, unsupported

_SCHEMA_HOOKS = ("__get_pydantic_core_schema__", "__get_validators__")


def read_class(reader: TypeReader, kind: Any, bindings: Bindings, arguments: tuple[TypeNode, ...]) -> TypeNode:
    """The node of a class: a reference to its definition, or a hole."""
    if is_model(kind):
        return model(reader, kind)
    if any(hook in vars(base) for base in kind.__mro__ for hook in _SCHEMA_HOOKS):
        return UnresolvedType(f"{kind.__qualname__} makes its own schema by code", "HC007")
    name = identity(kind.__module__, kind.__qualname__, arguments)
    if issubclass(kind, Enum):
        return reader.define(name, lambda: _enum(kind, name))
    if is_typeddict(kind):
        return reader.define(name, lambda: _typed_dict(reader, kind, name, bindings))
    if _is_named_tuple(kind):
        return reader.define(name, lambda: _named_tuple(reader, kind, name, bindings))
    if dataclasses.is_dataclass(kind):
        return reader.define(name, lambda: _dataclass(reader, kind, name, bindings))
    return unsupported(kind)


def _is_named_tuple(kind: Any) -> bool:
    return issubclass(kind, tuple) and hasattr(cast("object", kind), "_fields")


def hints(kind: type) -> Mapping[str, Any]:
    """The evaluated annotations of a class. Raises `NotYetDefinedError` where a name is not there yet."""
    try:
        return typing.get_type_hints(kind, include_extras=True)
    except NameError as error:
        raise NotYetDefinedError(str(error)) from None


def _enum(kind: type[Enum], name: str) -> EnumDefinition | UnresolvedType:
    if issubclass(kind, Flag):
        return UnresolvedType(
            f"the members of the Flag {kind.__qualname__} combine into values of no fixed set", "HC004"
        )
    members: list[tuple[str, str]] = []
    for member in kind:
        if member.value is not None and not isinstance(member.value, str | int | float | bool):
            return UnresolvedType(f"{kind.__qualname__}.{member.name} has no JSON form", "HC203")
        members.append((member.name, canonical_json(member.value)))
    return EnumDefinition(name=name, members=tuple(members))


def _typed_dict(reader: TypeReader, kind: Any, name: str, bindings: Bindings) -> ObjectDefinition | UnresolvedType:
    config = cast("Mapping[str, Any]", getattr(kind, "__pydantic_config__", {}))
    fields = tuple(
        Field(
            name=key,
            type=reader.read(annotation, bindings),
            accept=(key,),
            emit=key,
            required=_is_required(annotation, default=key in kind.__required_keys__),
        )
        for key, annotation in hints(kind).items()
    )
    return ObjectDefinition(name=name, kind="typeddict", fields=fields, extra=config.get("extra", "ignore"))


def _is_required(annotation: Any, *, default: bool) -> bool:
    """What the qualifier says, which ``__required_keys__`` misses under postponed annotations."""
    origin = typing.get_origin(annotation)
    while origin is not None:
        if origin is Required:
            return True
        if origin is NotRequired:
            return False
        inner = typing.get_args(annotation)
        annotation = inner[0] if inner else None
        origin = typing.get_origin(annotation) if origin is typing.Annotated or _is_read_only(origin) else None
    return default


def _is_read_only(origin: object) -> bool:
    return getattr(origin, "_name", None) == "ReadOnly"


def _named_tuple(reader: TypeReader, kind: Any, name: str, bindings: Bindings) -> TupleDefinition | UnresolvedType:
    evaluated = hints(kind)
    defaults = cast("Mapping[str, object]", kind._field_defaults)
    if any(field not in evaluated for field in kind._fields):
        return UnresolvedType(f"{kind.__qualname__} has fields without a type", "HC203")
    fields = tuple(
        Field(
            name=field,
            type=reader.read(evaluated[field], bindings),
            accept=(field,),
            emit=field,
            default=default_of(defaults[field]) if field in defaults else None,
            required=field not in defaults,
        )
        for field in kind._fields
    )
    return TupleDefinition(name=name, fields=fields)


def _dataclass(reader: TypeReader, kind: Any, name: str, bindings: Bindings) -> ObjectDefinition | UnresolvedType:
    if "__pydantic_fields__" in vars(kind):
        return checked_dataclass(reader, kind, name)
    evaluated = hints(kind)
    config = cast("Mapping[str, Any]", getattr(kind, "__pydantic_config__", {}))
    fields = tuple(
        Field(
            name=field.name,
            type=reader.read(evaluated[field.name], bindings),
            accept=(field.name,),
            emit=field.name,
            default=_dataclass_default(field),
            required=_dataclass_default(field) is None,
        )
        for field in _taken(kind)
    )
    return ObjectDefinition(name=name, kind="dataclass", fields=fields, extra=config.get("extra") or "ignore")


def _taken(kind: Any) -> Iterator[dataclasses.Field[object]]:
    return (field for field in dataclasses.fields(kind) if field.init)


def _dataclass_default(field: dataclasses.Field[object]) -> Any:
    if field.default is not dataclasses.MISSING:
        return default_of(field.default)
    return COMPUTED if field.default_factory is not dataclasses.MISSING else None
