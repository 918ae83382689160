"""How classes are hashed, as their text says: by no hash, by one of their own, or by the one that is made of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from horsies_codegen.parse.expression import Call, Constant, Expr
from horsies_codegen.parse.statement import Assign, FunctionDef
from horsies_codegen.resolve.annotation import TypeReader
from horsies_codegen.resolve.known import MODELS, NAMED_TUPLE, ROOT_MODELS, TYPED_DICT
from horsies_codegen.resolve.lineage import Ancestor, Lineage
from horsies_codegen.resolve.members import Declared, MemberReader
from horsies_codegen.resolve.scope import Known, Scope
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.hashing import HashedBy

_OWN: HashedBy = frozenset()
_Found: TypeAlias = tuple[HashedBy] | None
"""What a class settles, None where it leaves the matter to the next one."""

_NO_HASH: _Found = (None,)
_OWN_HASH: _Found = (_OWN,)


class HashReader:
    """Follows the method resolution order to the class that settles how values are hashed."""

    def __init__(self, types: TypeReader, members: MemberReader) -> None:
        self._types = types
        self._values = types.values
        self._members = members

    def of(self, lineage: Lineage) -> HashedBy:
        """The fields whose hashes make that of a value of the class."""
        if TYPED_DICT in lineage.known:
            return None
        with self._types.quietly():
            return self._settled(lineage, 0)

    def _settled(self, lineage: Lineage, start: int) -> HashedBy:
        for index, item in enumerate(lineage.order[start:], start):
            found = _NO_HASH if isinstance(item, str) else self._said(lineage, index, item)
            if found is not None:
                return found[0]
        return self._fields(lineage) if NAMED_TUPLE in lineage.known else _OWN

    def _said(self, lineage: Lineage, index: int, ancestor: Ancestor) -> _Found:
        body = self._body(ancestor)
        if "__hash__" in body:
            return _NO_HASH if _is_none(body["__hash__"]) else _OWN_HASH
        takes_away = _NO_HASH if "__eq__" in body else None
        call = self._members.dataclass_call(ancestor.symbol)
        if call is not None:
            return self._of_dataclass(ancestor, *call) or takes_away
        own = self._types.lineages.of(ancestor.symbol, ancestor.env)
        if frozenset(own.known) & (MODELS | ROOT_MODELS) and self._is_frozen_model(own):
            return self._of_frozen(lineage, index, own)
        return takes_away

    def _of_frozen(self, lineage: Lineage, index: int, own: Lineage) -> _Found:
        """Pydantic makes a hash of the fields, unless a base class brings one of its own."""
        rest = self._settled(lineage, index + 1)
        return (self._fields(own) if rest is None or rest else _OWN,)

    def _of_dataclass(self, ancestor: Ancestor, kind: str, call: Call | None) -> _Found:
        """The table of ``dataclass(eq=, frozen=, unsafe_hash=)`` for a class without a hash in its body."""
        said = {} if call is None else {item.keyword: item.value for item in call.arguments if item.keyword}
        eq, frozen, unsafe = (
            self._flag(ancestor.symbol.scope, said.get(key), default=default)
            for key, default in (("eq", True), ("frozen", False), ("unsafe_hash", False))
        )
        own = self._types.lineages.of(ancestor.symbol, ancestor.env)
        if kind == "pydantic.dataclasses:dataclass" and "frozen" not in said:
            settings, _ = self._members.attached_config(own)
            frozen = self._flag(*(settings or {}).get("frozen", (ancestor.symbol.scope, None)), default=False)
        if unsafe or (eq and frozen):
            return (frozenset(self._hashed_fields(own)),)
        return _NO_HASH if eq else None

    def _hashed_fields(self, lineage: Lineage) -> Iterator[str]:
        for ancestor in lineage.ancestors:
            if self._members.dataclass_call(ancestor.symbol) is not None:
                yield from (item.name for item in self._members.declared(ancestor) if self._is_hashed(item))

    def _is_hashed(self, declared: Declared) -> bool:
        qualifiers = self._members.unwrap(declared.scope, declared.annotation).qualifiers
        if "ClassVar" in qualifiers or "InitVar" in qualifiers:
            return False
        if not isinstance(declared.value, Call):
            return True
        found = self._types.binder.expression(declared.scope, declared.value.function)
        if found is None or found.symbol != Known("dataclasses:field"):
            return True
        said = {item.keyword: item.value for item in declared.value.arguments}
        chosen = said.get("hash")
        if chosen is None or _is_none(chosen):
            chosen = said.get("compare")
        return self._flag(declared.scope, chosen, default=True)

    def _fields(self, lineage: Lineage) -> HashedBy:
        return frozenset(self._members.fields(lineage))

    def _is_frozen_model(self, lineage: Lineage) -> bool:
        settings, _ = self._members.config(lineage)
        scope, said = settings.get("frozen", (lineage.ancestors[0].symbol.scope, None))
        return self._flag(scope, said, default=False)

    def _flag(self, scope: Scope, said: Expr | None, *, default: bool) -> bool:
        """A setting; one that is computed counts as set, and is judged when the module is loaded."""
        if said is None:
            return default
        value = self._values.value(scope, said)
        return value is UNKNOWN or bool(value)

    def _body(self, ancestor: Ancestor) -> Mapping[str, Expr | None]:
        """The names of a class body with what is assigned to them, None for a method."""
        scope = self._types.binder.class_scope(ancestor.symbol)
        return {
            statement.name: statement.value if isinstance(statement, Assign) else None
            for statement in scope.statements
            if isinstance(statement, Assign | FunctionDef)
        }


def _is_none(said: Expr | None) -> bool:
    return isinstance(said, Constant) and said.value is None
