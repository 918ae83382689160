"""Annotation → type node, for annotations as Python has evaluated them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import UnionType as PipeUnion
from typing import (
    Annotated,
    Any,
    Final,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Self,
    TypeAlias,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import typing_extensions
from typing_extensions import ReadOnly

from horsies_core.contract.hashing import Hashes, refused_in_sets
from horsies_core.contract.identity import identity
from horsies_core.contract.keys import key_problem
from horsies_core.contract.refusals import REWRITES
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    Definition,
    MapKind,
    MapType,
    NullType,
    ObjectDefinition,
    Ref,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
    literal,
    mapped_definition,
    union,
)
from horsies_core.task.live.constraints import constrain
from horsies_core.task.live.scalars import ARRAYS, BARE_CONTAINERS, MAPS, scalar

Bindings: TypeAlias = Mapping[Any, object]
"""Type variables and what stands for them."""

NO_BINDINGS: Bindings = {}
NO_STAND_INS: Mapping[str, object] = {}

_NO_DEFAULT: object = getattr(typing_extensions, "NoDefault", None)
_QUALIFIERS = (Final, Required, NotRequired, ReadOnly)
_ANY = UnresolvedType("Any says nothing about the wire", "HC202")


ClassReader: TypeAlias = "Callable[[TypeReader, type, Bindings, tuple[TypeNode, ...]], TypeNode]"
"""Reads a class: with the reader for the types inside, its type variables' bindings, and the nodes of its arguments."""


class NotYetDefinedError(Exception):
    """An annotation names something that its module has not defined yet. Never leaves the front end."""


