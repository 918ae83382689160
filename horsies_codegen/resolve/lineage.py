"""A class with everything it inherits: its ancestors in Python's order, and what their type variables stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from horsies_codegen.parse.expression import Argument, Expr, Name, Subscript, children
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.known import MODELS, ROOT_MODELS
from horsies_codegen.resolve.scope import ClassSymbol, Found, Known, Missing, Scope, ValueSymbol, VariableSymbol
from horsies_core.contract.types import TypeNode

Env: TypeAlias = Mapping[str, TypeNode]
"""What type variables stand for, by their keys."""


class Ancestor(NamedTuple):
    """A class of the lineage, and what its own type variables stand for."""

    symbol: ClassSymbol
    env: Env


class BrokenBase(NamedTuple):
    """A base that could not be followed."""

    scope: Scope
    expression: Expr
    reason: str
    code: str
    found: Found | None = None


class Lineage(NamedTuple):
    """The class itself and its ancestors in method resolution order, and the known classes among them."""

    order: tuple[Ancestor | str, ...]
    """The ancestors with pydantic's base classes at their places among them."""
    ancestors: tuple[Ancestor, ...]
    known: tuple[str, ...]
    keywords: Mapping[str, tuple[Scope, Expr]]
    """Class keywords (``frozen=True``), those of nearer classes first."""
    root: tuple[Scope, Expr, Env] | None = None
    """The argument of ``RootModel[...]``, where it is given among the bases."""
    broken: BrokenBase | None = None


class Arguments(Protocol):
    """Reads the arguments of a generic base."""

    def __call__(self, scope: Scope, expression: Expr, env: Env) -> TypeNode: ...


_MAX_CLASSES = 500
_PARAMETER_BASES = frozenset({"typing:Generic", "typing:Protocol"})


class LineageReader:
    """Collects lineages. A class that inherits from itself is seen once and reported as broken."""

    def __init__(self, binder: Binder, read: Arguments) -> None:
        self._binder = binder
        self._read = read

    def of(self, symbol: ClassSymbol, env: Env) -> Lineage:
        """The lineage of a class whose own type variables stand for ``env``."""
        walk = _Walk(self._binder, self._read)
        order = walk.linear(symbol, env, ())
        placed = tuple(Ancestor(walk.symbols[key], walk.envs[key]) if key in walk.symbols else key for key in order)
        ancestors = tuple(item for item in placed if isinstance(item, Ancestor))
        return Lineage(placed, ancestors, tuple(dict.fromkeys(walk.known)), walk.keywords, walk.root, walk.broken)

    def parameters(self, symbol: ClassSymbol) -> tuple[VariableSymbol | ValueSymbol, ...]:
        """A class's own type variables in the order in which arguments are given."""
        scope = self._binder.class_scope(symbol)
        if symbol.node.type_parameters:
            key = f"{scope.module.name}:{scope.qualname}"
            return tuple(VariableSymbol(f"{key}.{item.name}", item, scope) for item in symbol.node.type_parameters)
        subscripts = [base.value for base in symbol.node.bases if isinstance(base.value, Subscript)]
        declared = [item for item in subscripts if self._declares(symbol.scope, item)]
        return tuple(_unique(self._variables(symbol.scope, declared or subscripts)))

    def variables(self, scope: Scope, expression: Expr) -> tuple[VariableSymbol | ValueSymbol, ...]:
        """The type variables in an expression, in the order in which they first stand."""
        return tuple(_unique(self._variables(scope, [expression])))

    def _declares(self, scope: Scope, subscript: Subscript) -> bool:
        found = self._binder.expression(scope, subscript.value)
        return found is not None and isinstance(found.symbol, Known) and found.symbol.name in _PARAMETER_BASES

    def _variables(self, scope: Scope, expressions: Sequence[Expr]) -> Iterator[VariableSymbol | ValueSymbol]:
        for expression in expressions:
            if isinstance(expression, Name):
                symbol = self._binder.name(scope, expression.id, expression.start).symbol
                if isinstance(symbol, VariableSymbol) or (
                    isinstance(symbol, ValueSymbol) and is_type_variable(self._binder, symbol)
                ):
                    yield symbol
            yield from self._variables(scope, children(expression))


