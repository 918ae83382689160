"""Pydantic models, read from what pydantic itself has collected: ``model_fields``, ``model_config``, its decorators."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from importlib import import_module
from typing import Any, TypeAlias, cast, get_args, get_type_hints

from horsies_core.contract.identity import identity
from horsies_core.contract.passing import HARMLESS, heir, holds_bytes, with_encoding
from horsies_core.contract.types import (
    AliasDefinition,
    BytesEncoding,
    Definition,
    ExtraKeys,
    Field,
    ObjectDefinition,
    TypeNode,
    UnresolvedType,
    walk,
)
from horsies_core.task.live.defaults import COMPUTED, default_of
from horsies_core.task.live.hashing import hashed_by
from horsies_core.task.live.reader import NO_BINDINGS, Bindings, NotYetDefinedError, TypeReader

Settings: TypeAlias = Mapping[str, Any]
"""Pydantic's ``ConfigDict``."""

_SCHEMA_HOOKS = ("__get_pydantic_core_schema__", "__get_validators__", "__pydantic_init_subclass_schema__")
_WIRE_SETTINGS = {"ser_json_timedelta": "iso8601", "ser_json_temporal": "iso8601", "json_encoders": None}
_TEXT_SETTINGS = ("str_min_length", "str_max_length")


def is_model(kind: type) -> bool:
    """Whether this is a pydantic model, asked without importing pydantic."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and issubclass(kind, pydantic.BaseModel) and kind is not pydantic.BaseModel


def model(reader: TypeReader, kind: Any) -> TypeNode:
    """A reference to the model's definition, or a hole where code of its own changes the wire."""
    _complete(kind)
    generic = kind.__pydantic_generic_metadata__
    origin = generic["origin"] or kind
    arguments = reader.class_arguments(generic["args"])
    parts = (node for argument in arguments for node in walk(argument))
    hole = next((node for node in parts if isinstance(node, UnresolvedType)), None)
    if hole is not None:
        return hole
    name = identity(origin.__module__, origin.__qualname__, arguments)
    reader.note_generic(name, origin, generic["args"])
    reader.hashes.note(name, lambda: hashed_by(kind))
    return reader.define(name, lambda: _definition(reader, kind, name), has_self=True)


def checked_dataclass(
    reader: TypeReader, kind: Any, name: str, bindings: Bindings
) -> ObjectDefinition | UnresolvedType:
    """The definition of one of pydantic's own dataclasses, whose fields may say what a model's may."""
    settings = cast("Settings", getattr(kind, "__pydantic_config__", {}))
    hook = next(_hooks(kind, settings), None)
    if hook is not None:
        return _refused(kind, hook)
    taken = {key: facts for key, facts in kind.__pydantic_fields__.items() if facts.init is not False}
    fields = tuple(_checked_field(reader, settings, key, facts, bindings) for key, facts in taken.items())
    extra = cast("ExtraKeys", settings.get("extra") or "ignore")
    return ObjectDefinition(name=name, kind="dataclass", fields=fields, extra=extra, opaque=_is_opaque(kind))


def _checked_field(reader: TypeReader, settings: Settings, key: str, facts: Any, bindings: Bindings) -> Field:
    made = _field(reader, settings, key, _generated(settings, key, facts), bindings)
    return replace(made, emit=None) if facts.init_var else made


def _complete(kind: Any) -> None:
    if kind.__pydantic_complete__:
        return
    try:
        done = kind.model_rebuild(raise_errors=True)
    except NameError as error:
        raise NotYetDefinedError(str(error)) from None
    if done is False:
        raise NotYetDefinedError(kind.__qualname__)


def _definition(reader: TypeReader, kind: Any, name: str) -> Definition | UnresolvedType:
    hook = next(_hooks(kind, kind.model_config), None)
    if hook is not None:
        return _refused(kind, hook)
    opaque = _is_opaque(kind)
    if "root" in kind.model_fields and getattr(kind, "__pydantic_root_model__", False):
        target = _field_type(reader, kind.model_fields["root"])
        return AliasDefinition(name=name, kind="root", target=target, opaque=opaque)
    fields = tuple(_field(reader, kind.model_config, key, facts) for key, facts in kind.model_fields.items())
    extra = cast("ExtraKeys", kind.model_config.get("extra") or "ignore")
    made = ObjectDefinition(name=name, kind="model", fields=fields, extra=extra, opaque=opaque)
    return replace(made, extra_type=_extra_type(reader, kind)) if extra == "allow" else made


def _extra_type(reader: TypeReader, kind: Any) -> TypeNode | None:
    """What ``__pydantic_extra__: dict[str, int]`` says of keys that are no fields; None where any JSON may stand there."""
    for base in kind.__mro__:
        if base.__module__.startswith("pydantic."):
            return None
        annotations = cast("Mapping[str, object]", getattr(base, "__annotations__", {}))
        if "__pydantic_extra__" in annotations:
            arguments = get_args(get_type_hints(base, include_extras=True)["__pydantic_extra__"])
            return reader.read(arguments[1]) if len(arguments) == 2 and arguments[1] is not Any else None
    return None


def _refused(kind: Any, hook: str) -> UnresolvedType:
    return UnresolvedType(f"{kind.__qualname__} has {hook}, which changes the wire by code", "HC007")