class TypeReader:
    """Reads annotations, and collects the definitions of the named types that it meets."""

    def __init__(self, read_class: ClassReader, stand_ins: Mapping[str, object] = NO_STAND_INS) -> None:
        self._read_class = read_class
        self._stand_ins = stand_ins
        self._replacing: set[str] = set()
        self.definitions: dict[str, Definition] = {}
        self.without_config: set[str] = set()
        """TypedDicts and dataclasses that take over the settings of what holds them."""
        self.hashes = Hashes()
        self._holds_sets = False
        self._self: str | None = None
        self._depth = 0
        self._open: set[str] = set()
        self._generic_names: dict[tuple[int, ...], str] = {}

    def read(self, annotation: Any, bindings: Bindings = NO_BINDINGS) -> TypeNode:
        """The node of an annotation; a hole where it has none. Raises `NotYetDefinedError`."""
        self._depth += 1
        try:
            node = self._read(annotation, bindings)
        finally:
            self._depth -= 1
        return node if self._depth or not self._holds_sets else self._judged(node)

    def _read(self, annotation: Any, bindings: Bindings) -> TypeNode:
        replaced = self._replaced(annotation) if self._stand_ins else None
        if replaced is not None:
            self.hashes.unseen.add(replaced)
        known = scalar(annotation) if replaced is None else replaced
        if known is not None:
            return known
        if type(annotation).__name__ == "PydanticRecursiveRef":
            return self._recursive(annotation.type_ref)
        if isinstance(annotation, str | ForwardRef):
            raise NotYetDefinedError(str(annotation))
        if annotation is Any or annotation is object:
            return _ANY
        if annotation is Self and self._self is not None:
            return Ref(self._self)
        origin = get_origin(annotation)
        if origin is not None:
            return self._parametrised(annotation, origin, get_args(annotation), bindings)
        if annotation in BARE_CONTAINERS:
            return UnresolvedType(f"a bare {annotation.__name__} does not say what it holds", "HC201")
        return self._named(annotation, bindings)

    def _judged(self, node: TypeNode) -> TypeNode:
        """The node with holes for what its sets cannot hold, once all that its types refer to has been read."""

        def refused(inner: TypeNode) -> TypeNode:
            return refused_in_sets(inner, table, self.hashes)

        table = dict(self.definitions)
        self._holds_sets = False
        self.definitions.update((name, mapped_definition(item, refused)) for name, item in table.items())
        return refused(node)

    def _replaced(self, annotation: Any) -> TypeNode | None:
        """The node of the type that stands for another on the wire, as the app's settings say."""
        kind = get_origin(annotation) or annotation
        name = (
            f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', None) or getattr(kind, '__name__', '')}"
        )
        if name not in self._stand_ins or name in self._replacing:
            return None
        self._replacing.add(name)
        try:
            return self.read(self._stand_ins[name])
        finally:
            self._replacing.discard(name)

    def define(
        self, name: str, build: Callable[[], Definition | UnresolvedType], *, has_self: bool = False
    ) -> TypeNode:
        """A reference to the definition of that name, built if it is new; a recursive one refers to itself.

        In one that ``has_self``, a class with fields, ``Self`` is another word for that name.
        """
        if name in self.definitions or name in self._open:
            return Ref(name)
        self._open.add(name)
        outer, self._self = self._self, name if has_self else None
        try:
            built = build()
        finally:
            self._open.discard(name)
            self._self = outer
        if isinstance(built, UnresolvedType):
            return built
        self.definitions[name] = built
        return Ref(name)

    def note_generic(self, name: str, origin: object, arguments: tuple[object, ...]) -> None:
        """Remember a generic model that is about to be read, for where it refers to itself."""
        self._generic_names[(id(origin), *map(id, arguments))] = name

    def constrained(self, annotation: Any, metadata: tuple[object, ...], bindings: Bindings = NO_BINDINGS) -> TypeNode:
        """The node of an annotation under metadata."""
        return constrain(self.read(annotation, bindings), metadata, self.tagged)

    def tagged(self, node: TypeNode, discriminator: object) -> TypeNode:
        """The union told apart by a property of its members."""
        if not isinstance(discriminator, str):
            return UnresolvedType("the discriminator is a function", "HC007")
        match node:
            case UnionType(members=members, tag=None):
                objects = tuple(item for item in members if not isinstance(item, NullType))
                tag = self._wire_name(objects[0], discriminator)
                return union((UnionType(objects, tag), *(item for item in members if isinstance(item, NullType))))
            case _:
                return node

    def _recursive(self, type_ref: str) -> TypeNode:
        """A generic model inside itself, of which pydantic leaves but the ids: ``module.Page:123[int:456]``."""
        ids = tuple(int(number) for number in re.findall(r":(?:str-)?(\d+)", type_ref))
        name = self._generic_names.get(ids) or next(
            (found for key, found in reversed(self._generic_names.items()) if key[:1] == ids[:1]), None
        )
        return unsupported(type_ref) if name is None else Ref(name)

    def _wire_name(self, member: TypeNode, field_name: str) -> str:
        if isinstance(member, Ref):
            definition = self.definitions.get(member.name)
            if isinstance(definition, ObjectDefinition):
                return next((item.accept[0] for item in definition.fields if item.name == field_name), field_name)
        return field_name

    def _parametrised(self, annotation: Any, origin: Any, inner: tuple[Any, ...], bindings: Bindings) -> TypeNode:
        if origin is Annotated:
            return self.constrained(inner[0], inner[1:], bindings)
        if origin is Union or origin is PipeUnion:
            return union(tuple(self.read(member, bindings) for member in inner))
        if origin is Literal:
            return _literal(inner)
        if origin in _QUALIFIERS:
            return self.read(inner[0], bindings)
        if origin in ARRAYS:
            made = ArrayType(item=self.read(inner[0], bindings), kind=ARRAYS[origin])
            self._holds_sets = self._holds_sets or made.is_unique
            return made
        if origin in MAPS:
            return self._map(inner, MAPS[origin], bindings)
        if origin is Counter:
            return self._map((inner[0], int), "dict", bindings)
        if origin is tuple:
            return self._tuple(inner, bindings)
        return self._generic(annotation, origin, inner, bindings)

    def _map(self, inner: tuple[Any, ...], kind: MapKind, bindings: Bindings) -> TypeNode:
        key = self.read(inner[0], bindings)
        problem = key_problem(key, self.definitions)
        if problem is not None:
            key = UnresolvedType(f"this type cannot be a key: {problem}", "HC203")
        return MapType(key=key, value=self.read(inner[1], bindings), kind=kind)

    def _tuple(self, inner: tuple[Any, ...], bindings: Bindings) -> TypeNode:
        if len(inner) == 2 and inner[1] is ...:
            return ArrayType(item=self.read(inner[0], bindings), kind="tuple")
        return TupleType(tuple(self.read(item, bindings) for item in inner if item != ()))

    def _generic(self, annotation: Any, origin: Any, inner: tuple[Any, ...], bindings: Bindings) -> TypeNode:
        """A generic class or alias with its arguments."""
        parameters = getattr(origin, "__type_params__", ()) or getattr(origin, "__parameters__", ())
        # `type` itself has a descriptor there
        keys = cast("tuple[object, ...]", parameters) if isinstance(parameters, tuple) else None
        if keys is None or len(keys) != len(inner):
            return unsupported(annotation)
        arguments = {key: self._bound(value, bindings) for key, value in zip(keys, inner, strict=True)}
        nodes = self.class_arguments(arguments.values())
        return self._named(origin, arguments, nodes)

    def class_arguments(self, arguments: Iterable[object]) -> tuple[TypeNode, ...]:
        """The arguments of a generic of its own name: for pydantic, ``Self`` among them is that generic."""
        outer, self._self = self._self, None
        try:
            return tuple(self.read(argument) for argument in arguments)
        finally:
            self._self = outer

    def _bound(self, annotation: Any, bindings: Bindings) -> object:
        """The annotation with its type variables filled in."""
        if annotation in bindings:
            return bindings[annotation]
        variables: tuple[object, ...] = getattr(annotation, "__parameters__", ())
        if variables and any(variable in bindings for variable in variables):
            return annotation[tuple(bindings.get(variable, variable) for variable in variables)]
        return annotation

    def _named(self, named: Any, bindings: Bindings, arguments: tuple[TypeNode, ...] = ()) -> TypeNode:
        if type(named).__name__ == "TypeVar":
            return self._variable(named, bindings)
        if hasattr(named, "__supertype__"):
            return self._alias(named, named.__qualname__, "newtype", named.__supertype__, bindings, ())
        if type(named).__name__ == "TypeAliasType":
            return self._alias(named, named.__name__, "alias", _alias_value(named), bindings, arguments)
        if not isinstance(named, type):
            return unsupported(named)
        return self._read_class(self, named, bindings, arguments)

    def _variable(self, variable: Any, bindings: Bindings) -> TypeNode:
        if variable in bindings:
            return self.read(bindings[variable])
        default = getattr(variable, "__default__", _NO_DEFAULT)
        if default is not _NO_DEFAULT and default is not None:
            return self.read(default)
        return UnresolvedType(f"the type variable {variable.__name__} stands for no type here", "HC202")

    def _alias(
        self,
        named: Any,
        name: str,
        kind: Literal["alias", "newtype"],
        target: Any,
        bindings: Bindings,
        arguments: tuple[TypeNode, ...],
    ) -> TypeNode:
        full = identity(named.__module__, name, arguments)
        return self.define(full, lambda: AliasDefinition(name=full, kind=kind, target=self.read(target, bindings)))


def _alias_value(alias: Any) -> Any:
    """What an alias stands for, quoted parts of it looked up in its module. Raises `NotYetDefinedError`."""
    holder = type("Holder", (), {"__annotations__": {"value": alias.__value__}, "__module__": alias.__module__})
    try:
        return get_type_hints(holder, include_extras=True)["value"]
    except NameError as error:
        raise NotYetDefinedError(str(error)) from None


def _literal(values: tuple[Any, ...]) -> TypeNode:
    scalars = tuple(value.value if isinstance(value, Enum) else value for value in values)
    for value in scalars:
        if value is not None and not isinstance(value, str | int | bool):
            return UnresolvedType(f"Literal[{value!r}] has no JSON form", "HC203")
    return literal(*scalars)


def unsupported(annotation: Any) -> UnresolvedType:
    shown = getattr(annotation, "__qualname__", None) or repr(annotation)
    instead = REWRITES.get(shown.rpartition(".")[2])
    return UnresolvedType(instead or f"{shown} has no JSON form that horsies knows", "HC203")
