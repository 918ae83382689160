"""Where names are looked up, and what they turn out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from horsies_codegen.parse.statement import (
    Assign,
    ClassDef,
    FunctionDef,
    ImportStar,
    Module,
    Statement,
    TypeAlias_,
    TypeParameter,
)


@dataclass(frozen=True, eq=False)
class Scope:
    """The statements of a module or a class, and the scope around it. Scopes compare by identity."""

    module: Module
    statements: tuple[Statement, ...]
    qualname: str = ""
    outer: Scope | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    is_absolute: bool = False
    """Whether names not bound here are dotted from the top: the scope of annotations in the configuration."""
    table: dict[str, list[Statement]] = field(init=False, repr=False)
    stars: tuple[ImportStar, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table: dict[str, list[Statement]] = {}
        for statement in self.statements:
            name = getattr(statement, "name", None)
            if name is not None:
                table.setdefault(name, []).append(statement)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "stars", tuple(item for item in self.statements if isinstance(item, ImportStar)))

    def inner(self, name: str) -> str:
        """The qualified name of something that is defined here."""
        return f"{self.qualname}.{name}" if self.qualname else name

    @property
    def module_scope(self) -> Scope:
        """The scope of the whole file."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope


class Hop(NamedTuple):
    """One step of a look-up: which file, where, and what was found there."""

    module: Module
    start: int
    end: int
    message: str
    dotted: str = ""
    """The dotted name that was asked for, where this step is an import."""


class Known(NamedTuple):
    """A name with a meaning of its own, such as ``typing:List`` or ``pydantic:BaseModel``."""

    name: str


class ModuleSymbol(NamedTuple):
    """A module, by its dotted name."""

    name: str


class ClassSymbol(NamedTuple):
    """A class, and the scope that it is defined in."""

    scope: Scope
    node: ClassDef

    @property
    def identity(self) -> str:
        """``module:qualname``"""
        return f"{self.scope.module.name}:{self.scope.inner(self.node.name)}"


class FunctionSymbol(NamedTuple):
    """A function."""

    scope: Scope
    node: FunctionDef


class ValueSymbol(NamedTuple):
    """A name bound by an assignment: an old alias, a type variable, a constant, an app."""

    scope: Scope
    node: Assign

    @property
    def identity(self) -> str:
        """``module:name``"""
        return f"{self.scope.module.name}:{self.scope.inner(self.node.name)}"


class AliasSymbol(NamedTuple):
    """A PEP 695 alias."""

    scope: Scope
    node: TypeAlias_

    @property
    def identity(self) -> str:
        """``module:name``"""
        return f"{self.scope.module.name}:{self.scope.inner(self.node.name)}"


class VariableSymbol(NamedTuple):
    """A PEP 695 type parameter; ``key`` tells it apart from those of other classes and aliases."""

    key: str
    parameter: TypeParameter
    scope: Scope


class Missing(NamedTuple):
    """Nothing that can be followed: why, and under which code that is refused."""

    reason: str
    code: str
    dotted: str = ""
    """The dotted name that was asked for, where there is one."""


Symbol: TypeAlias = (
    Known | ModuleSymbol | ClassSymbol | FunctionSymbol | ValueSymbol | AliasSymbol | VariableSymbol | Missing
)


class Found(NamedTuple):
    """A symbol, the way to it, and whether only type checkers can see some step of that way."""

    symbol: Symbol
    hops: tuple[Hop, ...] = ()
    for_checkers: bool = False

    def after(self, hop: Hop, *, for_checkers: bool = False) -> Found:
        """The same, reached by one more step before the others."""
        return Found(self.symbol, (hop, *self.hops), self.for_checkers or for_checkers)
