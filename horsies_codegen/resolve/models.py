"""Pydantic models → definitions: fields with the names they have on the wire, and the settings that matter there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from horsies_codegen.parse import parse_quoted
from horsies_codegen.parse.expression import ELLIPSIS, Call, Constant, Expr, Subscript, Text
from horsies_codegen.resolve.annotation import TypeReader
from horsies_codegen.resolve.casing import GENERATORS
from horsies_codegen.resolve.lineage import Lineage
from horsies_codegen.resolve.members import Declared, HookFound, MemberReader, Settings
from horsies_codegen.resolve.metadata import AliasChoices, FieldFacts, Refused
from horsies_codegen.resolve.scope import ClassSymbol, Hop, Known, Scope, ValueSymbol
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.passing import HARMLESS, heir, holds_bytes, with_encoding
from horsies_core.contract.types import (
    AliasDefinition,
    BytesEncoding,
    Default,
    Definition,
    ExtraKeys,
    Field,
    ObjectDefinition,
    TypeNode,
    UnresolvedType,
)
from horsies_core.contract.values import COMPUTED, default_of

_WIRE_SETTINGS: Mapping[str, object] = {
    "ser_json_timedelta": "iso8601",
    "ser_json_temporal": "iso8601",
    "json_encoders": None,
    "str_min_length": 0,
    "str_max_length": None,
}
_MAX_RENAMES = 20


class Names(NamedTuple):
    """A field's names on the wire."""

    accept: tuple[str, ...]
    emit: str


class Generator(NamedTuple):
    """An alias generator by side; each gives a name or None."""

    alias: Callable[[str], str] | None = None
    validation: Callable[[str], str] | None = None
    serialization: Callable[[str], str] | None = None


