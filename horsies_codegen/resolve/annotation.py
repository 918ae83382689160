"""Annotations → type nodes. What cannot be read is a hole with its exact place, never a guess."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from horsies_codegen.parse import Module, SyntaxProblem, parse_quoted
from horsies_codegen.parse.expression import (
    ELLIPSIS,
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Items,
    Name,
    Starred,
    Subscript,
    Text,
    dotted,
)
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.constraints import FACTS, constrained, misplaced, with_format
from horsies_codegen.resolve.known import ANY, ARRAYS, BARE, MAPS, QUALIFIERS, SCALARS, SECRETS, TUPLES
from horsies_codegen.resolve.lineage import Env, LineageReader, is_type_variable, variable_key
from horsies_codegen.resolve.memory import Memory
from horsies_codegen.resolve.metadata import (
    Facts,
    FieldFacts,
    Format,
    Harmless,
    JsonText,
    Metadata,
    MetadataReader,
    Refused,
    Zone,
)
from horsies_codegen.resolve.scope import (
    AliasSymbol,
    ClassSymbol,
    Found,
    FunctionSymbol,
    Hop,
    Known,
    Missing,
    ModuleSymbol,
    Scope,
    ValueSymbol,
    VariableSymbol,
)
from horsies_codegen.resolve.values import Evaluator
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.hashing import Hashes, hash_problem, refused_in_sets, unhashable
from horsies_core.contract.identity import identity
from horsies_core.contract.keys import key_problem, names_in_front
from horsies_core.contract.refusals import REWRITES
from horsies_core.contract.task import reachable
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayKind,
    ArrayType,
    Definition,
    JsonTextType,
    JsonType,
    MapKind,
    MapType,
    NullType,
    ObjectDefinition,
    Ref,
    TemporalType,
    TupleType,
    TypeNode,
    UnionType,
    UnresolvedType,
    literal,
    mapped_definition,
    union,
)

NO_ENV: Env = {}
MAX_DEPTH = 80
"""Annotations nested more deeply are refused: no payload is meant like that."""


class Hole(NamedTuple):
    """A refusal with its place and the way that led there."""

    scope: Scope
    start: int
    end: int
    reason: str
    code: str
    hops: tuple[Hop, ...] = ()


class ReadType(NamedTuple):
    """A node and the holes that were met on the way, those inside definitions left out."""

    node: TypeNode
    holes: tuple[Hole, ...]


class HeldSet(NamedTuple):
    """A set whose item is judged once all is read that it refers to."""

    scope: Scope
    start: int
    end: int
    item: TypeNode
    holes: list[Hole]
    """Where a hole of it belongs."""


class ClassReader:
    """Reads a class that an annotation names; see `horsies_codegen.resolve.classes`."""

    def read(self, symbol: ClassSymbol, expression: Expr, scope: Scope, arguments: Sequence[TypeNode]) -> TypeNode:
        """The node of a class with its type arguments."""
        raise NotImplementedError

    def functional(self, symbol: ValueSymbol, kind: str, call: Call) -> TypeNode | None:
        """The node of a class made by a call (``TypedDict("X", {...})``), None if it is no such call."""
        raise NotImplementedError


class TypeReader:
    """Reads annotations, and collects the definitions of the named types that it meets, with their holes."""

    def __init__(
        self,
        binder: Binder,
        values: Evaluator,
        types: Mapping[str, str],
        make_classes: Callable[[TypeReader], ClassReader],
    ) -> None:
        self.binder = binder
        self.values = values
        self.memory = Memory(binder)
        self.metadata = MetadataReader(binder, values)
        self.lineages = LineageReader(binder, self.read)
        self.definitions: dict[str, Definition] = {}
        self.holes: dict[str, Sequence[Hole]] = {}
        self.without_config: set[str] = set()
        """TypedDicts and dataclasses that take over the settings of what holds them."""
        self.hashes = Hashes()
        self._self: str | None = None
        self._sets: list[HeldSet] = []
        self._types = types
        self._classes = make_classes(self)
        self._below: dict[int, tuple[TypeNode, tuple[Definition, ...]]] = {}
        """By identity; each node is kept so that no other can take its place."""
        self._open: set[str] = set()
        self._unfolding: set[str] = set()
        self._collected: list[list[Hole]] = [[]]
        self._depth = 0

    def root(self, scope: Scope, expression: Expr, env: Env = NO_ENV) -> ReadType:
        """The node of a task's annotation, with the holes at its own places."""
        with self._collecting() as holes:
            node = self.read(scope, expression, env)
        return ReadType(node, tuple(holes))

    def parameter(self, scope: Scope, expression: Expr) -> ReadType:
        """The node of a parameter: as `root`, but its key on the wire is its name, so it takes no alias."""
        return self.memory.recall(
            "parameter", scope, expression, lambda: self._parameter(scope, expression), lambda read: not read.holes
        )

    def _parameter(self, scope: Scope, expression: Expr) -> ReadType:
        with self._collecting() as holes:
            node = self.read(scope, expression, NO_ENV)
            inner = parse_quoted(expression) if isinstance(expression, Text) else expression
            if isinstance(inner, Subscript) and self._has_alias(scope, inner):
                node = self.refuse(
                    scope, expression, "an alias on a parameter: its name is its key on the wire", "HC006"
                )
        return ReadType(node, tuple(holes))

    def hole(self, scope: Scope, expression: Expr, reason: str, code: str, hops: tuple[Hop, ...] = ()) -> ReadType:
        """A hole by itself."""
        return ReadType(
            UnresolvedType(reason, code), (Hole(scope, expression.start, expression.end, reason, code, hops),)
        )

    def holes_below(self, node: TypeNode) -> Iterator[Hole]:
        """The holes inside the definitions that a node refers to, each definition looked into once."""
        if any(self.holes.values()):
            for definition in reachable((node,), self.definitions):
                yield from self.holes[definition.name]

    def below(self, roots: Sequence[TypeNode]) -> dict[str, Definition]:
        """The definitions that some nodes refer to, directly or not, by name in order of names.

        What is below a node is found once: tasks of one module share the nodes of what they write alike.
        """
        found: dict[str, Definition] = {}
        for root in roots:
            known = self._below.get(id(root))
            if known is None:
                known = self._below[id(root)] = (root, reachable((root,), self.definitions))
            found.update((definition.name, definition) for definition in known[1])
        return dict(sorted(found.items()))

    def _has_alias(self, scope: Scope, expression: Subscript) -> bool:
        found = self.binder.expression(scope, expression.value)
        if found is None or found.symbol != Known("typing:Annotated"):
            return False
        said = (self.metadata.read(scope, item) for item in expression.items[1:])
        return any(isinstance(item, FieldFacts) and item.names_wire for item in said)

    def read(self, scope: Scope, expression: Expr, env: Env) -> TypeNode:
        """The node of an annotation."""
        if self._depth > MAX_DEPTH:
            return self.refuse(scope, expression, "this type is nested too deeply", "HC004")
        self._depth += 1
        try:
            node = self._read(scope, expression, env)
        finally:
            self._depth -= 1
        return node if self._depth or not self._sets else self._judged(node)

    def _read(self, scope: Scope, expression: Expr, env: Env) -> TypeNode:
        match expression:
            case Text():
                return self._quoted(scope, expression, env)
            case Constant(value=None):
                return NullType()
            case Binary(operator="|"):
                return union(tuple(self.read(scope, member, env) for member in _members(expression)))
            case Name() | Attribute():
                return self._named(scope, expression, env)
            case Subscript():
                return self._subscripted(scope, expression, env)
            case Call():
                return self._called(scope, expression, env)
            case _:
                return self.refuse(scope, expression, f"a type written as {_what(expression)} is computed", "HC004")

    def refuse(
        self, scope: Scope, expression: Expr, reason: str, code: str, hops: tuple[Hop, ...] = ()
    ) -> UnresolvedType:
        """A hole at an expression."""
        self._collected[-1].append(Hole(scope, expression.start, expression.end, reason, code, hops))
        return UnresolvedType(reason, code)

    def define(self, name: str, build: Callable[[], Definition | UnresolvedType], *, has_self: bool = False) -> Ref:
        """A reference to the definition of that name, built if it is new; a recursive one refers to itself.

        In one that ``has_self``, a class with fields, ``Self`` is another word for that name.
        """
        if name not in self.definitions and name not in self._open:
            self._open.add(name)
            unfolding, self._unfolding = self._unfolding, set()  # a name between an alias and itself ends the circle
            with self._collecting() as holes, self._as_self(name if has_self else None):
                built = build()
            self._unfolding = unfolding
            self._open.discard(name)
            if isinstance(built, UnresolvedType):
                built = AliasDefinition(name=name, kind="alias", target=built)
            self.definitions[name] = built
            self.holes[name] = holes
        return Ref(name)

    def described(self, scope: Scope, node: TypeNode, metadata: Sequence[tuple[Metadata, Expr]]) -> TypeNode:
        """The node under metadata, each with the expression that says it."""
        for item, expression in metadata:
            known = node
            node = self._apply(node, item)
            if isinstance(node, UnresolvedType) and not isinstance(known, UnresolvedType):
                self.refuse(scope, expression, node.reason, node.code)
        return node

    @contextmanager
    def _as_self(self, name: str | None) -> Generator[None, None, None]:
        """What ``Self`` stands for meanwhile; None where it says nothing certain."""
        outer, self._self = self._self, name
        try:
            yield
        finally:
            self._self = outer

    @contextmanager
    def _collecting(self) -> Generator[list[Hole], None, None]:
        self._collected.append([])
        try:
            yield self._collected[-1]
        finally:
            self._collected.pop()

    @contextmanager
    def quietly(self) -> Generator[None, None, None]:
        """Read again what has been read before: its holes are known."""
        with self._collecting():
            yield

    def _quoted(self, scope: Scope, expression: Text, env: Env) -> TypeNode:
        inner = parse_quoted(expression)
        if isinstance(inner, SyntaxProblem):
            return self.refuse(scope, expression, inner.message, "HC003")
        return self.read(scope, inner, env)

    def _named(self, scope: Scope, expression: Name | Attribute, env: Env) -> TypeNode:
        found = self.binder.expression(scope, expression)
        if found is None:
            return self.refuse(scope, expression, "a type reached through a call is computed at run time", "HC004")
        return self._symbol(scope, expression, found, env)

    def _symbol(self, scope: Scope, expression: Expr, found: Found, env: Env) -> TypeNode:
        replaced = self._replaced(found)
        if replaced is not None:
            return replaced
        if found.for_checkers:
            self._collected[-1].append(
                Hole(
                    scope,
                    expression.start,
                    expression.end,
                    f"{_shown(expression)} is imported for type checkers only, so it is not there at run time",
                    "HC206",
                    found.hops,
                )
            )
        match found.symbol:
            case Known(name=name):
                return self._known(scope, expression, name, found)
            case ClassSymbol() as symbol:
                return self._classes.read(symbol, expression, scope, ())
            case ValueSymbol() as symbol:
                return self._value(scope, expression, symbol, found, env)
            case AliasSymbol() as symbol:
                return self._alias(symbol, (), env)
            case VariableSymbol() as symbol:
                return self._variable(scope, expression, symbol, env)
            case Missing(reason=reason, code=code):
                return self.refuse(scope, expression, reason, code, found.hops)
            case ModuleSymbol(name=name):
                return self.refuse(scope, expression, f"{name} is a module, not a type", "HC203", found.hops)
            case FunctionSymbol(node=node):
                return self.refuse(scope, expression, f"{node.name} is a function, not a type", "HC203", found.hops)

    def _replaced(self, found: Found) -> TypeNode | None:
        """The node that the user's table gives for a type, however it was reached."""
        if not self._types:
            return None
        for name in (_dotted_identity(found), *(hop.dotted for hop in found.hops)):
            if name in self._types:
                text = self._types[name]
                scope = Scope(Module("pyproject.toml", "", False, "", ()), (), is_absolute=True)
                node = self.read(scope, Text(0, len(text), text, ((0, repr(text)),)), NO_ENV)
                self.hashes.unseen.add(node)
                return node
        return None

    def _known(self, scope: Scope, expression: Expr, name: str, found: Found) -> TypeNode:
        if name in SCALARS:
            return SCALARS[name]
        if name == "pydantic:Json":
            return JsonTextType(JsonType())
        if name == "typing:Self" and self._self is not None:
            return Ref(self._self)
        shown = name.partition(":")[2]
        if name in BARE:
            return self.refuse(scope, expression, f"a bare {shown} does not say what it holds", "HC201", found.hops)
        if name in ANY:
            return self.refuse(scope, expression, f"{shown} says nothing about the wire", "HC202", found.hops)
        if name in SECRETS:
            reason = "a secret would be stored in the payload in clear text"
            return self.refuse(scope, expression, reason, "HC205", found.hops)
        if name in _CODED:
            return self.refuse(scope, expression, f"{shown} is encoded and decoded by code", "HC007", found.hops)
        instead = REWRITES.get("defaultdict" if shown == "DefaultDict" else shown)
        reason = instead or f"{shown} has no JSON form that horsies knows"
        return self.refuse(scope, expression, reason, "HC203", found.hops)

    # sets

    def _array(self, scope: Scope, item_expression: Expr, kind: ArrayKind, env: Env) -> ArrayType:
        made = ArrayType(item=self.read(scope, item_expression, env), kind=kind)
        if made.is_unique:
            place = (item_expression.start, item_expression.end)
            self._sets.append(HeldSet(scope, *place, made.item, self._collected[-1]))
        return made

    def _judged(self, node: TypeNode) -> TypeNode:
        """The node with holes for what its sets cannot hold, once all that its types refer to has been read."""
        sets, self._sets = self._sets, []
        is_broken = False
        for held in sets:
            problem = hash_problem(held.item, self.definitions, self.hashes)
            if problem is not None:
                hole = unhashable(problem)
                held.holes.append(Hole(held.scope, held.start, held.end, hole.reason, hole.code))
                is_broken = True
        return self._without_broken_sets(node) if is_broken else node

    def _without_broken_sets(self, node: TypeNode) -> TypeNode:
        def refused(inner: TypeNode) -> TypeNode:
            return refused_in_sets(inner, table, self.hashes)

        table = dict(self.definitions)
        self.definitions.update((name, mapped_definition(item, refused)) for name, item in table.items())
        return refused(node)

    # names bound by assignments

    def _value(self, scope: Scope, expression: Expr, symbol: ValueSymbol, found: Found, env: Env) -> TypeNode:
        """An old alias, a type variable, a NewType, or a class made by a call."""
        value = symbol.node.value
        if value is None:
            return self.refuse(scope, expression, f"{symbol.node.name} has no value", "HC004", found.hops)
        if is_type_variable(self.binder, symbol):
            return self._variable(scope, expression, symbol, env)
        if isinstance(value, Call):
            return self._made(scope, expression, symbol, value, found)
        return self._transparent(scope, expression, symbol, value, env, found)

    def _transparent(
        self, scope: Scope, expression: Expr, symbol: ValueSymbol, value: Expr, env: Env, found: Found
    ) -> TypeNode:
        """``Ids = list[int]``: read where it is written, its holes shown with the way there."""
        key = symbol.identity
        if key in self._unfolding:
            reason = f"the alias {symbol.node.name} stands for itself; write it as type {symbol.node.name} = ..."
            return self.refuse(scope, expression, reason, "HC004", found.hops)
        self._unfolding.add(key)
        try:
            return self.read(symbol.scope, value, env)
        finally:
            self._unfolding.discard(key)

    def _made(self, scope: Scope, expression: Expr, symbol: ValueSymbol, call: Call, found: Found) -> TypeNode:
        function = self.binder.expression(symbol.scope, call.function)
        kind = function.symbol.name if function is not None and isinstance(function.symbol, Known) else ""
        positional = [argument.value for argument in call.arguments if argument.keyword is None and not argument.star]
        if kind == "typing:NewType" and len(positional) == 2:
            if isinstance(positional[1], Text):
                reason = f"pydantic does not read the quoted type in {symbol.node.name}; write it without quotes"
                return self.refuse(symbol.scope, positional[1], reason, "HC004", found.hops)
            name = identity(symbol.scope.module.name, symbol.scope.inner(symbol.node.name))
            return self.define(
                name,
                lambda: AliasDefinition(
                    name=name, kind="newtype", target=self.read(symbol.scope, positional[1], NO_ENV)
                ),
            )
        if kind == "typing:TypeAliasType" and len(positional) == 2:
            return self._alias_object(scope, expression, symbol, call, ())
        made = self._classes.functional(symbol, kind, call)
        if made is not None:
            return made
        if kind in _CONSTRAINED:
            return self._called(symbol.scope, call, NO_ENV)
        hop = Hop(symbol.scope.module, symbol.node.start, symbol.node.end, f"{symbol.node.name} is made here")
        reason = f"{symbol.node.name} is made by a call, at run time"
        return self.refuse(scope, expression, reason, "HC004", (*found.hops, hop))

    def _variable(self, scope: Scope, expression: Expr, variable: VariableSymbol | ValueSymbol, env: Env) -> TypeNode:
        bound = env.get(variable_key(variable))
        if bound is not None:
            return bound
        default = _variable_default(variable)
        if default is not None:
            return self.read(variable.scope, default, env)
        reason = f"the type variable {_shown(expression)} stands for no type here"
        return self.refuse(scope, expression, reason, "HC202")

    def _alias(self, symbol: AliasSymbol, arguments: Sequence[TypeNode], env: Env) -> TypeNode:
        node = symbol.node
        prefix = f"{symbol.scope.module.name}:{symbol.scope.inner(node.name)}"
        inner = Scope(
            symbol.scope.module, (), symbol.scope.inner(node.name), symbol.scope, type_parameters=node.parameters
        )
        inner_env = dict(env)
        given = list(arguments)
        for index, parameter in enumerate(node.parameters):
            if index < len(given):
                inner_env[f"{prefix}.{parameter.name}"] = given[index]
            elif parameter.default is not None:
                given.append(self.read(inner, parameter.default, inner_env))
                inner_env[f"{prefix}.{parameter.name}"] = given[index]
        name = identity(symbol.scope.module.name, node.name, tuple(given))
        return self.define(name, lambda: self._alias_definition(name, inner, node.value, inner_env))

    def _alias_definition(self, name: str, scope: Scope, value: Expr, env: Env) -> Definition | UnresolvedType:
        """A named alias; a hole for one that stands for itself with nothing in between."""
        target = self.read(scope, value, env)
        if name in names_in_front(target, self.definitions):
            return self.refuse(scope, value, f"{name.partition(':')[2]} stands for itself", "HC004")
        return AliasDefinition(name=name, kind="alias", target=target)

    def _alias_object(
        self, scope: Scope, expression: Expr, symbol: ValueSymbol, call: Call, arguments: tuple[TypeNode, ...]
    ) -> TypeNode:
        """``Page = TypeAliasType("Page", tuple[T, int], type_params=(T,))``: what ``type Page[T] = ...`` makes."""
        said = next((argument.value for argument in call.arguments if argument.keyword == "type_params"), None)
        parameters = () if said is None else self.lineages.variables(symbol.scope, said)
        if arguments and len(parameters) != len(arguments):
            reason = f"{symbol.node.name} takes {len(parameters)} type arguments, not {len(arguments)}"
            return self.refuse(scope, expression, reason, "HC203")
        env = {variable_key(parameter): node for parameter, node in zip(parameters, arguments, strict=False)}
        name = identity(symbol.scope.module.name, symbol.node.name, arguments)
        value = call.arguments[1].value
        return self.define(name, lambda: self._alias_definition(name, symbol.scope, value, env))

    # subscripts

    def _subscripted(self, scope: Scope, expression: Subscript, env: Env) -> TypeNode:
        found = self.binder.expression(scope, expression.value)
        if found is None:
            return self.refuse(scope, expression, "this generic type is computed at run time", "HC004")
        replaced = self._replaced(found)
        if replaced is not None:
            return replaced
        match found.symbol:
            case Known(name=name):
                return self._known_generic(scope, expression, name, found, env)
            case ClassSymbol() as symbol:
                arguments = self._class_arguments(scope, expression.items, env)
                return self._classes.read(symbol, expression, scope, arguments)
            case AliasSymbol() as symbol:
                return self._alias(symbol, self._class_arguments(scope, expression.items, env), env)
            case ValueSymbol(node=node) as symbol if node.value is not None:
                return self._generic_value(scope, expression, symbol, node.value, found, env)
            case _:
                return self._symbol(scope, expression.value, found, env)

    def _class_arguments(self, scope: Scope, items: Sequence[Expr], env: Env) -> tuple[TypeNode, ...]:
        """The arguments of a generic of its own name: for pydantic, ``Self`` among them is that generic."""
        with self._as_self(None):
            return self._arguments(scope, items, env)

    def _arguments(self, scope: Scope, items: Sequence[Expr], env: Env) -> tuple[TypeNode, ...]:
        return tuple(self.read(scope, item, env) for item in items)

    def _generic_value(
        self, scope: Scope, expression: Subscript, symbol: ValueSymbol, value: Expr, found: Found, env: Env
    ) -> TypeNode:
        """``Pair[int]`` of ``Pair = tuple[T, T]``."""
        if isinstance(value, Call) and self._is_alias_object(symbol.scope, value):
            named = self._class_arguments(scope, expression.items, env)
            return self._alias_object(scope, expression, symbol, value, named)
        arguments = self._arguments(scope, expression.items, env)
        parameters = self.lineages.variables(symbol.scope, value)
        if len(parameters) != len(arguments):
            reason = f"{_shown(expression.value)} takes {len(parameters)} type arguments, not {len(arguments)}"
            return self.refuse(scope, expression, reason, "HC203", found.hops)
        inner = {variable_key(parameter): node for parameter, node in zip(parameters, arguments, strict=True)}
        return self._transparent(scope, expression, symbol, value, inner, found)

    def _is_alias_object(self, scope: Scope, call: Call) -> bool:
        found = self.binder.expression(scope, call.function)
        return found is not None and found.symbol == Known("typing:TypeAliasType") and len(call.arguments) >= 2

    def _known_generic(self, scope: Scope, expression: Subscript, name: str, found: Found, env: Env) -> TypeNode:
        items = expression.items
        first = items[0]
        if name in ARRAYS and len(items) == 1:
            return self._array(scope, first, ARRAYS[name], env)
        if name in MAPS and len(items) == 2:
            return self._map(scope, items[0], self.read(scope, items[1], env), MAPS[name], env)
        if name == "typing:Counter" and len(items) == 1:
            return self._map(scope, first, SCALARS["builtins:int"], "dict", env)
        if name in TUPLES:
            return self._tuple(scope, items, env)
        if name == "typing:Optional":
            return union((self.read(scope, first, env), NullType()))
        if name == "typing:Union":
            return union(tuple(self.read(scope, item, env) for item in items))
        if name == "typing:Literal":
            return self._literal(scope, items)
        if name == "typing:Annotated":
            return self._annotated(scope, items, env)
        if name in QUALIFIERS:
            return self.read(scope, first, env)
        if name == "pydantic:Json":
            return JsonTextType(self.read(scope, first, env))
        if name == "pydantic:RootModel":
            return self._root_model(scope, first, env)
        if name == "re:Pattern" or name == "typing:Pattern":
            return SCALARS[name]
        return self._known(scope, expression, name, found)

    def _map(self, scope: Scope, key_expression: Expr, value: TypeNode, kind: MapKind, env: Env) -> TypeNode:
        key = self.read(scope, key_expression, env)
        problem = key_problem(key, self.definitions)
        if problem is not None:
            key = self.refuse(scope, key_expression, f"this type cannot be a key: {problem}", "HC203")
        return MapType(key=key, value=value, kind=kind)

    def _root_model(self, scope: Scope, item: Expr, env: Env) -> TypeNode:
        [target] = self._class_arguments(scope, (item,), env)
        name = identity("pydantic.root_model", "RootModel", (target,))
        self.hashes.note(name, lambda: None)
        return self.define(name, lambda: AliasDefinition(name=name, kind="root", target=target))

    def _tuple(self, scope: Scope, items: Sequence[Expr], env: Env) -> TypeNode:
        match items:
            case [item, Constant(value=value)] if value == ELLIPSIS:
                return ArrayType(item=self.read(scope, item, env), kind="tuple")
            case [Items(kind="tuple", items=())]:
                return TupleType(())
            case _:
                for item in items:
                    if isinstance(item, Starred):
                        return self.refuse(scope, item, "an unpacked tuple has no fixed places", "HC203")
                return TupleType(tuple(self.read(scope, item, env) for item in items))

    def _literal(self, scope: Scope, items: Sequence[Expr]) -> TypeNode:
        values: list[str | int | bool | None] = []
        for item in items:
            found = self._literal_values(scope, item, 0)
            if found is None and self._is_computed(scope, item):
                return self.refuse(scope, item, f"{_shown(item)} in Literal is computed at run time", "HC004")
            if found is None:
                return self.refuse(scope, item, f"{_what(item)} in Literal is not a value that can be read", "HC203")
            values.extend(found)
        return literal(*values)

    def _is_computed(self, scope: Scope, item: Expr) -> bool:
        """Whether a name is bound to a value that only running the code would tell."""
        found = self.binder.expression(scope, item) if isinstance(item, Name | Attribute) else None
        return found is not None and isinstance(found.symbol, ValueSymbol) and self.values.value(scope, item) is UNKNOWN

    def _literal_values(self, scope: Scope, item: Expr, depth: int) -> list[str | int | bool | None] | None:
        """The values of one argument of ``Literal``; another ``Literal`` counts as its values."""
        if depth > MAX_DEPTH:
            return None
        if isinstance(item, Subscript):
            found = self.binder.expression(scope, item.value)
            if found is None or found.symbol != Known("typing:Literal"):
                return None
            parts = [self._literal_values(scope, inner, depth + 1) for inner in item.items]
            return None if any(part is None for part in parts) else [value for part in parts for value in part or ()]
        if isinstance(item, Name | Attribute):
            aliased = self._literal_alias(scope, item, depth)
            if aliased is not None:
                return aliased
        value = self.values.value(scope, item)
        if value is UNKNOWN or not (value is None or isinstance(value, str | int | bool)):
            return None
        return [value]

    def _literal_alias(self, scope: Scope, item: Name | Attribute, depth: int) -> list[str | int | bool | None] | None:
        found = self.binder.expression(scope, item)
        match None if found is None else found.symbol:
            case ValueSymbol(scope=owner, node=node) if isinstance(node.value, Subscript):
                return self._literal_values(owner, node.value, depth + 1)
            case AliasSymbol(scope=owner, node=alias) if isinstance(alias.value, Subscript):
                return self._literal_values(owner, alias.value, depth + 1)
            case _:
                return None

    # metadata

    def _annotated(self, scope: Scope, items: Sequence[Expr], env: Env) -> TypeNode:
        node = self.read(scope, items[0], env)
        return self.described(scope, node, [(self.metadata.read(scope, item), item) for item in items[1:]])

    def _apply(self, node: TypeNode, item: Metadata) -> TypeNode:
        if isinstance(node, UnresolvedType):
            return node
        match item:
            case Facts(facts=facts):
                return constrained(node, facts)
            case FieldFacts(facts=facts, discriminator=discriminator):
                node = constrained(node, facts)
                return node if discriminator is None else self.tagged(node, discriminator)
            case Refused(reason=reason, code=code):
                return UnresolvedType(reason, code)
            case Format(name=name):
                return with_format(node, name)
            case Zone(is_aware=is_aware):
                if not isinstance(node, TemporalType):
                    return misplaced(node, "Timezone")
                return TemporalType(kind=node.kind, zone="aware" if is_aware else "naive", when=node.when)
            case JsonText():
                return JsonTextType(node)
            case Harmless():
                return node

    def tagged(self, node: TypeNode, discriminator: str) -> TypeNode:
        """The union told apart by a property of its members."""
        match node:
            case UnionType(members=members, tag=None):
                objects = tuple(item for item in members if not isinstance(item, NullType))
                tagged = UnionType(objects, self._wire_name(objects[0], discriminator))
                return union((tagged, *(item for item in members if isinstance(item, NullType))))
            case _:
                return node

    def _wire_name(self, member: TypeNode, field_name: str) -> str:
        definition = self.definitions.get(member.name) if isinstance(member, Ref) else None
        if isinstance(definition, ObjectDefinition):
            return next((item.accept[0] for item in definition.fields if item.name == field_name), field_name)
        return field_name

    # calls that make types

    def _called(self, scope: Scope, call: Call, env: Env) -> TypeNode:
        """``constr(max_length=3)`` and its like; any other call is refused."""
        found = self.binder.expression(scope, call.function)
        if found is None or not isinstance(found.symbol, Known) or found.symbol.name not in _CONSTRAINED:
            shown = _shown(call.function)
            reason = f"the call of {shown} makes a type at run time"
            return self.refuse(scope, call, reason, "HC004", () if found is None else found.hops)
        base = _CONSTRAINED[found.symbol.name]
        items = [argument.value for argument in call.arguments if argument.keyword in (None, "item_type")]
        if base in ARRAYS:
            if not items:
                return self.refuse(scope, call, "the item type is missing", "HC201")
            node: TypeNode = self._array(scope, items[0], ARRAYS[base], env)
        else:
            node = SCALARS[base]
        arguments = self.values.arguments(scope, call)
        named = {} if arguments is None else arguments[1]
        if arguments is None or any(named.get(key) is UNKNOWN for key in FACTS & named.keys()):
            return self.refuse(scope, call, "a constraint is computed at run time", "HC006")
        facts = {key: value for key, value in named.items() if key in FACTS and value is not None}
        return self.described(scope, node, [(Facts(facts), call)])


