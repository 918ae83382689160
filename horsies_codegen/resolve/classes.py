"""Classes → definitions: which kind of class it is, and what it puts on the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from horsies_codegen.parse.expression import Call, Constant, Expr, Items, Pairs, Text
from horsies_codegen.resolve.annotation import ClassReader, TypeReader
from horsies_codegen.resolve.enums import enum_members, made_members, value_hook
from horsies_codegen.resolve.hashing import HashReader
from horsies_codegen.resolve.known import (
    DECORATORS,
    ENUMS,
    FLAGS,
    MODELS,
    NAMED_TUPLE,
    ROOT_MODELS,
    TYPED_DICT,
)
from horsies_codegen.resolve.lineage import Env, Lineage, unsubstituted, variable_key
from horsies_codegen.resolve.members import NO_SETTINGS, Declared, HookFound, MemberReader, Settings
from horsies_codegen.resolve.metadata import FieldFacts, Refused
from horsies_codegen.resolve.models import ModelReader
from horsies_codegen.resolve.scope import ClassSymbol, Hop, Known, Scope, ValueSymbol
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.identity import identity
from horsies_core.contract.types import (
    Default,
    Definition,
    EnumDefinition,
    Field,
    ObjectDefinition,
    TupleDefinition,
    TypeNode,
    UnresolvedType,
    canonical_json,
)
from horsies_core.contract.values import COMPUTED, default_of


class Classes(ClassReader):
    """Reads every kind of class that pydantic reads."""

    def __init__(self, types: TypeReader, python: tuple[int, int]) -> None:
        self._types = types
        self._binder = types.binder
        self._values = types.values
        self._members = MemberReader(types.binder, types.values, python)
        self._models = ModelReader(types, self._members)
        self._hashing = HashReader(types, self._members)

    def read(self, symbol: ClassSymbol, expression: Expr, scope: Scope, arguments: Sequence[TypeNode]) -> TypeNode:
        """The node of a class with its type arguments: a reference to its definition, or a hole at ``expression``."""
        parameters = self._types.lineages.parameters(symbol)
        if arguments and len(arguments) != len(parameters):
            reason = f"{symbol.node.name} takes {len(parameters)} type arguments, not {len(arguments)}"
            return self._types.refuse(scope, expression, reason, "HC203")
        env = {variable_key(variable): node for variable, node in zip(parameters, arguments, strict=False)}
        name = identity(symbol.scope.module.name, symbol.scope.inner(symbol.node.name), tuple(arguments))
        return self._types.define(name, lambda: self._build(symbol, env, name), has_self=True)

    def functional(self, symbol: ValueSymbol, kind: str, call: Call) -> TypeNode | None:
        """``TypedDict("X", {...})``, ``NamedTuple("X", [...])``, ``Enum("X", [...])``."""
        positional = [argument.value for argument in call.arguments if argument.keyword is None and not argument.star]
        if kind in ENUMS and len(positional) == 1:  # Enum("X", names=[...])
            positional += [argument.value for argument in call.arguments if argument.keyword == "names"]
        if len(positional) < 2 or not isinstance(positional[0], Text):
            return None
        name = identity(symbol.scope.module.name, positional[0].value)
        if kind == TYPED_DICT:
            return self._types.define(name, lambda: self._made_dict(symbol, call, positional[1], name), has_self=True)
        if kind == NAMED_TUPLE:
            return self._types.define(name, lambda: self._made_tuple(symbol, positional[1], name), has_self=True)
        if kind in ENUMS:
            return self._types.define(name, lambda: self._made_enum(symbol, kind, call, positional[1], name))
        return None

    def _build(self, symbol: ClassSymbol, env: Env, name: str) -> Definition | UnresolvedType:
        lineage = self._types.lineages.of(symbol, env)
        known = frozenset(lineage.known)
        if known & FLAGS:
            reason = f"the members of the Flag {symbol.node.name} combine into values of no fixed set"
            return self._refused(symbol, reason, "HC004")
        if lineage.broken is not None:
            broken = lineage.broken
            hop = Hop(symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} inherits from it")
            hops = (hop, *(() if broken.found is None else broken.found.hops))
            return self._types.refuse(broken.scope, broken.expression, broken.reason, broken.code, hops)
        builder = self._builder(lineage, known)
        if builder is None:
            reason = f"{symbol.node.name} is a class without a JSON form that horsies knows"
            return self._refused(symbol, reason, "HC203")
        unknown = self._members.unknown_decorator(lineage, DECORATORS)
        if unknown is not None:
            place = Constant(unknown.start, unknown.end, None)
            hop = Hop(symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} is defined here")
            reason = f"what {unknown.what} makes of the class is known at run time only"
            return self._types.refuse(unknown.scope, place, reason, "HC004", (hop,))
        hook = self._members.schema_hook(lineage)
        if hook is not None:
            return self._hooked(symbol, hook, f"{symbol.node.name} makes its own schema by code")
        self._types.hashes.note(name, lambda: self._hashing.of(lineage))
        return builder(symbol, lineage, name)

    def _builder(
        self, lineage: Lineage, known: frozenset[str]
    ) -> Callable[[ClassSymbol, Lineage, str], Definition | UnresolvedType] | None:
        if known & ENUMS:
            return self._enum
        if TYPED_DICT in known:
            return self._typed_dict
        if NAMED_TUPLE in known:
            return self._named_tuple
        if known & ROOT_MODELS:
            return self._models.root
        if known & MODELS:
            return self._models.model
        if any(self._members.dataclass_call(ancestor.symbol) is not None for ancestor in lineage.ancestors):
            return self._dataclass
        return None

    def _refused(self, symbol: ClassSymbol, reason: str, code: str) -> UnresolvedType:
        return self._types.refuse(symbol.scope, Constant(symbol.node.start, symbol.node.end, None), reason, code)

    def _hooked(self, symbol: ClassSymbol, hook: HookFound, reason: str, code: str = "HC007") -> UnresolvedType:
        hop = Hop(symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} is defined here")
        return self._types.refuse(hook.scope, Constant(hook.start, hook.end, None), reason, code, (hop,))

    # enums

    def _enum(self, symbol: ClassSymbol, _lineage: Lineage, name: str) -> EnumDefinition | UnresolvedType:
        hook = value_hook(self._binder, symbol)
        if hook is not None:
            return self._refused(symbol, f"the values of {symbol.node.name} are made by its {hook}", "HC004")
        members = enum_members(self._binder, self._values.value, symbol)
        return self._members_of(symbol, members, name)

    def _members_of(
        self, symbol: ClassSymbol | ValueSymbol, members: Sequence[tuple[str, object]], name: str
    ) -> EnumDefinition | UnresolvedType:
        place = Constant(symbol.node.start, symbol.node.end, None)
        if not members:
            reason = f"the enum {symbol.node.name} has no members"
            return self._types.refuse(symbol.scope, place, reason, "HC203")
        for member, value in members:
            if value is UNKNOWN:
                reason = f"the value of {symbol.node.name}.{member} is computed at run time"
                return self._types.refuse(symbol.scope, place, reason, "HC004")
            if value is not None and not isinstance(value, str | int | float | bool):
                reason = f"{symbol.node.name}.{member} has no JSON form"
                return self._types.refuse(symbol.scope, place, reason, "HC203")
        return EnumDefinition(name=name, members=tuple((key, canonical_json(value)) for key, value in members))

    def _made_enum(
        self, symbol: ValueSymbol, kind: str, call: Call, names: Expr, name: str
    ) -> EnumDefinition | UnresolvedType:
        said = {argument.keyword: argument.value for argument in call.arguments if argument.keyword}
        mixin = self._mixin(symbol.scope, said["type"]) if "type" in said else None
        unread = said.keys() - {"names", "module", "qualname", "start", *(["type"] if mixin else [])}
        if unread:
            reason = (
                f"what {', '.join(sorted(unread))} makes of the values of {symbol.node.name} is computed at run time"
            )
            return self._types.refuse(symbol.scope, call, reason, "HC004")
        given = UNKNOWN if _is_unpacked(call) else self._values.value(symbol.scope, names)
        start = self._values.value(symbol.scope, said["start"]) if "start" in said else 1
        if given is UNKNOWN or start is UNKNOWN:
            reason = f"the members of {symbol.node.name} are computed at run time"
            return self._types.refuse(symbol.scope, call, reason, "HC004")
        members = made_members(given, start, kind, mixin)
        return self._members_of(symbol, members, name)

    def _mixin(self, scope: Scope, said: Expr) -> str | None:
        """``Enum("X", ..., type=str)``: a class whose making of values is known."""
        found = self._binder.expression(scope, said)
        name = found.symbol.name if found is not None and isinstance(found.symbol, Known) else None
        return name if name in ("builtins:str", "builtins:int") else None

    # typed dicts

    def _typed_dict(self, symbol: ClassSymbol, lineage: Lineage, name: str) -> ObjectDefinition | UnresolvedType:
        settings, unread = self._members.attached_config(lineage._replace(ancestors=lineage.ancestors[:1]))
        if unread is not None:
            return self._hooked(symbol, unread, f"the configuration of {symbol.node.name} cannot be read", "HC004")
        if settings is None:
            self._types.without_config.add(name)
            settings = NO_SETTINGS
        extra = self._models.extra_keys(settings)
        if isinstance(extra, UnresolvedType):
            return self._refused(symbol, extra.reason, extra.code)
        fields: dict[str, Field] = {}
        for ancestor in reversed(unsubstituted(lineage).ancestors):
            total = self._total(ancestor.symbol)
            for declared in self._members.declared(ancestor):
                fields[declared.name] = self._key(declared, settings, total=total)
        made = ObjectDefinition(name=name, kind="typeddict", fields=tuple(fields.values()), extra=extra)
        return self._closed(lineage.keywords, lineage.ancestors[0].env, made)

    def _closed(self, said: Settings, env: Env, made: ObjectDefinition) -> ObjectDefinition:
        """PEP 728: ``closed=True`` takes no other key, ``extra_items=int`` takes ints under any."""
        if "extra_items" in said:
            return replace(made, extra="allow", extra_type=self._types.read(*said["extra_items"], env))
        if "closed" in said and self._values.value(*said["closed"]) is True:
            return replace(made, extra="forbid")
        return made

    def _total(self, symbol: ClassSymbol) -> bool:
        for argument in symbol.node.bases:
            if argument.keyword == "total":
                return self._values.value(symbol.scope, argument.value) is not False
        return True

    def _key(self, declared: Declared, settings: Settings, *, total: bool) -> Field:
        qualifiers = self._members.unwrap(declared.scope, declared.annotation).qualifiers
        required = total
        for qualifier in qualifiers:
            if qualifier in ("Required", "NotRequired"):
                required = qualifier == "Required"
                break
        field = self._models.field(declared, settings, None)
        return field if field.default is not None else replace(field, required=required)

    def _made_dict(self, symbol: ValueSymbol, call: Call, keys: Expr, name: str) -> ObjectDefinition | UnresolvedType:
        if not isinstance(keys, Pairs) or not all(isinstance(key, Text) for key, _ in keys.items):
            return self._types.refuse(
                symbol.scope, keys, "the keys of this TypedDict are computed at run time", "HC004"
            )
        said = {argument.keyword: (symbol.scope, argument.value) for argument in call.arguments if argument.keyword}
        total = "total" not in said or self._values.value(*said["total"]) is not False
        fields = tuple(
            self._key(Declared(key.value, symbol.scope, {}, value, None, key.start, key.end), NO_SETTINGS, total=total)
            for key, value in keys.items
            if isinstance(key, Text)
        )
        self._types.without_config.add(name)
        return self._closed(said, {}, ObjectDefinition(name=name, kind="typeddict", fields=fields))

    # named tuples

    def _named_tuple(self, symbol: ClassSymbol, lineage: Lineage, name: str) -> TupleDefinition | UnresolvedType:
        hook, _ = self._members.decorated(lineage)
        if hook is not None:
            return self._hooked(symbol, hook, f"{symbol.node.name} has {hook.what}, which changes the wire by code")
        return TupleDefinition(
            name=name, fields=tuple(self._place(item) for item in self._members.fields(lineage).values())
        )

    def _place(self, declared: Declared) -> Field:
        node = self._models.declared_type(declared)
        default = None if declared.value is None else self._default(declared.scope, declared.value)
        return Field(
            name=declared.name,
            type=node,
            accept=(declared.name,),
            emit=declared.name,
            default=default,
            required=default is None,
        )

    def _made_tuple(self, symbol: ValueSymbol, fields: Expr, name: str) -> TupleDefinition | UnresolvedType:
        places: list[Field] = []
        for item in fields.items if isinstance(fields, Items) else ():
            key = item.items[0] if isinstance(item, Items) and len(item.items) == 2 else None
            if not isinstance(item, Items) or not isinstance(key, Text):
                break
            annotation = item.items[1]
            places.append(self._place(Declared(key.value, symbol.scope, {}, annotation, None, key.start, key.end)))
        if not isinstance(fields, Items) or len(places) != len(fields.items):
            reason = "the fields of this NamedTuple are computed at run time"
            return self._types.refuse(symbol.scope, fields, reason, "HC004")
        return TupleDefinition(name=name, fields=tuple(places))

    def _default(self, scope: Scope, value: Expr) -> Default:
        known = self._values.value(scope, value)
        return COMPUTED if known is UNKNOWN else default_of(known)

    # dataclasses

    def _dataclass(self, symbol: ClassSymbol, lineage: Lineage, name: str) -> ObjectDefinition | UnresolvedType:
        hook, opaque = self._members.decorated(lineage)
        if hook is not None:
            return self._hooked(symbol, hook, f"{symbol.node.name} has {hook.what}, which changes the wire by code")
        settings, unread = self._members.attached_config(lineage)
        if unread is not None:
            return self._hooked(symbol, unread, f"the configuration of {symbol.node.name} cannot be read", "HC004")
        if settings is None:
            if self._is_plain(symbol):
                self._types.without_config.add(name)
            settings = NO_SETTINGS
        extra = self._models.extra_keys(settings)
        if isinstance(extra, UnresolvedType):
            return self._refused(symbol, extra.reason, extra.code)
        declared: dict[str, Declared] = {}
        for ancestor in reversed(unsubstituted(lineage).ancestors):
            if self._members.dataclass_call(ancestor.symbol) is not None:
                declared.update((item.name, item) for item in self._members.declared(ancestor))
        fields = [field for item in declared.values() for field in self._dataclass_fields(item, settings)]
        return ObjectDefinition(name=name, kind="dataclass", fields=tuple(fields), extra=extra, opaque=opaque)

    def _is_plain(self, symbol: ClassSymbol) -> bool:
        """Whether pydantic did not make this dataclass: its own have a configuration, an empty one if none is said."""
        made = self._members.dataclass_call(symbol)
        return made is None or made[0] == "dataclasses:dataclass"

    def _dataclass_fields(self, declared: Declared, settings: Settings) -> Iterator[Field]:
        unwrapped = self._members.unwrap(declared.scope, declared.annotation)
        if "ClassVar" in unwrapped.qualifiers or self._is_marker(declared):
            return
        facts = self._field_call(declared)
        if isinstance(facts, FieldFacts) and not facts.is_init:
            return
        field = self._models.field(declared, settings, facts)
        if "InitVar" in unwrapped.qualifiers:
            field = Field(
                name=field.name,
                type=field.type,
                accept=field.accept,
                emit=None,
                default=field.default,
                required=field.required,
            )
        yield field

    def _is_marker(self, declared: Declared) -> bool:
        """``_: KW_ONLY``"""
        found = self._binder.expression(declared.scope, declared.annotation)
        return found is not None and found.symbol == Known("dataclasses:KW_ONLY")

    def _field_call(self, declared: Declared) -> FieldFacts | Refused | None:
        """What ``field(...)`` or ``Field(...)`` says where it is the default."""
        if not isinstance(declared.value, Call):
            return None
        found = self._binder.expression(declared.scope, declared.value.function)
        if found is None or found.symbol not in (Known("dataclasses:field"), Known("pydantic:Field")):
            return None
        return self._types.metadata.field(declared.scope, declared.value)


def _is_unpacked(call: Call) -> bool:
    return any(argument.star for argument in call.arguments)
