"""Contract types as Python types, and the validators that a worker really runs: JSON Schema, then pydantic in strict mode."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, ForwardRef, Literal, Union
from uuid import UUID

import annotated_types as at
import jsonschema_rs
from pydantic import (
    UUID4,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    JsonValue,
    NaiveDatetime,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as ModelField
from pydantic import Json as JsonText
from typing_extensions import TypeAliasType

from horsies_core.contract.schema import parameters_schema
from horsies_core.contract.task import Parameter, TaskContract, reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    BoolType,
    BytesType,
    Definition,
    EnumDefinition,
    Field,
    JsonTextType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TemporalType,
    TupleDefinition,
    TupleType,
    TypeNode,
    UnionType,
)
from horsies_core.contract.wire import Json

_FORMATS: dict[str, Any] = {"uuid": UUID, "uuid4": UUID4, "path": Path, "ipv4": IPv4Address}
_ARRAYS: dict[str, Any] = {"list": list, "set": set, "frozenset": frozenset}
_TEMPORAL: dict[str, Any] = {"date": date, "time": time, "datetime": datetime, "timedelta": timedelta}


class Real:
    """The worker's two validators, and a producer's encoder, for the types of one table."""

    def __init__(self, table: Mapping[str, Definition]) -> None:
        self._table = table
        self._names: dict[str, Any] = {"JsonValue": JsonValue}
        for name, definition in table.items():
            self._names[_spelled(name)] = self._define(name, definition)
        for made in list(self._names.values()):
            if isinstance(made, type) and issubclass(made, BaseModel):
                made.model_rebuild(_types_namespace=self._names)
        self._built: dict[TypeNode, tuple[Any, type[BaseModel]]] = {}

    def accepts(self, node: TypeNode, value: Json) -> bool:
        """Whether a worker takes the value for a parameter of this type."""
        schema, holder = self._of(node)
        if not schema.is_valid({"x": value}):
            return False
        try:
            holder.model_validate_json(json.dumps({"x": value}), strict=True)
        except ValidationError:
            return False
        return True

    def writes(self, node: TypeNode, value: Json) -> bool:
        """Whether a producer that holds this very value writes it just so."""
        _, holder = self._of(node)
        try:
            held = holder.model_validate_json(json.dumps({"x": value}), strict=True)
        except ValidationError:
            return False
        written = json.loads(held.model_dump_json(round_trip=True, by_alias=True, exclude_unset=True))["x"]
        return _comparable(written, node) == _comparable(value, node)

    def _of(self, node: TypeNode) -> tuple[Any, type[BaseModel]]:
        if node not in self._built:
            contract = TaskContract(
                name="t",
                source="m:t",
                parameters=(Parameter(name="x", type=node),),
                result=NullType(),
                definitions=reachable((node,), self._table),
            )
            holder = create_model("Holder", __config__=_config(node), x=(self.python(node), ...))
            holder.model_rebuild(_types_namespace=self._names)
            self._built[node] = jsonschema_rs.validator_for(parameters_schema(contract)), holder
        return self._built[node]

    def _define(self, name: str, definition: Definition) -> Any:
        match definition:
            case EnumDefinition(members=members):
                return Enum(_spelled(name), {member: json.loads(value) for member, value in members})
            case TupleDefinition(fields=fields):
                defaults = [_default(field) for field in fields if not field.required]
                made = namedtuple(_spelled(name), [field.name for field in fields], defaults=defaults)  # type: ignore[misc]
                made.__annotations__ = {field.name: self.python(field.type) for field in fields}
                return made
            case AliasDefinition(target=target):
                return TypeAliasType(_spelled(name), self.python(target))
            case ObjectDefinition():
                made_fields: dict[str, Any] = {field.name: self._field(field) for field in definition.fields}
                if definition.extra_type is not None:
                    inside: Any = dict.__class_getitem__((str, self.python(definition.extra_type)))
                    made_fields["__pydantic_extra__"] = (inside, None)
                return _model(name, definition, made_fields)

    def _field(self, field: Field) -> tuple[Any, Any]:
        options: dict[str, Any] = {}
        if field.accept != (field.name,):
            options["validation_alias"] = AliasChoices(*field.accept)
        if field.emit != field.name:
            options["serialization_alias"] = field.emit
        if not field.required:
            options["default"] = _default(field)
        return self.python(field.type), ModelField(**options)

    def python(self, node: TypeNode) -> Any:
        """The Python type of a node."""
        match node:
            case NullType():
                return None
            case BoolType():
                return bool
            case JsonType():
                return JsonValue
            case NumberType():
                return _number(node)
            case StringType():
                return _string(node)
            case BytesType():
                return Annotated[bytes, at.Len(node.min_length or 0, node.max_length)]
            case TemporalType():
                return _temporal(node)
            case LiteralType():
                return Literal[node.python_values()]
            case ArrayType(item=item, kind=kind):
                return Annotated[_ARRAYS[kind][self.python(item)], at.Len(node.min_items or 0, node.max_items)]
            case TupleType(items=items):
                places: Any = tuple(self.python(item) for item in items)
                return tuple.__class_getitem__(places)
            case MapType(key=key, value=value):
                mapping: Any = dict.__class_getitem__((self.python(key), self.python(value)))
                return Annotated[mapping, at.Len(node.min_items or 0, node.max_items)]
            case UnionType(members=members, tag=tag):
                one_of: Any = Union[tuple(self.python(member) for member in members)]  # noqa: UP007 -- built at run time
                return one_of if tag is None else Annotated[one_of, ModelField(discriminator=tag)]
            case JsonTextType(inner=inner):
                text: Any = JsonText
                return text[self.python(inner)]
            case Ref(name=name):
                return self._names.get(_spelled(name), ForwardRef(_spelled(name)))
            case _:
                raise AssertionError(node)


def _model(name: str, definition: ObjectDefinition, fields: dict[str, Any]) -> Any:
    extra = fields.pop("__pydantic_extra__", None)
    if extra is None:
        return create_model(_spelled(name), __config__=ConfigDict(extra=definition.extra), **fields)
    base = type(
        "Base",
        (BaseModel,),
        {"__annotations__": {"__pydantic_extra__": extra[0]}, "model_config": ConfigDict(extra="allow")},
    )
    return create_model(_spelled(name), __base__=base, **fields)


def _config(node: TypeNode) -> ConfigDict:
    encoding = node.encoding if isinstance(node, BytesType) else "utf8"
    return ConfigDict(extra="forbid", val_json_bytes=encoding, ser_json_bytes=encoding)  # type: ignore[typeddict-item]


def _spelled(name: str) -> str:
    return name.replace(":", "_").replace(".", "_")


def _default(field: Field) -> object:
    assert field.default is not None and field.default.json_text is not None
    return json.loads(field.default.json_text)


def _number(node: NumberType) -> Any:
    kind: Any = {"int": int, "float": float, "decimal": Decimal}[node.kind]
    names = ("ge", "gt", "le", "lt", "multiple_of", "max_digits", "decimal_places")
    constraints = {name: value for name in names if (value := getattr(node, name)) is not None}
    return Annotated[kind, ModelField(**constraints)] if constraints else kind


def _string(node: StringType) -> Any:
    kind = _FORMATS[node.format] if node.format is not None else str
    if node == StringType(format=node.format):
        return kind
    return Annotated[
        kind, StringConstraints(min_length=node.min_length, max_length=node.max_length, pattern=node.pattern)
    ]


def _temporal(node: TemporalType) -> Any:
    kind = _TEMPORAL[node.kind]
    if node.zone is not None:
        kind = AwareDatetime if node.zone == "aware" else NaiveDatetime
    read = _TEMPORAL[node.kind].fromisoformat if node.kind != "timedelta" else None
    bounds = {name: read(bound) for name in ("ge", "gt", "le", "lt") if read and (bound := getattr(node, name))}
    return Annotated[kind, ModelField(**bounds)] if bounds else kind


def _comparable(value: Json, node: TypeNode) -> str:
    """Text that tells 1 from 1.0; sets have no order, and come first of all here."""
    if isinstance(node, ArrayType) and node.is_unique and isinstance(value, list):
        return json.dumps(sorted(json.dumps(item, sort_keys=True) for item in value))
    return json.dumps(value, sort_keys=True)
