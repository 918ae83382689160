"""Names → symbols: through scopes, imports of every kind, re-exports and stars, without running anything.

Every look-up carries the set of questions it is already asking, so that modules that import each other in a circle end
in *not found* instead of in a loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from horsies_codegen.parse.expression import Attribute, Binary, Call, Expr, Items, Name, Text
from horsies_codegen.parse.statement import (
    Assign,
    ClassDef,
    Effect,
    Extend,
    FunctionDef,
    ImportModule,
    ImportName,
    ImportStar,
    Module,
    OpaqueBinding,
    Statement,
    TypeAlias_,
)
from horsies_codegen.resolve.guards import Standing, is_tried, standing
from horsies_codegen.resolve.known import canonical, is_builtin, is_known_module, is_known_submodule
from horsies_codegen.resolve.modules import Modules
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
from horsies_codegen.resolve.stars import star_names

Asking: TypeAlias = frozenset[tuple[str, str]]
"""Questions under way: file and name."""

NOTHING_ASKED: Asking = frozenset()

_ABSOLUTE_NAMES = frozenset({"Literal", "Annotated", "Optional", "Union", "Any", "Sequence", "Mapping"})
MAX_HOPS = 200
"""Aliases that are followed before a chain counts as endless."""


class Binder:
    """Looks names up. ``python`` is the version that version tests are answered for."""

    def __init__(self, modules: Modules, python: tuple[int, int]) -> None:
        self.modules = modules
        self.python = python
        self._class_scopes: dict[int, Scope] = {}
        self._answers: dict[tuple[Scope, str], Found | None] = {}
        self.moving = 0
        """How many look-ups were for names whose meaning may depend on where they are used."""

    def expression(self, scope: Scope, expression: Expr) -> Found | None:
        """What a name or a dotted name stands for; None for any other expression."""
        match expression:
            case Name(start=start, id=name):
                return self.name(scope, name, start)
            case Attribute(value=value, attribute=attribute):
                base = self.expression(scope, value)
                return None if base is None else self.attribute(base, attribute, scope)
            case _:
                return None

    def name(self, scope: Scope, name: str, before: int | None = None, asking: Asking = NOTHING_ASKED) -> Found:
        """What a bare name stands for where it is written; ``before`` is the offset of its use."""
        at: Scope | None = scope
        while at is not None:
            for parameter in at.type_parameters:
                if parameter.name == name:
                    return Found(VariableSymbol(f"{at.module.name}:{at.inner(name)}", parameter, at))
            found = self._in_scope(at, name, before, asking)
            if found is not None:
                return found
            at = at.outer
        if is_builtin(name):
            return Found(Known(f"builtins:{name}"))
        if scope.is_absolute:
            return self._absolute(name)
        return Found(Missing(f"the name {name!r} is not defined in {scope.module.path}", "HC003"))

    def attribute(self, base: Found, name: str, scope: Scope) -> Found:
        """A member of what was found."""
        match base.symbol:
            case ModuleSymbol(name=module):
                found = self.member(module, name, scope.module)
                return Found(found.symbol, (*base.hops, *found.hops), base.for_checkers or found.for_checkers)
            case ClassSymbol() as symbol:
                inner = self._in_scope(self.class_scope(symbol), name, None, NOTHING_ASKED)
                if inner is not None:
                    return Found(inner.symbol, (*base.hops, *inner.hops), base.for_checkers)
                return Found(Missing(f"{symbol.node.name} has no member {name!r}", "HC003"), base.hops)
            case Known(name=known):
                return Found(Known(f"{known}.{name}"), base.hops)
            case Missing(dotted=dotted) as missing:
                return Found(missing._replace(dotted=f"{dotted}.{name}" if dotted else ""), base.hops)
            case _:
                return Found(Missing(f"the member {name!r} of a value is computed at run time", "HC004"), base.hops)

    def member(self, module: str, name: str, near: Module, asking: Asking = NOTHING_ASKED) -> Found:
        """What a module's name stands for when it is imported from ``near``."""
        known = canonical(module, name)
        if known is not None:
            if is_known_submodule(module, name):
                return Found(ModuleSymbol(f"{module}.{name}"))
            return Found(Known("typing:AbstractSet" if module == "collections.abc" and name == "Set" else known))
        scope = self.modules.find(module, near)
        if scope is not None and (scope.module.path, name) not in asking:
            if scope.module.problem is not None:
                return Found(Missing(f"{scope.module.path} cannot be read: {scope.module.problem.message}", "HC003"))
            found = self._in_scope(scope, name, None, asking)
            if found is not None:
                return found
        if self.modules.find(f"{module}.{name}", near) is not None or self.modules.is_namespace(f"{module}.{name}"):
            return Found(ModuleSymbol(f"{module}.{name}"))
        if scope is None:
            return Found(Missing(f"no source of the module {module!r} is found", "HC005", f"{module}.{name}"))
        reason = f"the module {module!r} ({scope.module.path}) has no {name!r}"
        return Found(Missing(reason, "HC003", f"{module}.{name}"))

    def class_scope(self, symbol: ClassSymbol) -> Scope:
        """The scope of a class's body."""
        key = id(symbol.node)
        scope = self._class_scopes.get(key)
        if scope is None:
            node = symbol.node
            inner = symbol.scope.inner(node.name)
            scope = Scope(symbol.scope.module, node.body, inner, symbol.scope, node.type_parameters)
            self._class_scopes[key] = scope
        return scope

    def imported_module(self, statement: ImportName | ImportStar, module: Module) -> str | None:
        """The absolute name of the module that a ``from`` import reads; None where it leaves the top package."""
        if statement.level == 0:
            return statement.module
        package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
        climbed = statement.level - 1
        if climbed >= len(package) and not (climbed == 0 and not package):
            return None
        base = package[: len(package) - climbed]
        return ".".join([*base, *([statement.module] if statement.module else [])])

    def exported(self, scope: Scope, asking: Asking) -> frozenset[str] | None:
        """The names in ``__all__``, or None where there is none that can be read."""
        names: set[str] | None = None
        for statement in scope.statements:
            match statement:
                case Assign(name="__all__", value=value) if value is not None:
                    names = self._strings(scope, value, asking)
                case Extend(name="__all__", value=value) if names is not None:
                    names |= self._strings(scope, value, asking) or set()
                case Effect(
                    call=Call(function=Attribute(value=Name(id="__all__"), attribute=verb), arguments=arguments)
                ):
                    if names is not None and arguments and verb in ("append", "extend"):
                        names |= self._strings(scope, arguments[0].value, asking) or set()
                case _:
                    pass
        return None if names is None else frozenset(names)

    def _strings(self, scope: Scope, value: Expr, asking: Asking) -> set[str] | None:
        match value:
            case Text(value=text):
                return {text}
            case Items(items=items):
                return {item.value for item in items if isinstance(item, Text)}
            case Attribute(attribute="__all__"):
                base = self.expression(scope, value.value)
                if base is not None and isinstance(base.symbol, ModuleSymbol):
                    other = self.modules.find(base.symbol.name, scope.module)
                    return None if other is None else set(self.exported(other, asking) or ())
                return None
            case Binary(operator="+", left=left, right=right):
                first, second = self._strings(scope, left, asking), self._strings(scope, right, asking)
                return None if first is None or second is None else first | second
            case _:
                return None

    def _absolute(self, name: str) -> Found:
        if name in _ABSOLUTE_NAMES:
            return Found(Known(f"typing:{name}"))
        return Found(Known("pydantic:JsonValue") if name == "JsonValue" else ModuleSymbol(name))

    def _in_scope(self, scope: Scope, name: str, before: int | None, asking: Asking) -> Found | None:
        """What a scope itself binds a name to, stars included; None if it does not bind it.

        A question that no other led to, about a name that is bound once at most, has one answer wherever it is asked.
        """
        key = (scope, name)
        if not asking and key in self._answers:
            return self._answers[key]
        if len(scope.table.get(name, ())) > 1:
            self.moving += 1
            return self._looked_up(scope, name, before, asking)
        found = self._looked_up(scope, name, before, asking)
        if not asking:
            self._answers[key] = found
        return found

    def _looked_up(self, scope: Scope, name: str, before: int | None, asking: Asking) -> Found | None:
        question = (scope.module.path, f"{scope.qualname}.{name}")
        if question in asking or len(asking) > MAX_HOPS:
            return None
        asking |= {question}
        bindings = scope.table.get(name, ())
        if not bindings:
            return self._starred(scope, name, asking)
        later = self._starred(scope, name, asking, after=bindings[-1].start)
        return self._chosen(scope, bindings, before, asking) if later is None else later

    def _starred(self, scope: Scope, name: str, asking: Asking, after: int = -1) -> Found | None:
        """What the last star import after a place brings under that name."""
        for statement in reversed(scope.stars):
            if statement.start > after and standing(statement.guards, self.python) > Standing.DEAD:
                found = self._through_star(scope, statement, name, asking)
                if found is not None:
                    return found
        return None

    def _through_star(self, scope: Scope, statement: ImportStar, name: str, asking: Asking) -> Found | None:
        module = self.imported_module(statement, scope.module)
        if module is None:
            return None
        hop = Hop(scope.module, statement.start, statement.end, f"{name} comes through this star")
        if is_known_module(module):
            found = self.member(module, name, scope.module, asking) if name in star_names(module) else None
            return None if found is None else found.after(hop)
        other = self.modules.find(module, scope.module)
        if other is None or (other.module.path, f"{other.qualname}.{name}") in asking:
            return None
        public = self.exported(other, asking)
        if (name not in public) if public is not None else name.startswith("_"):
            return None
        found = self._in_scope(other, name, None, asking)
        return None if found is None else found.after(hop)

    def _chosen(self, scope: Scope, bindings: Sequence[Statement], before: int | None, asking: Asking) -> Found | None:
        """The binding that counts at a place: the last one before it, else the last one of all."""
        ranked = [(standing(binding.guards, self.python), binding) for binding in bindings]
        alive = [(rank, binding) for rank, binding in ranked if rank > Standing.DEAD]
        if not alive:
            return None
        best = max(rank for rank, _ in alive)
        if best is Standing.CHECKING:
            found = self._bound(scope, self._last(alive, best, before), asking)
            return Found(found.symbol, found.hops, for_checkers=True)
        maybe = [binding for rank, binding in alive if rank is Standing.MAYBE]
        if maybe and len([rank for rank, _ in alive if rank >= Standing.MAYBE]) > 1:
            return self._agreed(scope, [binding for rank, binding in alive if rank >= Standing.MAYBE], asking)
        chosen = self._last(alive, best, before)
        found = self._bound(scope, chosen, asking)
        fallbacks = [binding for rank, binding in alive if rank is Standing.FALLBACK]
        if isinstance(found.symbol, Missing) and is_tried(chosen.guards) and fallbacks:
            return self._bound(scope, fallbacks[-1], asking)
        return found

    def _last(self, alive: Sequence[tuple[Standing, Statement]], best: Standing, before: int | None) -> Statement:
        of_rank = [binding for rank, binding in alive if rank is best]
        earlier = [binding for binding in of_rank if before is not None and binding.start < before]
        return (earlier or of_rank)[-1]

    def _agreed(self, scope: Scope, bindings: Sequence[Statement], asking: Asking) -> Found:
        """The one thing that several possible bindings stand for, or a refusal that shows two of them."""
        found = [self._bound(scope, binding, asking) for binding in bindings]
        if all(item.symbol == found[0].symbol for item in found):
            return found[0]
        name = getattr(bindings[0], "name", "")
        hops = tuple(Hop(scope.module, item.start, item.end, f"{name} may be bound here") for item in bindings[:2])
        return Found(Missing(f"which {name!r} is meant depends on a condition that cannot be read", "HC009"), hops)

    def _bound(self, scope: Scope, binding: Statement, asking: Asking) -> Found:
        match binding:
            case ClassDef():
                return Found(ClassSymbol(scope, binding))
            case FunctionDef():
                return Found(FunctionSymbol(scope, binding))
            case TypeAlias_():
                return Found(AliasSymbol(scope, binding))
            case Assign():
                return self._assigned(scope, binding, asking)
            case ImportModule(target=target):
                return Found(ModuleSymbol(target), (self._hop(scope, binding, f"{binding.name} is imported here"),))
            case ImportName():
                return self._imported(scope, binding, asking)
            case OpaqueBinding(what=what):
                hop = self._hop(scope, binding, f"{binding.name} is bound here")
                return Found(Missing(f"{binding.name!r} is bound by {what}, at run time", "HC004"), (hop,))
            case _:
                return Found(Missing("a name that is changed after it is bound is computed at run time", "HC004"))

    def _assigned(self, scope: Scope, binding: Assign, asking: Asking) -> Found:
        """A module's ``A = B`` is a renaming and is followed; any other assignment is a value."""
        found: Found | None = None
        if scope.outer is None and isinstance(binding.value, Name) and binding.value.id != binding.name:
            found = self.name(scope, binding.value.id, binding.start, asking)
        elif scope.outer is None and isinstance(binding.value, Attribute):
            found = self.expression(scope, binding.value)
            found = None if found is not None and isinstance(found.symbol, Missing) else found
        if found is None:
            return Found(ValueSymbol(scope, binding))
        return found.after(self._hop(scope, binding, f"{binding.name} is assigned here"))

    def _imported(self, scope: Scope, binding: ImportName, asking: Asking) -> Found:
        hop = self._hop(scope, binding, f"{binding.name} is imported here")
        module = self.imported_module(binding, scope.module)
        if module is None:
            return Found(Missing("the relative import leaves the top-level package", "HC003"), (hop,))
        if not module:
            return Found(ModuleSymbol(binding.attribute), (hop,))
        found = self.member(module, binding.attribute, scope.module, asking)
        return found.after(hop._replace(dotted=f"{module}.{binding.attribute}"))

    def _hop(self, scope: Scope, statement: Statement, message: str) -> Hop:
        return Hop(scope.module, statement.start, statement.end, message)