_CONSTRAINED = {
    "pydantic:constr": "builtins:str",
    "pydantic:conint": "builtins:int",
    "pydantic:confloat": "builtins:float",
    "pydantic:condecimal": "decimal:Decimal",
    "pydantic:conbytes": "builtins:bytes",
    "pydantic:condate": "datetime:date",
    "pydantic:conlist": "builtins:list",
    "pydantic:conset": "builtins:set",
    "pydantic:confrozenset": "builtins:frozenset",
}
_CODED = frozenset({"pydantic:Base64Bytes", "pydantic:Base64Str", "pydantic:Base64UrlBytes", "pydantic:Base64UrlStr"})


def _members(expression: Binary) -> list[Expr]:
    """The members of ``a | b | c``, without recursion: chains lean to the left."""
    members: list[Expr] = []
    at: Expr = expression
    while isinstance(at, Binary) and at.operator == "|":
        members.append(at.right)
        at = at.left
    return [at, *reversed(members)]


def _variable_default(variable: VariableSymbol | ValueSymbol) -> Expr | None:
    if isinstance(variable, VariableSymbol):
        return variable.parameter.default
    call = variable.node.value
    if not isinstance(call, Call):
        return None
    return next((argument.value for argument in call.arguments if argument.keyword == "default"), None)


def _dotted_identity(found: Found) -> str:
    match found.symbol:
        case ClassSymbol() | ValueSymbol() | AliasSymbol():
            return found.symbol.identity.replace(":", ".")
        case Known(name=name):
            return name.replace(":", ".")
        case Missing(dotted=dotted):
            return dotted
        case _:
            return ""


def _shown(expression: Expr) -> str:
    return dotted(expression) or _what(expression)


def _what(expression: Expr) -> str:
    return getattr(expression, "what", None) or f"a {type(expression).__name__.lower()}"
