"""Enums: their members in order, with the values that stand on the wire."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias, cast

from horsies_codegen.parse.expression import Attribute, Call, Expr, Items, Name, Text
from horsies_codegen.parse.statement import Assign, FunctionDef, OpaqueBinding
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.guards import Standing, standing
from horsies_codegen.resolve.known import ENUMS, FLAGS
from horsies_codegen.resolve.scope import ClassSymbol, Known, Scope
from horsies_core.contract.draft import UNKNOWN

Evaluate: TypeAlias = Callable[[Scope, Expr], object]
"""Tells the value of an expression in a scope, or `UNKNOWN`."""

_MAX_BASES = 50
_STR_ENUM = "enum:StrEnum"


def enum_bases(binder: Binder, kind: ClassSymbol) -> Iterator[str]:
    """The canonical names of every known base of a class, nearest first, each class looked into once."""
    waiting = [kind]
    seen: set[str] = set()
    while waiting and len(seen) < _MAX_BASES:
        at = waiting.pop(0)
        if at.identity in seen:
            continue
        seen.add(at.identity)
        for base in at.node.bases:
            if base.keyword is None and not base.star:
                found = binder.expression(at.scope, base.value)
                if found is not None and isinstance(found.symbol, Known):
                    yield found.symbol.name
                elif found is not None and isinstance(found.symbol, ClassSymbol):
                    waiting.append(found.symbol)


def is_enum(binder: Binder, kind: ClassSymbol) -> bool:
    """Whether a class is an enum (a Flag is one too)."""
    return any(name in ENUMS or name in FLAGS for name in enum_bases(binder, kind))


def enum_members(binder: Binder, values: Evaluate, kind: ClassSymbol) -> list[tuple[str, object]]:
    """The members in order, aliases left out. A value that cannot be told is `UNKNOWN`."""
    return without_aliases(_valued(binder, values, kind))


def without_aliases(named: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """The members among names with values: another name of an equal value is none, and 1, 1.0 and True are equal."""
    members: list[tuple[str, object]] = []
    for name, value in named:
        if value is UNKNOWN or all(value != known for _, known in members):
            members.append((name, value))
    return members


def made_members(given: object, start: object, kind: str, mixin: str | None) -> list[tuple[str, object]]:
    """The members of ``Enum("X", given, start=start, type=mixin)``; empty where that is nothing that names them."""
    if isinstance(given, str):
        given = given.replace(",", " ").split()
    if isinstance(given, dict):
        given = list(cast("dict[object, object]", given).items())
    if not isinstance(given, list | tuple) or not isinstance(start, int):
        return []
    items = cast("Sequence[object]", given)
    if all(isinstance(item, str) for item in items):
        pairs: list[tuple[str, object]] = [
            (str(item), str(item).lower() if kind == _STR_ENUM else index) for index, item in enumerate(items, start)
        ]
    elif all(_is_pair(item) for item in items):
        pairs = [(str(key), value) for key, value in cast("Sequence[tuple[object, object]]", items)]
    else:
        return []
    bases = (kind,) if mixin is None else (kind, mixin)
    return without_aliases((name, _as_member(value, bases)) for name, value in pairs)


def _is_pair(item: object) -> bool:
    return isinstance(item, list | tuple) and len(cast("Sequence[object]", item)) == 2


def enum_value(binder: Binder, values: Evaluate, kind: ClassSymbol, name: str, depth: int) -> object:
    """The value of one member by name, aliases too."""
    if depth > _MAX_BASES:
        return UNKNOWN
    return next((value for member, value in _valued(binder, values, kind) if member == name), UNKNOWN)


def _valued(binder: Binder, values: Evaluate, kind: ClassSymbol) -> Iterator[tuple[str, object]]:
    """Every name in order with the value of its member."""
    bases = tuple(enum_bases(binder, kind))
    generates = _STR_ENUM in bases
    scope = binder.class_scope(kind)
    before: list[tuple[str, object]] = []  # as written: auto() counts on from there
    for name, expression in _assigned(binder, scope):
        value = _member_value(binder, values, scope, expression, name, before, names_itself=generates)
        before.append((name, value))
        yield name, _as_member(value, bases)


def _as_member(value: object, bases: Collection[str]) -> object:
    """What a value becomes in an enum with these bases; `UNKNOWN` where its class would refuse or change it."""
    if "builtins:int" in bases or "enum:IntEnum" in bases:
        return value if isinstance(value, int) else UNKNOWN
    if _STR_ENUM in bases:
        return value if isinstance(value, str) else UNKNOWN
    if "builtins:str" in bases and isinstance(value, int | float):
        return str(value)
    if "builtins:str" in bases:
        return value if isinstance(value, str) else UNKNOWN
    return value


def value_hook(binder: Binder, kind: ClassSymbol) -> str | None:
    """A method that makes members' values by code, if there is one."""
    hooks = ("__new__", "__init__", "_generate_next_value_", "_missing_", "__get_pydantic_core_schema__")
    scope = binder.class_scope(kind)
    for hook in hooks:
        if any(isinstance(statement, FunctionDef) for statement in scope.table.get(hook, ())) and hook != "_missing_":
            return hook
    return None


