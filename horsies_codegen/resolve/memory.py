"""What was read once and need not be read again: the same words in the same scope mean the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from horsies_codegen.parse.expression import Expr
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.scope import Scope

T = TypeVar("T")


class Memory:
    """Results by what was read, the scope, and the words. Lives as long as the resolving of one file.

    Two things keep a result from being remembered: a finding, which has a place of its own each time, and a name that is bound
    more than once, which may mean another thing further down.
    """

    def __init__(self, binder: Binder) -> None:
        self._binder = binder
        self._known: dict[tuple[str, Scope, str], object] = {}

    def recall(
        self, what: str, scope: Scope, expression: Expr, read: Callable[[], T], is_clean: Callable[[T], bool]
    ) -> T:
        """The result of reading an expression; ``is_clean`` tells whether it came without a finding."""
        words = self._binder.modules.text(scope.module, expression.start, expression.end)
        key = (what, scope, words)
        if key in self._known:
            return cast("T", self._known[key])
        moving = self._binder.moving
        result = read()
        if words and moving == self._binder.moving and is_clean(result):
            self._known[key] = result
        return result
