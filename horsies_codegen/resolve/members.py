"""What the bodies of a lineage say: fields in order, pydantic's decorators, and the configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from horsies_codegen.parse import SyntaxProblem, parse_quoted
from horsies_codegen.parse.expression import Attribute, Call, Expr, Name, Pairs, Subscript, Text, dotted
from horsies_codegen.parse.statement import Assign, ClassDef, FunctionDef
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.guards import Standing, standing
from horsies_codegen.resolve.known import DATACLASS
from horsies_codegen.resolve.lineage import Ancestor, Env, Lineage
from horsies_codegen.resolve.scope import ClassSymbol, Found, Known, Missing, Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator

Settings: TypeAlias = Mapping[str, tuple[Scope, Expr]]
"""Pydantic's settings by name, each with the scope that its expression is read in."""

NO_SETTINGS: Settings = {}


class Declared(NamedTuple):
    """A field as a class body declares it."""

    name: str
    scope: Scope
    env: Env
    annotation: Expr
    value: Expr | None
    start: int
    end: int
    is_certain: bool = True
    """False under a condition that cannot be read: the field may be there or not."""


class Unwrapped(NamedTuple):
    """An annotation with its outer qualifiers taken off: their names, and the metadata of ``Annotated``."""

    qualifiers: tuple[str, ...]
    metadata: tuple[tuple[Scope, Expr], ...]


class HookFound(NamedTuple):
    """Code of a class that changes the wire, in words, with its place."""

    what: str
    scope: Scope
    start: int
    end: int


_MAX_LAYERS = 40
_MODE_HOOKS = {"pydantic:field_validator": "validator", "pydantic:model_validator": "model validator"}
_HOOKS = {
    "pydantic:field_serializer": "serializer",
    "pydantic:model_serializer": "serializer",
    "pydantic:computed_field": "computed field",
    "pydantic:validator": "validator of pydantic 1",
    "pydantic:root_validator": "validator of pydantic 1",
    "pydantic:serializer": "serializer",
}
_SCHEMA_HOOKS = frozenset({"__get_pydantic_core_schema__", "__get_validators__"})