def _hooks(kind: Any, settings: Settings) -> Iterator[str]:
    """What of a model's own code changes the wire, in words."""
    decorators = kind.__pydantic_decorators__
    for key, found in decorators.field_validators.items():
        if found.info.mode != "after":
            yield f"the {found.info.mode} validator {key}"
    for key, found in decorators.model_validators.items():
        if found.info.mode != "after":
            yield f"the {found.info.mode} model validator {key}"
    for key in (*decorators.validators, *decorators.root_validators):
        yield f"the validator {key} of pydantic 1"
    for key in (*decorators.field_serializers, *decorators.model_serializers):
        yield f"the serializer {key}"
    for key in decorators.computed_fields:
        yield f"the computed field {key}"
    yield from _class_hooks(kind, settings)


def _class_hooks(kind: Any, settings: Settings) -> Iterator[str]:
    for base in kind.__mro__:
        if not base.__module__.startswith("pydantic.") and base is not object:
            yield from (hook for hook in _SCHEMA_HOOKS if hook in vars(base))
    for setting, harmless in _WIRE_SETTINGS.items():
        if settings.get(setting, harmless) != harmless:
            yield f"the setting {setting}"
    for setting in _TEXT_SETTINGS:
        if settings.get(setting):
            yield f"the setting {setting}"


def _is_opaque(kind: Any) -> bool:
    decorators = kind.__pydantic_decorators__
    return bool(decorators.field_validators or decorators.model_validators)


def annotated_field(
    reader: TypeReader, settings: Settings, key: str, annotation: Any, default: object, bindings: Bindings
) -> Field:
    """A field of a standard dataclass or a TypedDict on which pydantic's ``Field`` stands; ``...`` is *no default*."""
    fields = import_module("pydantic.fields")
    if default is ...:
        facts = fields.FieldInfo.from_annotation(annotation)
    else:
        facts = fields.FieldInfo.from_annotated_attribute(annotation, default)
    return _field(reader, settings, key, _generated(settings, key, facts), bindings)


def _generated(settings: Settings, key: str, facts: Any) -> Any:
    """The facts with the names that an alias generator gives, as a model would collect them."""
    generator = settings.get("alias_generator")
    if generator is None or (facts.alias_priority or 0) > 1:
        return facts
    alias, validation, serialization = (
        generator.generate_aliases(key) if hasattr(generator, "generate_aliases") else (generator(key),) * 3
    )
    gives_way = facts.alias_priority == 1
    made = copy(facts)
    for name, value in (("alias", alias), ("validation_alias", validation), ("serialization_alias", serialization)):
        if value is not None and (gives_way or getattr(facts, name) is None):
            setattr(made, name, value)
    return made


def says_field(annotation: Any, default: object = None) -> bool:
    """Whether pydantic's ``Field`` stands on an annotation, or in the place of a default."""
    return any(type(item).__name__ == "FieldInfo" for item in (default, *getattr(annotation, "__metadata__", ())))


def _field(reader: TypeReader, settings: Settings, key: str, facts: Any, bindings: Bindings = NO_BINDINGS) -> Field:
    accept = _accepted_names(settings, key, facts)
    node = _with_encoding(settings, _field_type(reader, facts, bindings))
    passed = frozenset(key for key, harmless in HARMLESS.items() if settings.get(key, harmless) != harmless)
    taking = heir(node, reader.definitions, reader.without_config, passed)
    if taking is not None:
        name = taking.partition(":")[2]
        reason = f"{name} takes over {', '.join(sorted(passed))} here; give it a configuration of its own"
        node = UnresolvedType(reason, "HC007")
    if not accept:
        node = UnresolvedType(f"field {key} is read by a path (AliasPath)", "HC007")
    required = bool(facts.is_required())
    return Field(
        name=key,
        type=node,
        accept=accept,
        emit=None if facts.exclude else (facts.serialization_alias or facts.alias or key),
        default=None if required else _default(facts),
        required=required,
    )


def _field_type(reader: TypeReader, facts: Any, bindings: Bindings = NO_BINDINGS) -> TypeNode:
    node = reader.constrained(facts.annotation, tuple(facts.metadata), bindings)
    return node if facts.discriminator is None else reader.tagged(node, facts.discriminator)


def _accepted_names(settings: Settings, key: str, facts: Any) -> tuple[str, ...]:
    by_name = settings.get("validate_by_name") or settings.get("populate_by_name")
    by_alias = settings.get("validate_by_alias", True)
    alias = facts.validation_alias if facts.validation_alias is not None else facts.alias
    if alias is None:
        return (key,)
    names = tuple(_alias_names(alias)) if by_alias is not False else ()
    return tuple(dict.fromkeys((*names, key))) if by_name else names


def _alias_names(alias: Any) -> Iterator[str]:
    if isinstance(alias, str):
        yield alias
    else:
        yield from (choice for choice in getattr(alias, "choices", ()) if isinstance(choice, str))


def _with_encoding(settings: Settings, node: TypeNode) -> TypeNode:
    """Bytes in the encoding that the model's configuration names for both directions."""
    written = settings.get("ser_json_bytes") or "utf8"
    read = settings.get("val_json_bytes") or "utf8"
    if not holds_bytes(node) or written == read == "utf8":
        return node
    if written != read:
        return UnresolvedType(f"bytes are written as {written} and read as {read}", "HC007")
    encoding = cast("BytesEncoding", "base64url" if written == "base64" else written)
    return with_encoding(node, encoding)


def _default(facts: Any) -> Any:
    return COMPUTED if facts.default_factory is not None else default_of(facts.default)
