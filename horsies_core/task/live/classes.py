"""Named types: which kind of class it is, and what it puts on the wire."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from enum import Enum, Flag
from typing import Any, NotRequired, Required, cast

import typing_extensions
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
from horsies_core.task.live.hashing import hashed_by
from horsies_core.task.live.models import Settings, annotated_field, checked_dataclass, is_model, model, says_field
from horsies_core.task.live.reader import Bindings, NotYetDefinedError, TypeReader, unsupported

_INIT_VAR: object = dataclasses._FIELD_INITVAR  # type: ignore[attr-defined]  # the only marks there are
_CLASS_VAR: object = dataclasses._FIELD_CLASSVAR  # type: ignore[attr-defined]
_SCHEMA_HOOKS = ("__get_pydantic_core_schema__", "__get_validators__")


def read_class(reader: TypeReader, kind: Any, bindings: Bindings, arguments: tuple[TypeNode, ...]) -> TypeNode:
    """The node of a class: a reference to its definition, or a hole."""
    if is_model(kind):
        return model(reader, kind)
    if kind.__module__.startswith("pydantic."):
        return unsupported(kind)
    if any(hook in vars(base) for base in kind.__mro__ for hook in _SCHEMA_HOOKS):
        return UnresolvedType(f"{kind.__qualname__} makes its own schema by code", "HC007")
    name = identity(kind.__module__, kind.__qualname__, arguments)
    reader.hashes.note(name, lambda: hashed_by(kind))
    if issubclass(kind, Enum):
        return reader.define(name, lambda: _enum(kind, name))
    if is_typeddict(kind):
        return reader.define(name, lambda: _typed_dict(reader, kind, name, bindings), has_self=True)
    if _is_named_tuple(kind):
        return reader.define(name, lambda: _named_tuple(reader, kind, name, bindings), has_self=True)
    if dataclasses.is_dataclass(kind):
        return reader.define(name, lambda: _dataclass(reader, kind, name, bindings), has_self=True)
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
    config = _config(reader, kind, name)
    fields = tuple(
        _typed_dict_field(reader, config, key, annotation, key in kind.__required_keys__, bindings)
        for key, annotation in hints(kind).items()
    )
    made = ObjectDefinition(name=name, kind="typeddict", fields=fields, extra=config.get("extra") or "ignore")
    return _closed(reader, kind, bindings, made)


def _config(reader: TypeReader, kind: Any, name: str) -> Settings:
    """The settings of a class; one that has none takes over those of what holds it."""
    if not hasattr(kind, "__pydantic_config__"):
        reader.without_config.add(name)
    return cast("Settings", getattr(kind, "__pydantic_config__", {}))


def _closed(reader: TypeReader, kind: Any, bindings: Bindings, made: ObjectDefinition) -> ObjectDefinition:
    """PEP 728: ``closed=True`` takes no other key, ``extra_items=int`` takes ints under any; both are inherited."""
    waiting = [kind]
    while waiting:
        at = waiting.pop(0)
        items = getattr(at, "__extra_items__", None)
        if items is not None and items is not getattr(typing_extensions, "NoExtraItems", None):
            return dataclasses.replace(made, extra="allow", extra_type=reader.read(items, bindings))
        closed = getattr(at, "__closed__", None)
        if closed is not None:
            return dataclasses.replace(made, extra="forbid") if closed else made
        waiting.extend(base for base in getattr(at, "__orig_bases__", ()) if is_typeddict(base))
    return made


def _typed_dict_field(
    reader: TypeReader, config: Settings, key: str, annotation: Any, is_total: bool, bindings: Bindings
) -> Field:
    required = _is_required(annotation, default=is_total)
    if says_field(annotation) or config.get("alias_generator"):
        made = annotated_field(reader, config, key, annotation, ..., bindings)
        return made if made.default is not None else dataclasses.replace(made, required=required)
    return Field(name=key, type=reader.read(annotation, bindings), accept=(key,), emit=key, required=required)


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
        return UnresolvedType(f"{kind.__qualname__} has fields without a type", "HC004")
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
        return checked_dataclass(reader, kind, name, bindings)
    evaluated = hints(kind)
    config = _config(reader, kind, name)
    fields = tuple(
        _dataclass_field(reader, config, field, _init_type(evaluated[field.name]), bindings)
        for field in _parameters(kind)
    )
    return ObjectDefinition(name=name, kind="dataclass", fields=fields, extra=config.get("extra") or "ignore")


def _parameters(kind: Any) -> Iterator[dataclasses.Field[object]]:
    """What the constructor takes: fields, and the `InitVar` that are none."""
    for field in kind.__dataclass_fields__.values():
        if field.init and field._field_type is not _CLASS_VAR:
            yield field


def _init_type(annotation: Any) -> Any:
    return cast("Any", annotation).type if isinstance(annotation, dataclasses.InitVar) else annotation


def _dataclass_field(
    reader: TypeReader, config: Settings, field: dataclasses.Field[object], annotation: Any, bindings: Bindings
) -> Field:
    made = _taken_field(reader, config, field, annotation, bindings)
    is_written = cast("Any", field)._field_type is not _INIT_VAR
    return made if is_written else dataclasses.replace(made, emit=None)


def _taken_field(
    reader: TypeReader, config: Settings, field: dataclasses.Field[object], annotation: Any, bindings: Bindings
) -> Field:
    default = _dataclass_default(field)
    if says_field(annotation, field.default) or config.get("alias_generator"):
        given = ... if field.default is dataclasses.MISSING else field.default
        made = annotated_field(reader, config, field.name, annotation, given, bindings)
        return (
            made
            if default is None or says_field(None, field.default)
            else dataclasses.replace(made, default=default, required=False)
        )
    return Field(
        name=field.name,
        type=reader.read(annotation, bindings),
        accept=(field.name,),
        emit=field.name,
        default=default,
        required=default is None,
    )


def _dataclass_default(field: dataclasses.Field[object]) -> Any:
    if field.default is not dataclasses.MISSING:
        return default_of(field.default)
    return COMPUTED if field.default_factory is not dataclasses.MISSING else None