class MemberReader:
    """Reads the bodies of classes."""

    def __init__(self, binder: Binder, values: Evaluator, python: tuple[int, int]) -> None:
        self._binder = binder
        self._values = values
        self._python = python

    def declared(self, ancestor: Ancestor) -> Iterator[Declared]:
        """The annotated names of one class's body."""
        scope = self._binder.class_scope(ancestor.symbol)
        for statement in scope.statements:
            if not isinstance(statement, Assign) or statement.annotation is None:
                continue
            rank = standing(statement.guards, self._python)
            if rank > Standing.CHECKING:
                yield Declared(
                    statement.name,
                    scope,
                    ancestor.env,
                    statement.annotation,
                    statement.value,
                    statement.start,
                    statement.end,
                    is_certain=rank is not Standing.MAYBE,
                )

    def fields(self, lineage: Lineage) -> dict[str, Declared]:
        """The fields of all classes, oldest first; a redefined one keeps its place."""
        found: dict[str, Declared] = {}
        for ancestor in reversed(lineage.ancestors):
            found.update((declared.name, declared) for declared in self.declared(ancestor))
        return found

    def unwrap(self, scope: Scope, annotation: Expr) -> Unwrapped:
        """The qualifiers and metadata around an annotation, through quotes and plain aliases."""
        qualifiers: list[str] = []
        metadata: list[tuple[Scope, Expr]] = []
        for _ in range(_MAX_LAYERS):
            if isinstance(annotation, Text):
                inner = parse_quoted(annotation)
                if isinstance(inner, SyntaxProblem):
                    break
                annotation = inner
                continue
            head = annotation.value if isinstance(annotation, Subscript) else annotation
            found = self._binder.expression(scope, head)
            match None if found is None else found.symbol:
                case Known(name="typing:Annotated") if isinstance(annotation, Subscript):
                    metadata[:0] = [(scope, item) for item in annotation.items[1:]]
                    annotation = annotation.items[0]
                case Known(name=name) if name in _QUALIFIERS:
                    qualifiers.append(name.partition(":")[2])
                    if not isinstance(annotation, Subscript):
                        break
                    annotation = annotation.items[0]
                case ValueSymbol(scope=owner, node=node) if isinstance(node.value, Subscript) and head is annotation:
                    scope, annotation = owner, node.value
                case _:
                    break
        return Unwrapped(tuple(qualifiers), tuple(metadata))

    def schema_hook(self, lineage: Lineage) -> HookFound | None:
        """A method by which a class makes its own schema."""
        for scope, statement in self._statements(lineage):
            if isinstance(statement, FunctionDef | Assign) and statement.name in _SCHEMA_HOOKS:
                return HookFound(statement.name, scope, statement.start, statement.end)
        return None

    def unknown_decorator(self, lineage: Lineage, known: Collection[str]) -> HookFound | None:
        """The first decorator on a class of the lineage that is not one of ``known``: it may return another class."""
        for ancestor in lineage.ancestors:
            for decorator in ancestor.symbol.node.decorators:
                function = decorator.function if isinstance(decorator, Call) else decorator
                found = self._binder.expression(ancestor.symbol.scope, function)
                if _canonical(found) not in known:
                    what = f"the decorator {dotted(function) or 'that is computed'}"
                    return HookFound(what, ancestor.symbol.scope, decorator.start, decorator.end)
        return None

    def dataclass_call(self, symbol: ClassSymbol) -> tuple[str, Call | None] | None:
        """The decorator that makes a class a dataclass, and its call if it has one."""
        for decorator in symbol.node.decorators:
            call = decorator if isinstance(decorator, Call) else None
            found = self._binder.expression(symbol.scope, decorator if call is None else call.function)
            if found is not None and isinstance(found.symbol, Known) and found.symbol.name in DATACLASS:
                return found.symbol.name, call
        return None

    def decorated(self, lineage: Lineage) -> tuple[HookFound | None, bool]:
        """The first of pydantic's decorators that changes the wire, and whether others check after validation."""
        opaque = False
        for scope, statement in self._statements(lineage):
            for name, call, label in self._decorations(scope, statement):
                hook = self._hook(scope, name, call, label)
                if hook is not None:
                    return HookFound(hook, scope, statement.start, statement.end), opaque
                opaque = opaque or name in _MODE_HOOKS
        return None, opaque

    def attached_config(self, lineage: Lineage) -> tuple[Settings | None, HookFound | None]:
        """The settings of a class that is no model, as the nearest decorator or ``__pydantic_config__`` says.

        None where nothing says any.
        """
        for ancestor in lineage.ancestors:
            for scope, said in self._attached(ancestor.symbol):
                place = HookFound("its configuration", scope, said.start, said.end)
                read = self._settings(scope, said)
                if read is None:
                    return {}, place
                return {key: (scope, value) for key, value in read.items()}, None
        return None, None

    def config(self, lineage: Lineage) -> tuple[Settings, HookFound | None]:
        """The settings of a model by name, nearest first, and a part that cannot be read."""
        settings: dict[str, tuple[Scope, Expr]] = dict(lineage.keywords)
        name = "model_config"
        for scope, statement in self._statements(lineage):
            if isinstance(statement, Assign) and statement.name == name and statement.value is not None:
                read = self._settings(scope, statement.value)
                if read is None:
                    return settings, HookFound("its configuration", scope, statement.start, statement.end)
                for key, value in read.items():
                    settings.setdefault(key, (scope, value))
            elif isinstance(statement, ClassDef) and statement.name == "Config":
                for inner in statement.body:
                    if isinstance(inner, Assign) and inner.value is not None:
                        settings.setdefault(_VERSION_1.get(inner.name, inner.name), (scope, inner.value))
        return settings, None

    def _attached(self, symbol: ClassSymbol) -> Iterator[tuple[Scope, Expr]]:
        """What says the configuration of one class, the stronger first."""
        for decorator in symbol.node.decorators:
            found = self._binder.expression(symbol.scope, decorator.function) if isinstance(decorator, Call) else None
            if found is None or not isinstance(decorator, Call) or not isinstance(found.symbol, Known):
                continue
            if found.symbol.name == "pydantic:with_config":
                yield symbol.scope, _only_argument(decorator)
            elif found.symbol.name == "pydantic.dataclasses:dataclass":
                yield from ((symbol.scope, item.value) for item in decorator.arguments if item.keyword == "config")
        scope = self._binder.class_scope(symbol)
        for statement in scope.statements:
            if (
                isinstance(statement, Assign)
                and statement.name == "__pydantic_config__"
                and statement.value is not None
            ):
                yield scope, statement.value

    def _statements(self, lineage: Lineage) -> Iterator[tuple[Scope, Assign | FunctionDef | ClassDef]]:
        for ancestor in lineage.ancestors:
            scope = self._binder.class_scope(ancestor.symbol)
            for statement in scope.statements:
                if isinstance(statement, Assign | FunctionDef | ClassDef):
                    yield scope, statement

    def _decorations(
        self, scope: Scope, statement: Assign | FunctionDef | ClassDef
    ) -> Iterator[tuple[str, Call | None, str]]:
        """Known decorators of a method, and ``x = field_validator(...)(function)``."""
        if isinstance(statement, FunctionDef):
            expressions: tuple[Expr, ...] = statement.decorators
        elif isinstance(statement, Assign) and isinstance(statement.value, Call):
            expressions = (statement.value.function,)
        else:
            return
        for expression in expressions:
            call = expression if isinstance(expression, Call) else None
            function = expression if call is None else call.function
            if isinstance(function, Name | Attribute):
                found = self._binder.expression(scope, function)
                if found is not None and isinstance(found.symbol, Known):
                    yield found.symbol.name, call, statement.name

    def _hook(self, scope: Scope, name: str, call: Call | None, label: str) -> str | None:
        if name in _HOOKS:
            return f"the {_HOOKS[name]} {label}"
        if name not in _MODE_HOOKS:
            return None
        mode: object = "after"
        for argument in () if call is None else call.arguments:
            if argument.keyword == "mode":
                mode = self._values.value(scope, argument.value)
        return None if mode == "after" else f"the {mode} {_MODE_HOOKS[name]} {label}"

    def _is_config(self, scope: Scope, function: Expr) -> bool:
        found = self._binder.expression(scope, function)
        if found is not None and isinstance(found.symbol, Known):
            return found.symbol.name in ("pydantic:ConfigDict", "builtins:dict", "pydantic:with_config")
        return (dotted(function) or "").endswith("ConfigDict")

    def _settings(self, scope: Scope, value: Expr) -> Mapping[str, Expr] | None:
        """The settings in ``ConfigDict(...)`` or a dict display."""
        match value:
            case Call(function=function, arguments=arguments):
                if not self._is_config(scope, function) or any(argument.keyword is None for argument in arguments):
                    return None
                return {argument.keyword or "": argument.value for argument in arguments}
            case Pairs(items=items):
                if not all(isinstance(key, Text) for key, _ in items):
                    return None
                return {key.value: item for key, item in items if isinstance(key, Text)}
            case Name() | Attribute():
                found = self._binder.expression(scope, value)
                if found is not None and isinstance(found.symbol, ValueSymbol) and found.symbol.node.value is not None:
                    return self._settings(found.symbol.scope, found.symbol.node.value)
                return None
            case _:
                return None


def _canonical(found: Found | None) -> str:
    """The name of what is known by table, or of what the standard library is not read for."""
    match None if found is None else found.symbol:
        case Known(name=name):
            return name
        case Missing(dotted=path):
            return ":".join(path.rsplit(".", 1))
        case _:
            return ""


def _only_argument(call: Call) -> Expr:
    """``with_config(ConfigDict(...))`` says what stands in it, ``with_config(extra="forbid")`` the same by itself."""
    placed = [item.value for item in call.arguments if item.keyword in (None, "config") and not item.star]
    return placed[0] if len(placed) == 1 == len(call.arguments) else call


_QUALIFIERS = frozenset(
    {
        "typing:Required",
        "typing:NotRequired",
        "typing:ReadOnly",
        "typing:Final",
        "typing:ClassVar",
        "dataclasses:InitVar",
    }
)
_VERSION_1 = {"allow_population_by_field_name": "populate_by_name"}
