"""Metadata: what ``Field(...)`` and the other arguments of ``Annotated`` say, read from their expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from horsies_codegen.parse.expression import ELLIPSIS, Call, Constant, Expr, Text
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.constraints import FACTS
from horsies_codegen.resolve.scope import Known, Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator
from horsies_core.contract.draft import UNKNOWN


@dataclass(frozen=True, slots=True)
class Facts:
    """Constraints by name."""

    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AliasChoices:
    """The names that a field accepts, best first; ``has_path`` where one of them is a path into nested data."""

    names: tuple[str, ...]
    has_path: bool = False


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What one ``Field(...)`` says."""

    facts: Mapping[str, object]
    default: Expr | None = None
    has_factory: bool = False
    alias: str | None = None
    alias_priority: int | None = None
    validation_alias: AliasChoices | None = None
    serialization_alias: str | None = None
    exclude: bool = False
    discriminator: str | None = None
    is_init: bool = True
    kw_only: bool | None = None

    @property
    def names_wire(self) -> bool:
        """Whether it gives the field another name on the wire."""
        return any(item is not None for item in (self.alias, self.validation_alias, self.serialization_alias))


@dataclass(frozen=True, slots=True)
class Refused:
    """Metadata that cannot be part of a contract."""

    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Format:
    """A string format: ``UuidVersion(4)``, ``PathType("file")``."""

    name: str


@dataclass(frozen=True, slots=True)
class Zone:
    """``Timezone(...)``: aware; ``Timezone(None)``: naive."""

    is_aware: bool


@dataclass(frozen=True, slots=True)
class JsonText:
    """``Json``: the value is JSON text."""


@dataclass(frozen=True, slots=True)
class Harmless:
    """Changes nothing on the wire. ``opaque`` if it checks by code."""

    opaque: bool = False


Metadata: TypeAlias = Facts | FieldFacts | Refused | Format | Zone | JsonText | Harmless

_NAMED_BOUNDS = {
    "annotated_types:Gt": "gt",
    "annotated_types:Ge": "ge",
    "annotated_types:Lt": "lt",
    "annotated_types:Le": "le",
    "annotated_types:MultipleOf": "multiple_of",
    "annotated_types:MinLen": "min_length",
    "annotated_types:MaxLen": "max_length",
}
_GROUPS = {
    "annotated_types:Interval": (),
    "annotated_types:Len": ("min_length", "max_length"),
    "pydantic:StringConstraints": (),
}
_HARMLESS = frozenset(
    {
        "pydantic:Strict", "pydantic:AllowInfNan", "pydantic:FailFast", "annotated_types:Unit", "annotated_types:doc",
        "typing:Doc", "typing:deprecated", "pydantic:Tag",
    }
)  # fmt: skip
_CHECKS = frozenset({"pydantic:AfterValidator", "annotated_types:Predicate", "annotated_types:Not"})
_HOOKS = frozenset(
    f"pydantic:{name}"
    for name in (
        "BeforeValidator", "PlainValidator", "WrapValidator", "PlainSerializer", "WrapSerializer", "SerializeAsAny",
        "SkipValidation", "InstanceOf", "GetPydanticSchema", "EncodedBytes", "EncodedStr",
    )
)  # fmt: skip
_PATHS = {"file": "file-path", "dir": "directory-path"}
_MAX_RENAMES = 20