class ModelReader:
    """Reads models and root models, and single fields for pydantic's dataclasses."""

    def __init__(self, types: TypeReader, members: MemberReader) -> None:
        self._types = types
        self._members = members

    def model(self, symbol: ClassSymbol, lineage: Lineage, name: str) -> Definition | UnresolvedType:
        """The definition of a model, or a hole where code of its own changes the wire."""
        checked = self._checked(symbol, lineage)
        if isinstance(checked, UnresolvedType):
            return checked
        settings, opaque = checked
        extra = self.extra_keys(settings)
        if isinstance(extra, UnresolvedType):
            return self._refused(symbol, extra.reason, extra.code)
        fields = tuple(
            self.field(declared, settings, None)
            for declared in self._members.fields(lineage).values()
            if self._is_field(declared)
        )
        made = ObjectDefinition(name=name, kind="model", fields=fields, extra=extra, opaque=opaque)
        return replace(made, extra_type=self._extra_type(lineage)) if extra == "allow" else made

    def _extra_type(self, lineage: Lineage) -> TypeNode | None:
        """What ``__pydantic_extra__: dict[str, int]`` says of keys that are no fields; None where any JSON may stand there."""
        said = self._members.fields(lineage).get("__pydantic_extra__")
        if said is None:
            return None
        annotation = parse_quoted(said.annotation) if isinstance(said.annotation, Text) else said.annotation
        if not isinstance(annotation, Subscript) or len(annotation.items) != 2:
            return self._types.refuse(said.scope, said.annotation, "this is no dict of what extra keys hold", "HC004")
        found = self._types.binder.expression(said.scope, annotation.items[1])
        if found is not None and found.symbol == Known("typing:Any"):
            return None
        return self._types.read(said.scope, annotation.items[1], said.env)

    def root(self, symbol: ClassSymbol, lineage: Lineage, name: str) -> Definition | UnresolvedType:
        """The definition of a root model: another name of its root type."""
        checked = self._checked(symbol, lineage)
        if isinstance(checked, UnresolvedType):
            return checked
        declared = self._members.fields(lineage).get("root")
        if declared is not None:
            field = self.field(declared, checked[0], None)
            return AliasDefinition(name=name, kind="root", target=field.type, opaque=checked[1])
        if lineage.root is None:
            return self._refused(symbol, f"the root type of {symbol.node.name} is not given", "HC202")
        return AliasDefinition(name=name, kind="root", target=self._types.read(*lineage.root), opaque=checked[1])

    def extra_keys(self, settings: Settings) -> ExtraKeys | UnresolvedType:
        """What a class does with keys it does not know."""
        if "extra" not in settings:
            return "ignore"
        value = self._types.values.value(*settings["extra"])
        match value:
            case "forbid":
                return "forbid"
            case "allow":
                return "allow"
            case "ignore" | None:
                return "ignore"
            case _:
                return UnresolvedType("the setting extra is computed at run time", "HC004")

    def field(self, declared: Declared, settings: Settings, said: FieldFacts | Refused | None) -> Field:
        """One field of a model or of a dataclass; ``said`` is what its default's call says, if that was read."""
        said = said or self._said(declared)
        node = self.declared_type(declared)
        if isinstance(said, FieldFacts) and declared.value is not None:
            node = self._types.described(declared.scope, node, [(said, declared.value)])
        facts = self._facts(declared, said)
        if isinstance(facts, Refused):
            node = self._types.refuse(declared.scope, declared.value or declared.annotation, facts.reason, facts.code)
            facts = FieldFacts({})
        names = self._names(declared, facts, settings)
        node = self._encoded(declared, node, settings)
        node = self._under_settings(declared, node, settings)
        if not names.accept:
            reason = f"field {declared.name} is read by a path (AliasPath)"
            node = self._types.refuse(declared.scope, declared.value or declared.annotation, reason, "HC007")
        default = self._default(declared, said, facts)
        return Field(
            name=declared.name,
            type=node,
            accept=names.accept or (declared.name,),
            emit=None if facts.exclude else names.emit,
            default=default,
            required=default is None,
        )

    def declared_type(self, declared: Declared) -> TypeNode:
        """The node of a field's annotation; a hole where the field may be there or not."""
        if declared.is_certain:
            return self._types.read(declared.scope, declared.annotation, declared.env)
        reason = f"whether there is a field {declared.name} depends on a condition that cannot be read"
        return self._types.refuse(declared.scope, declared.annotation, reason, "HC009")

    def _is_field(self, declared: Declared) -> bool:
        if declared.name.startswith("_") or declared.name == "model_config":
            return False
        qualifiers = self._members.unwrap(declared.scope, declared.annotation).qualifiers
        is_constant = "Final" in qualifiers and declared.value is not None
        return "ClassVar" not in qualifiers and not is_constant

    def _checked(self, symbol: ClassSymbol, lineage: Lineage) -> tuple[Settings, bool] | UnresolvedType:
        """The settings of a model, and whether it checks more by code; a hole where that code changes the wire."""
        hook, opaque = self._members.decorated(lineage)
        if hook is not None:
            reason = f"{symbol.node.name} has {hook.what}, which changes the wire by code"
            return self._hooked(symbol, hook, reason)
        settings, unread = self._members.config(lineage)
        if unread is not None:
            return self._hooked(symbol, unread, f"the configuration of {symbol.node.name} cannot be read", "HC004")
        for setting, harmless in _WIRE_SETTINGS.items():
            if setting in settings and self._types.values.value(*settings[setting]) != harmless:
                reason = f"{symbol.node.name} has the setting {setting}, which changes the wire by code"
                scope, expression = settings[setting]
                hop = Hop(
                    symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} is defined here"
                )
                return self._types.refuse(scope, expression, reason, "HC007", (hop,))
        return settings, opaque

    def _said(self, declared: Declared) -> FieldFacts | Refused | None:
        if not isinstance(declared.value, Call):
            return None
        found = self._types.binder.expression(declared.scope, declared.value.function)
        if found is None or found.symbol != Known("pydantic:Field"):
            return None
        return self._types.metadata.field(declared.scope, declared.value)

    def _facts(self, declared: Declared, said: FieldFacts | Refused | None) -> FieldFacts | Refused:
        """What every ``Field`` of a field says beside constraints, the later going before the earlier."""
        merged = FieldFacts({})
        for scope, expression in self._members.unwrap(declared.scope, declared.annotation).metadata:
            item = self._types.metadata.read(scope, expression)
            if isinstance(item, FieldFacts):
                merged = _merged(merged, item)
        if isinstance(said, Refused):
            return said
        return merged if said is None else _merged(merged, said)

    def _names(self, declared: Declared, facts: FieldFacts, settings: Settings) -> Names:
        generator = self._generator(settings)
        alias, validation, serialization = facts.alias, facts.validation_alias, facts.serialization_alias
        if generator is not None and facts.alias_priority == 1:  # what is written gives way to the generator
            alias = validation = serialization = None
        if validation is None and alias is not None:
            validation = AliasChoices((alias,))
        if serialization is None:
            serialization = alias
        if generator is not None:
            made = _call(generator.validation or generator.alias, declared.name)
            if validation is None and made is not None:
                validation = AliasChoices((made,))
            serialization = serialization or _call(generator.serialization or generator.alias, declared.name)
        return Names(self._accepted(declared.name, validation, settings), serialization or declared.name)

    def _accepted(self, name: str, validation: AliasChoices | None, settings: Settings) -> tuple[str, ...]:
        if validation is None:
            return (name,)
        by_name = self._is_set(settings, "validate_by_name") or self._is_set(settings, "populate_by_name")
        by_alias = self._is_set(settings, "validate_by_alias", default=True)
        names = validation.names if by_alias else ()
        return tuple(dict.fromkeys((*names, name))) if by_name else names

    def _is_set(self, settings: Settings, key: str, *, default: bool = False) -> bool:
        return bool(self._types.values.value(*settings[key]) is True) if key in settings else default

    def _generator(self, settings: Settings) -> Generator | None:
        if "alias_generator" not in settings:
            return None
        scope, expression = settings["alias_generator"]
        return self._read_generator(scope, expression, 0)

    def _read_generator(self, scope: Scope, expression: Expr, depth: int) -> Generator | None:
        function = expression.function if isinstance(expression, Call) else expression
        found = self._types.binder.expression(scope, function)
        match None if found is None else found.symbol:
            case Known(name=name) if name in GENERATORS:
                return Generator(alias=GENERATORS[name])
            case Known(name="pydantic:AliasGenerator") if isinstance(expression, Call):
                parts: dict[str, Callable[[str], str] | None] = {}
                for index, argument in enumerate(expression.arguments):
                    key = argument.keyword or _GENERATOR_PLACES[min(index, 2)]
                    inner = self._read_generator(scope, argument.value, depth + 1)
                    parts[key] = None if inner is None else inner.alias
                return Generator(parts.get("alias"), parts.get("validation_alias"), parts.get("serialization_alias"))
            case ValueSymbol(scope=owner, node=node) if node.value is not None and depth < _MAX_RENAMES:
                return self._read_generator(owner, node.value, depth + 1)
            case _:
                if not (isinstance(expression, Constant) and expression.value is None):
                    self._types.refuse(
                        scope, expression, "what the alias generator makes of names is known at run time only", "HC004"
                    )
                return None

    def _encoded(self, declared: Declared, node: TypeNode, settings: Settings) -> TypeNode:
        """Bytes in the encoding that the settings name for both directions."""
        sides = [
            "utf8" if key not in settings else self._types.values.value(*settings[key])
            for key in ("ser_json_bytes", "val_json_bytes")
        ]
        if not holds_bytes(node) or sides == ["utf8", "utf8"]:
            return node
        if sides[0] != sides[1] or sides[0] not in _ENCODINGS:
            reason = f"bytes are written as {sides[0]} and read as {sides[1]}"
            return self._types.refuse(declared.scope, declared.annotation, reason, "HC007")
        return with_encoding(node, _ENCODINGS[sides[0]])

    def _under_settings(self, declared: Declared, node: TypeNode, settings: Settings) -> TypeNode:
        passed = frozenset(
            key
            for key, harmless in HARMLESS.items()
            if key in settings and self._types.values.value(*settings[key]) != harmless
        )
        name = heir(node, self._types.definitions, self._types.without_config, passed)
        if name is None:
            return node
        reason = (
            f"{name.partition(':')[2]} takes over {', '.join(sorted(passed))} here; give it a configuration of its own"
        )
        return self._types.refuse(declared.scope, declared.annotation, reason, "HC007")

    def _default(self, declared: Declared, said: FieldFacts | Refused | None, facts: FieldFacts) -> Default | None:
        """The default of a field; None for a required one."""
        if facts.has_factory:
            return COMPUTED
        expression = declared.value if said is None else facts.default
        if expression is None:
            expression = facts.default
        if expression is None or _is_required(expression):
            return None
        value = self._types.values.value(declared.scope, expression)
        return COMPUTED if value is UNKNOWN else default_of(value)

    def _refused(self, symbol: ClassSymbol, reason: str, code: str) -> UnresolvedType:
        return self._types.refuse(symbol.scope, Constant(symbol.node.start, symbol.node.end, None), reason, code)

    def _hooked(self, symbol: ClassSymbol, hook: HookFound, reason: str, code: str = "HC007") -> UnresolvedType:
        hop = Hop(symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} is defined here")
        return self._types.refuse(hook.scope, Constant(hook.start, hook.end, None), reason, code, (hop,))


_GENERATOR_PLACES = ("alias", "validation_alias", "serialization_alias")
_ENCODINGS: Mapping[object, BytesEncoding] = {"utf8": "utf8", "base64": "base64url", "hex": "hex"}


def _merged(first: FieldFacts, second: FieldFacts) -> FieldFacts:
    return FieldFacts(
        {},
        default=second.default or first.default,
        has_factory=second.has_factory or first.has_factory,
        alias=second.alias or first.alias,
        alias_priority=second.alias_priority or first.alias_priority,
        validation_alias=second.validation_alias or first.validation_alias,
        serialization_alias=second.serialization_alias or first.serialization_alias,
        exclude=second.exclude or first.exclude,
        is_init=second.is_init and first.is_init,
    )


def _call(generator: Callable[[str], str] | None, name: str) -> str | None:
    return None if generator is None else generator(name)


def _is_required(expression: Expr) -> bool:
    return isinstance(expression, Constant) and expression.value == ELLIPSIS