class _Walk:
    def __init__(self, binder: Binder, read: Arguments) -> None:
        self._binder = binder
        self._read = read
        self._reader = LineageReader(binder, read)
        self.symbols: dict[str, ClassSymbol] = {}
        self.envs: dict[str, Env] = {}
        self.known: list[str] = []
        self.keywords: dict[str, tuple[Scope, Expr]] = {}
        self.root: tuple[Scope, Expr, Env] | None = None
        self.broken: BrokenBase | None = None

    def linear(self, symbol: ClassSymbol, env: Env, under: tuple[str, ...]) -> list[str]:
        """The class and its ancestors in method resolution order, as keys."""
        key = symbol.identity
        self.symbols[key] = symbol
        self.envs[key] = env
        orders: list[list[str]] = []
        for argument in symbol.node.bases:
            if argument.keyword is not None:
                self.keywords.setdefault(argument.keyword, (symbol.scope, argument.value))
            else:
                base = self._base(symbol, argument, env, (*under, key))
                if base is not None:
                    orders.append(base)
        return [key, *_merged([*orders, [order[0] for order in orders]])]

    def _base(self, symbol: ClassSymbol, argument: Argument, env: Env, under: tuple[str, ...]) -> list[str] | None:
        scope = symbol.scope
        if symbol.node.type_parameters:
            scope = self._binder.class_scope(symbol)
        expression = argument.value.value if isinstance(argument.value, Subscript) else argument.value
        found = None if argument.star else self._binder.expression(scope, expression)
        if found is None:
            self._break(scope, argument.value, f"a base of {symbol.node.name} is computed at run time", "HC004")
            return None
        match found.symbol:
            case Known(name=name):
                self.known.append(name)
                if name == "pydantic:RootModel" and isinstance(argument.value, Subscript) and self.root is None:
                    self.root = (scope, argument.value.items[0], env)
                return [name] if name in MODELS or name in ROOT_MODELS else None
            case ClassSymbol() as base if base.identity in under or len(self.symbols) > _MAX_CLASSES:
                self._break(scope, expression, f"{base.node.name} inherits from itself", "HC004")
            case ClassSymbol() as base:
                return self.linear(base, self._inner_env(scope, base, argument.value, env), under)
            case Missing(reason=reason, code=code):
                self._break(scope, expression, reason, code, found)
            case _:
                self._break(scope, expression, f"a base of {symbol.node.name} is no class", "HC004", found)
        return None

    def _inner_env(self, scope: Scope, base: ClassSymbol, expression: Expr, env: Env) -> Env:
        """What the base's type variables stand for, given the arguments that it is written with."""
        if not isinstance(expression, Subscript):
            return {}
        parameters = self._reader.parameters(base)
        return {
            variable_key(parameter): self._read(scope, item, env)
            for parameter, item in zip(parameters, expression.items, strict=False)
        }

    def _break(self, scope: Scope, expression: Expr, reason: str, code: str, found: Found | None = None) -> None:
        if self.broken is None:
            self.broken = BrokenBase(scope, expression, reason, code, found)


def unsubstituted(lineage: Lineage) -> Lineage:
    """The lineage as pydantic reads classes that are not its own: the arguments of a generic base are not filled in."""
    own = lineage.ancestors[0].env
    return lineage._replace(ancestors=tuple(Ancestor(item.symbol, own) for item in lineage.ancestors))


def variable_key(variable: VariableSymbol | ValueSymbol) -> str:
    """The key of a type variable in an `Env`."""
    return variable.key if isinstance(variable, VariableSymbol) else variable.identity


def is_type_variable(binder: Binder, symbol: ValueSymbol) -> bool:
    """Whether a name is bound to ``TypeVar(...)``."""
    call = symbol.node.value
    function = getattr(call, "function", None)
    if function is None:
        return False
    found = binder.expression(symbol.scope, function)
    return found is not None and found.symbol == Known("typing:TypeVar")


def _unique(found: Iterator[VariableSymbol | ValueSymbol]) -> Iterator[VariableSymbol | ValueSymbol]:
    seen: set[str] = set()
    for variable in found:
        if variable_key(variable) not in seen:
            seen.add(variable_key(variable))
            yield variable


def _merged(orders: list[list[str]]) -> list[str]:
    """C3: the next head that stands in no other tail. Where Python would refuse the class, the first head is taken."""
    result: list[str] = []
    waiting = [list(order) for order in orders if order]
    while waiting:
        heads = (order[0] for order in waiting)
        tails = {key for order in waiting for key in order[1:]}
        chosen = next((head for head in heads if head not in tails), waiting[0][0])
        result.append(chosen)
        waiting = [rest for order in waiting if (rest := [key for key in order if key != chosen])]
    return result