@dataclass(frozen=True, slots=True)
class MetadataReader:
    """Reads metadata expressions. Nothing is raised; what cannot be read is `Refused`."""

    binder: Binder
    values: Evaluator

    def read(self, scope: Scope, expression: Expr, depth: int = 0) -> Metadata:
        """What one argument of ``Annotated`` says."""
        if isinstance(expression, Text):
            return Harmless()
        if isinstance(expression, Call):
            found = self.binder.expression(scope, expression.function)
            if found is not None and isinstance(found.symbol, Known):
                return self._call(scope, found.symbol.name, expression)
            return Refused("what this call in Annotated does to the wire is not known", "HC006")
        found = self.binder.expression(scope, expression)
        match None if found is None else found.symbol:
            case Known(name="pydantic:Json"):
                return JsonText()
            case Known(name=name) if name in _HARMLESS:
                return Harmless()
            case Known(name=name) if name in _HOOKS:
                return Refused(f"{_short(name)} changes by code what stands on the wire", "HC007")
            case ValueSymbol(scope=owner, node=node) if node.value is not None and depth < _MAX_RENAMES:
                return self.read(owner, node.value, depth + 1)
            case _:
                return Refused("what this object in Annotated does to the wire is not known", "HC006")

    def field(self, scope: Scope, call: Call) -> FieldFacts | Refused:
        """What a call of pydantic's ``Field`` (or of ``dataclasses.field``) says."""
        facts: dict[str, object] = {}
        said: dict[str, object] = {}
        for index, argument in enumerate(call.arguments):
            if argument.star:
                return Refused("the arguments of this Field are unpacked from something", "HC004")
            key = argument.keyword or ("default" if index == 0 else "")
            problem = self._field_argument(scope, key, argument.value, facts, said)
            if problem is not None:
                return problem
        return FieldFacts(facts, **said)  # type: ignore[arg-type]  # the keys are written below, each with its type

    def _field_argument(
        self, scope: Scope, key: str, value: Expr, facts: dict[str, object], said: dict[str, object]
    ) -> Refused | None:
        if key == "default":
            if not _is_ellipsis(value):
                said["default"] = value
            return None
        if key == "default_factory":
            said["has_factory"] = not (isinstance(value, Constant) and value.value is None)
            return None
        if key == "validation_alias":
            return self._validation_alias(scope, value, said)
        known = self.values.value(scope, value)
        if key == "pattern" and known is UNKNOWN:
            known = self._compiled(scope, value)
        if key in FACTS or key in _SAID:
            if known is UNKNOWN:
                return Refused(f"the value of {key} is computed at run time", "HC004")
            if key in FACTS and known is not None:
                facts[key] = known
            elif known is not None:
                return _say(said, key, known)
        return None

    def _compiled(self, scope: Scope, value: Expr) -> object:
        """The text of ``re.compile("...")`` without flags, which alone is a pattern of JSON Schema too."""
        if not isinstance(value, Call) or len(value.arguments) != 1:
            return UNKNOWN
        found = self.binder.expression(scope, value.function)
        is_compile = found is not None and found.symbol == Known("re:compile")
        return self.values.value(scope, value.arguments[0].value) if is_compile else UNKNOWN

    def _validation_alias(self, scope: Scope, value: Expr, said: dict[str, object]) -> Refused | None:
        if isinstance(value, Constant) and value.value is None:
            return None
        names, has_path = self._alias_names(scope, value)
        if names is None:
            return Refused("this alias is computed at run time", "HC004")
        said["validation_alias"] = AliasChoices(names, has_path)
        return None

    def _alias_names(self, scope: Scope, value: Expr) -> tuple[tuple[str, ...] | None, bool]:
        if isinstance(value, Call):
            found = self.binder.expression(scope, value.function)
            match None if found is None else found.symbol:
                case Known(name="pydantic:AliasPath"):
                    return (), True
                case Known(name="pydantic:AliasChoices"):
                    parts = [self._alias_names(scope, argument.value) for argument in value.arguments]
                    if any(names is None for names, _ in parts):
                        return None, False
                    names = tuple(name for part, _ in parts for name in part or ())
                    return names, any(has_path for _, has_path in parts)
                case _:
                    return None, False
        known = self.values.value(scope, value)
        return ((known,), False) if isinstance(known, str) else (None, False)

    def _call(self, scope: Scope, name: str, call: Call) -> Metadata:
        if name == "pydantic:Field":
            return self.field(scope, call)
        if name in _HARMLESS:
            return Harmless()
        if name in _CHECKS:
            return Harmless(opaque=True)
        if name in _HOOKS:
            return Refused(f"{_short(name)} changes by code what stands on the wire", "HC007")
        arguments = self.values.arguments(scope, call)
        if arguments is None or UNKNOWN in arguments[0] or UNKNOWN in arguments[1].values():
            if name == "annotated_types:Timezone" and [_is_ellipsis(item.value) for item in call.arguments] == [True]:
                return Zone(is_aware=True)
            return Refused("an argument of this metadata is computed at run time", "HC006")
        return _read_call(name, *arguments)


_SAID = {
    "alias": str,
    "alias_priority": int,
    "serialization_alias": str,
    "exclude": bool,
    "discriminator": str,
    "init": bool,
    "kw_only": bool,
}


def _say(said: dict[str, object], key: str, known: object) -> Refused | None:
    if key == "discriminator" and not isinstance(known, str):
        return Refused("the discriminator is a function", "HC007")
    if not isinstance(known, _SAID[key]):
        return Refused(f"{key} is a {type(known).__name__}, not a {_SAID[key].__name__}", "HC006")
    said["is_init" if key == "init" else key] = known
    return None


def _read_call(name: str, placed: list[object], named: Mapping[str, object]) -> Metadata:
    if name in _NAMED_BOUNDS:
        values = [*placed, *named.values()]
        return Facts({_NAMED_BOUNDS[name]: values[0]}) if len(values) == 1 else _unreadable(name)
    if name in _GROUPS:
        given = {**dict(zip(_GROUPS[name], placed, strict=False)), **named}
        return Facts({key: value for key, value in given.items() if key in FACTS and value is not None})
    values = [*placed, *named.values()]
    match name, values:
        case "pydantic:UuidVersion", [int() as version]:
            return Format(f"uuid{version}")
        case "pydantic:PathType", [str() as kind] if kind in _PATHS:
            return Format(_PATHS[kind])
        case "annotated_types:Timezone", [None]:
            return Zone(is_aware=False)
        case "pydantic:Discriminator", [str() as key]:
            return FieldFacts({}, discriminator=key)
        case "pydantic:Discriminator", _:
            return Refused("the discriminator is a function", "HC007")
        case _:
            return _unreadable(name)


def _unreadable(name: str) -> Refused:
    return Refused(f"{_short(name)} in Annotated may change what stands on the wire", "HC006")


def _short(name: str) -> str:
    return name.partition(":")[2]


def _is_ellipsis(value: Expr) -> bool:
    return isinstance(value, Constant) and value.value == ELLIPSIS
