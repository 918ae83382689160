"""Named definitions → the view of ``models.py``, the user's types as the client's own."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import assert_never

from horsies_codegen.config.model import ModelStyle
from horsies_codegen.emit.enums import BASES, enum_base, enum_view
from horsies_codegen.emit.expression import (
    INDENT,
    WIDTH,
    Expression,
    Import,
    Index,
    Name,
    Room,
    fitted,
    flat,
    imports_of,
    laid_out,
    roots_of,
)
from horsies_codegen.emit.identifiers import distinct, type_ladder
from horsies_codegen.emit.layout import TYPED_DICT, Keys, header, import_block
from horsies_codegen.emit.literals import docstring, string_literal
from horsies_codegen.emit.objects import Objects
from horsies_codegen.emit.python_types import OUT_SUFFIX, Side, TypePrinter, two_sided, unhashable
from horsies_codegen.emit.view import AliasView, EnumView, FieldView, ModelsView, NamedTupleView, ObjectView
from horsies_core.contract.types import (
    AliasDefinition,
    Definition,
    EnumDefinition,
    Field,
    ObjectDefinition,
    Ref,
    TupleDefinition,
    walk,
)

RESERVED = frozenset(
    {*BASES, "JsonValue", "Literal", "Mapping", "NamedTuple", "NewType", "NotRequired", "Sequence", "TypeAlias"}
    | {"TYPE_CHECKING", "TypeAliasType", "TypedDict", "Union", "Field", "UNSET", "WireModel", "WireObject"}
)
"""Names that ``models.py`` imports: no type of the user's takes them."""

TYPE_ALIAS = Import("typing", "TypeAlias")
TYPE_CHECKING = Import("typing", "TYPE_CHECKING")
TYPE_ALIAS_TYPE = Import("typing_extensions", "TypeAliasType")


class Models:
    """The named types of one client: what each is called, and the view of their module."""

    def __init__(self, definitions: Mapping[str, Definition], style: ModelStyle = "typed-dict") -> None:
        self._definitions = definitions
        self._style: ModelStyle = style
        self._two_sided = two_sided(definitions)
        names = type_names(definitions, self._two_sided)
        self._printer = TypePrinter(names, self._two_sided, unhashable=unhashable(definitions))

    def view(self) -> ModelsView:
        """The module's view; types are sorted by identity, aliases so that each knows those before it."""
        gathered = _Gathered(self._printer, self._style)
        for identity, definition in sorted(self._definitions.items()):
            for side in self._sides(identity):
                gathered.add(definition, side)
        recursive = self._recursive_aliases()
        for definition in self._aliases_in_order():
            for side in self._sides(definition.name):
                gathered.add_alias(definition, side, recursive=definition.name in recursive)
        return gathered.view()

    def _sides(self, identity: str) -> tuple[Side, ...]:
        return ("accept", "emit") if identity in self._two_sided else ("accept",)

    def _aliases(self) -> dict[str, AliasDefinition]:
        return {name: item for name, item in sorted(self._definitions.items()) if isinstance(item, AliasDefinition)}

    def _aliases_in_order(self) -> tuple[AliasDefinition, ...]:
        aliases = self._aliases()
        ordered: dict[str, AliasDefinition] = {}

        def visit(name: str, path: frozenset[str]) -> None:
            if name in ordered or name in path:
                return
            for needed in sorted(_aliases_named_in(aliases[name], aliases)):
                visit(needed, path | {name})
            ordered[name] = aliases[name]

        for name in aliases:
            visit(name, frozenset())
        return tuple(ordered.values())

    def _recursive_aliases(self) -> frozenset[str]:
        """The aliases that lead back to themselves through aliases alone."""
        aliases = self._aliases()
        return frozenset(name for name in aliases if name in _reached(name, aliases))


