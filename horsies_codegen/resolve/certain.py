"""Names → symbols, where nothing else can be meant.

`Binder` chooses: of several bindings the one that counts, of a ``try`` the import that should work. That is right for types, where
a refusal would stand in the way; for a call that is going to be called wrong it would be a guess. Here every binding that may
count has to come to the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from horsies_codegen.parse.statement import Statement
from horsies_codegen.resolve.binder import Asking, Binder
from horsies_codegen.resolve.guards import Standing, standing
from horsies_codegen.resolve.known import is_known_module
from horsies_codegen.resolve.scope import Found, Missing, Scope

_UNSURE = Found(Missing("it may be bound elsewhere, too", "HC009"))


class CertainBinder(Binder):
    """Looks names up, and finds `Missing` for what may be something else."""

    def _chosen(
        self,
        scope: Scope,
        bindings: Sequence[Statement],
        before: int | None,  # noqa: ARG002
        asking: Asking,
    ) -> Found | None:
        """The one thing that all bindings come to that Python may reach."""
        ranked = [(standing(binding.guards, self.python), binding) for binding in bindings]
        alive = [(rank, binding) for rank, binding in ranked if rank > Standing.DEAD]
        if not alive:
            return None
        name = getattr(bindings[0], "name", "")
        if max(rank for rank, _ in alive) is Standing.CHECKING or self._is_bound_otherwise(scope, name):
            return _UNSURE
        return self._agreed(scope, [binding for _, binding in alive], asking)

    def _starred(self, scope: Scope, name: str, asking: Asking, after: int = -1) -> Found | None:
        """What a star brings, if what each star brings is known."""
        for statement in scope.stars:
            if statement.start > after:
                module = self.imported_module(statement, scope.module)
                if module is None or not (is_known_module(module) or self._is_readable(module, scope)):
                    return _UNSURE
        return super()._starred(scope, name, asking, after)

    def _is_readable(self, module: str, scope: Scope) -> bool:
        other = self.modules.find(module, scope.module)
        return other is not None and other.module.problem is None

    def _is_bound_otherwise(self, scope: Scope, name: str) -> bool:
        """Whether a module binds a name in a way that is not among its statements: in a function, by ``:=``, by ``match``."""
        text = self.modules.source(scope.module).text
        return scope.outer is None and _otherwise(name).search(text) is not None


@cache
def _otherwise(name: str) -> re.Pattern[str]:
    word = rf"\b{re.escape(name)}\b"
    return re.compile(
        rf"{word}\s*:=|^\s*(?:global|del|case)\b[^\n]*{word}|\bexcept\b[^\n]*\bas\s+{word}",
        re.MULTILINE,
    )
