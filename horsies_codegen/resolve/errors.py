"""Error codes that a task's body is seen to produce, and whether it may produce others."""

from __future__ import annotations

from horsies_codegen.parse.expression import (
    Argument,
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Items,
    Name,
    Other,
    Pairs,
    Text,
    Unary,
)
from horsies_codegen.parse.statement import FunctionDef
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.model import CodeUse
from horsies_codegen.resolve.scope import FunctionSymbol, Known, Scope
from horsies_codegen.resolve.values import Evaluator

_MAX_HELPERS = 20


class ErrorCodes:
    """Reads one body. ``uses`` are in source order, helpers last; ``is_open`` once anything cannot be followed."""

    def __init__(self, binder: Binder, values: Evaluator) -> None:
        self._binder = binder
        self._values = values
        self._seen: set[int] = set()
        self.uses: list[CodeUse] = []
        self.is_open = False

    def function(self, scope: Scope, node: FunctionDef) -> None:
        """Takes up a function: every error that it builds, and every value that it returns."""
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        if not node.is_read or len(self._seen) > _MAX_HELPERS:
            self.is_open = True
            return
        assigned: dict[str, list[Expr]] = {}
        for value in node.body.values:
            if value.role == "assign":
                assigned.setdefault(value.name, []).append(value.value)
        for value in node.body.values:
            self._errors_in(scope, value.value)
            if value.role == "return":
                self._returned(scope, value.value, assigned, 0)

    def _errors_in(self, scope: Scope, expression: Expr) -> None:
        """Every ``TaskError(...)`` in an expression."""
        if isinstance(expression, Call):
            if self._known(scope, expression) == "horsies:TaskError":
                self._code(scope, expression)
            for argument in expression.arguments:
                self._errors_in(scope, argument.value)
        elif isinstance(expression, Other):
            for call in expression.calls:
                self._errors_in(scope, call)

    def _code(self, scope: Scope, call: Call) -> None:
        argument = next(
            (item for item in call.arguments if item.keyword in ("error_code", None) and not item.star), None
        )
        code = None if argument is None else self._values.value(scope, argument.value)
        if argument is None or not isinstance(code, str):
            self.is_open = True
            return
        place = self._binder.modules.place(scope.module, argument.value.start, argument.value.end)
        self.uses.append(CodeUse(code, place))

    def _returned(self, scope: Scope, expression: Expr, assigned: dict[str, list[Expr]], depth: int) -> None:
        """Follows a returned value to the results it may be."""
        match expression:
            case Call():
                self._returned_call(scope, expression, assigned, depth)
            case Name(id=name) if name in assigned and depth < _MAX_HELPERS:
                for value in assigned[name]:
                    self._returned(scope, value, assigned, depth + 1)
            case Other(what="conditional expression", calls=[first, second]):
                self._returned(scope, first, assigned, depth + 1)
                self._returned(scope, second, assigned, depth + 1)
            case _:
                self.is_open = True

    def _returned_call(self, scope: Scope, call: Call, assigned: dict[str, list[Expr]], depth: int) -> None:
        match self._known(scope, call):
            case "horsies:TaskResult":
                failure = next((item for item in call.arguments if item.keyword == "err" or item.star), None)
                self._failure(scope, failure, assigned)
            case "horsies:Err":
                self._failure(scope, call.arguments[0] if call.arguments else None, assigned)
            case "horsies:Ok":
                return
            case _:
                found = self._binder.expression(scope, call.function)
                if found is not None and isinstance(found.symbol, FunctionSymbol) and depth < _MAX_HELPERS:
                    self.function(found.symbol.scope, found.symbol.node)
                else:
                    self.is_open = True

    def _failure(self, scope: Scope, argument: Argument | None, assigned: dict[str, list[Expr]]) -> None:
        """The error of a failed result: built in place, or bound to a name that only holds errors built here."""
        if argument is None:
            return
        match argument.value:
            case Call() as call if self._known(scope, call) == "horsies:TaskError":
                return
            case Name(id=name) if name in assigned:
                for value in assigned[name]:
                    if not (isinstance(value, Call) and self._known(scope, value) == "horsies:TaskError"):
                        self.is_open = True
            case _:
                self.is_open = True

    def _known(self, scope: Scope, call: Call) -> str | None:
        function = call.function
        if not isinstance(function, Name | Attribute):
            function = getattr(function, "value", function)  # TaskError[str](...)
        found = self._binder.expression(scope, function)
        return found.symbol.name if found is not None and isinstance(found.symbol, Known) else None


def plainly_no_result(expression: Expr) -> str | None:
    """What an expression gives, in words, if that is certainly no ``TaskResult``; else None."""
    match expression:
        case Constant(value=None):
            return "None"
        case Constant(value=value):
            return f"a {type(value).__name__}"
        case Text():
            return "a str"
        case Items(kind=kind):
            return f"a {kind}"
        case Pairs():
            return "a dict"
        case Unary(operator="not"):
            return "a bool"
        case Binary(operator=operator) if operator not in ("and", "or"):
            return "a computed value"
        case Unary():
            return "a computed value"
        case Other(what=what) if what in _NO_RESULTS:
            return f"{'an' if what[0] in 'aeiou' or what == 'f-string' else 'a'} {what}"
        case _:
            return None


_NO_RESULTS = frozenset(
    {"f-string", "list comprehension", "dict comprehension", "set comprehension", "generator expression", "lambda"}
)