class _Gathered:
    """The views of a module's types as they are added, and what the module has to import for them."""

    def __init__(self, printer: TypePrinter, style: ModelStyle) -> None:
        self._printer = printer
        self._style: ModelStyle = style
        self._imports: set[Import] = set()
        self._expressions: list[Expression] = []
        self._hides = False
        self._enums: list[EnumView] = []
        self._objects: list[ObjectView] = []
        self._named_tuples: list[NamedTupleView] = []
        self._aliases: list[AliasView] = []

    def add(self, definition: Definition, side: Side) -> None:
        match definition:
            case EnumDefinition():
                self._add_enum(definition)
            case ObjectDefinition():
                self._add_object(definition, side)
            case TupleDefinition():
                self._add_named_tuple(definition, side)
            case AliasDefinition():
                pass
            case _:
                assert_never(definition)

    def add_alias(self, definition: AliasDefinition, side: Side, *, recursive: bool) -> None:
        name = self._printer.class_name(definition.name, side)
        target = self._printer.expression(definition.target, side)
        if definition.kind == "newtype" and _is_class(definition, target):
            statement = f"{name} = NewType({string_literal(name)}, {flat(target)})"
            self._imports.add(Import("typing", "NewType"))
            self._expressions.append(target)
        elif recursive:
            statement = _recursive(name, string_literal(flat(target)))
            self._imports |= {TYPE_ALIAS_TYPE, TYPE_CHECKING, TYPE_ALIAS}
            self._expressions.append(target)
        else:
            room = Room(0, len(f"{name}: TypeAlias = "))
            target = fitted(target, room)
            statement = f"{name}: TypeAlias = {laid_out(target, room)}"
            self._imports.add(TYPE_ALIAS)
            self._expressions.append(target)
        self._aliases.append(AliasView(statement=statement, doc=_doc(definition, side)))

    def view(self) -> ModelsView:
        return ModelsView(
            imports=import_block([*self._imports, *imports_of(self._expressions)]),
            header=header(self._expressions, hides=self._hides),
            enums=tuple(self._enums),
            objects=tuple(self._objects),
            named_tuples=tuple(self._named_tuples),
            aliases=tuple(self._aliases),
        )

    def _add_enum(self, definition: EnumDefinition) -> None:
        self._imports.add(Import("enum", enum_base(definition)))
        class_name = self._printer.class_name(definition.name, "accept")
        self._enums.append(enum_view(definition, class_name, _doc(definition, "accept")))

    def _add_object(self, definition: ObjectDefinition, side: Side) -> None:
        entries = [
            (key, self._printer.expression(field.type, side), field.required)
            for field in definition.fields
            if (key := _key(field, side)) is not None
        ]
        class_name = self._printer.class_name(definition.name, side)
        if self._style != "typed-dict":
            made = Objects(entries, self._style)
            self._imports |= set(made.imports)
            self._expressions.extend(made.expressions)
            self._objects.append(made.view(class_name, _doc(definition, side)))
            return
        keys = Keys(entries)
        self._imports.add(TYPED_DICT)
        self._expressions.extend(keys.expressions)
        self._hides |= keys.hides
        self._objects.append(keys.view(class_name, _doc(definition, side), quoted=True))

    def _add_named_tuple(self, definition: TupleDefinition, side: Side) -> None:
        """Every place is required: a payload must not depend on defaults that only the client knows."""
        kinds = [self._printer.expression(field.type, side) for field in definition.fields]
        used = {root for kind in kinds for root in roots_of(kind)}
        names = [_place_name(field.name, used) for field in definition.fields]
        rooms = [Room(1, len(INDENT) + len(name) + 2) for name in names]
        fields = [fitted(kind, room) for kind, room in zip(kinds, rooms, strict=True)]
        self._imports.add(Import("typing", "NamedTuple"))
        self._expressions.extend(fields)
        lines = (f"{name}: {laid_out(kind, room)}" for name, kind, room in zip(names, fields, rooms, strict=True))
        self._named_tuples.append(
            NamedTupleView(
                class_name=self._printer.class_name(definition.name, side),
                doc=_doc(definition, side),
                fields=tuple(FieldView(declaration=line) for line in lines),
            )
        )


def type_names(identities: Iterable[str], sided: frozenset[str]) -> dict[str, str]:
    """What the class of each type is called; those in ``sided`` have a second one."""
    ladders = {identity: type_ladder(identity) for identity in sorted(identities)}
    return distinct(
        ladders,
        reserved=RESERVED,
        claims=lambda identity, name: (name, name + OUT_SUFFIX) if identity in sided else (name,),
    )


def _recursive(name: str, target: str) -> str:
    """An alias of itself: written for type checkers as they all read it, and at run time so that pydantic can."""
    shown = f"    {name}: TypeAlias = {target}"
    is_long = len(shown) > WIDTH
    return (
        f"if TYPE_CHECKING:\n{shown}{'  # fmt: skip' if is_long else ''}\n"
        f"else:\n    {name} = TypeAliasType(\n        {string_literal(name)},\n        {target},\n    )"
    )


def _place_name(name: str, used: Container[str]) -> str:
    """The name of a place. On the wire it has none, so one that would hide a type in its class is written with ``_``."""
    return f"{name}_" if name in used else name


def _key(field: Field, side: Side) -> str | None:
    """The wire name of a field on one side; None where it does not occur."""
    if side == "emit":
        return field.emit
    return field.accept[0] if field.accept else None


def _is_class(definition: AliasDefinition, target: Expression) -> bool:
    """Whether a NewType can be made of the target: type checkers want a class that may have subclasses."""
    match target:
        case Name(text=text):
            return text not in ("None", "bool", "JsonValue") and not isinstance(definition.target, Ref)
        case Index(head=head):
            return head.text in ("list", "dict", "set", "frozenset")
        case _:
            return False


def _aliases_named_in(definition: AliasDefinition, aliases: Mapping[str, AliasDefinition]) -> frozenset[str]:
    return frozenset(node.name for node in walk(definition.target) if isinstance(node, Ref) and node.name in aliases)


def _reached(start: str, aliases: Mapping[str, AliasDefinition]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(_aliases_named_in(aliases[start], aliases))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_aliases_named_in(aliases[name], aliases))
    return frozenset(found)


def _doc(definition: Definition, side: Side) -> str:
    what = " as a task gives it back" if side == "emit" else ""
    return docstring(f"``{definition.name}``{what}.")