def _assigned(binder: Binder, scope: Scope) -> Iterator[tuple[str, Expr | None]]:
    """The names that become members, with what they are assigned; None where that cannot be told."""
    ignored = _ignored(scope)
    for statement in scope.statements:
        if not isinstance(statement, Assign | OpaqueBinding) or statement.name.startswith("_"):
            continue
        rank = standing(statement.guards, binder.python)
        if rank <= Standing.CHECKING or statement.name in ignored:
            continue
        if isinstance(statement, OpaqueBinding) or rank is Standing.MAYBE:
            yield statement.name, None
        elif statement.value is not None and not _is_no_member(binder, scope, statement.value):
            yield statement.name, statement.value


def _ignored(scope: Scope) -> frozenset[str]:
    """``_ignore_ = ["helper"]`` or ``_ignore_ = "helper other"``: names that are no members."""
    match [item.value for item in scope.table.get("_ignore_", ()) if isinstance(item, Assign)]:
        case [*_, Text(value=text)]:
            return frozenset(text.replace(",", " ").split())
        case [*_, Items(items=items)]:
            return frozenset(item.value for item in items if isinstance(item, Text))
        case _:
            return frozenset()


def _is_no_member(binder: Binder, scope: Scope, value: Expr) -> bool:
    if not isinstance(value, Call):
        return False
    found = binder.expression(scope, value.function)
    return found is not None and found.symbol == Known("enum:nonmember")


def _member_value(
    binder: Binder,
    values: Evaluate,
    scope: Scope,
    expression: Expr | None,
    name: str,
    before: list[tuple[str, object]],
    *,
    names_itself: bool,
) -> object:
    match expression:
        case None:
            return UNKNOWN
        case Call(function=Name() | Attribute() as function, arguments=()) if _is(binder, scope, function, "enum:auto"):
            return name.lower() if names_itself else _next_number(before)
        case Call(function=Name() | Attribute() as function, arguments=(only,)) if _is(
            binder, scope, function, "enum:member"
        ):
            return values(scope, only.value)
        case Items(kind="tuple", items=(only,)):
            return values(scope, only)
        case Name(id=other) if other in dict(before):
            return dict(before)[other]
        case _:
            return values(scope, expression)


def _is(binder: Binder, scope: Scope, function: Expr, name: str) -> bool:
    found = binder.expression(scope, function)
    return found is not None and found.symbol == Known(name)


def _next_number(before: list[tuple[str, object]]) -> object:
    """What ``auto()`` gives: one more than the highest number so far."""
    numbers = [value for _, value in before if isinstance(value, int)]
    if len(numbers) != len(before):
        return UNKNOWN
    return max(numbers, default=0) + 1
