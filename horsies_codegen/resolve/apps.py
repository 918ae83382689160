"""Apps: which names are bound to a ``Horsies`` instance, and what its configuration says without being run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from horsies_codegen.parse.expression import Attribute, Call, Constant, Expr, Items, Name, Pairs
from horsies_codegen.parse.statement import ImportModule, ImportName, ImportStar, Module, Statement
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.discoveries import Discoveries
from horsies_codegen.resolve.findings import Findings
from horsies_codegen.resolve.model import BrokenSetting, ResolvedApp
from horsies_codegen.resolve.scope import ClassSymbol, Found, FunctionSymbol, Known, Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.span import Place
from horsies_core.contract.app_laws import code_violations, queue_violations, routing_violations
from horsies_core.contract.draft import UNKNOWN

_APP = "horsies:Horsies"
_MAX_BASES = 20
_MAX_RENAMES = 20


class FoundApp(NamedTuple):
    """An expression that is an app: the symbol that holds it, and the call that makes it if that is written there."""

    symbol: ValueSymbol
    call: Call | None


class AppReader:
    """Recognises apps and collects what can be read of each."""

    def __init__(self, binder: Binder, values: Evaluator) -> None:
        self._binder = binder
        self._values = values
        self.apps: dict[str, ResolvedApp] = {}

    def app(self, scope: Scope, expression: Expr) -> FoundApp | None:
        """The app that an expression names, or None."""
        found = self._binder.expression(scope, expression)
        if found is None or not isinstance(found.symbol, ValueSymbol):
            return None
        symbol = found.symbol
        value = symbol.node.value
        if isinstance(value, Call) and self._makes_app(symbol.scope, value.function):
            return self._remember(FoundApp(symbol, value))
        if symbol.node.annotation is not None and self._is(symbol.scope, symbol.node.annotation, _APP):
            return self._remember(FoundApp(symbol, None))
        if isinstance(value, Call) and self._returns_app(symbol.scope, value):
            return self._remember(FoundApp(symbol, None))
        return None

    def looked_up(self, scope: Scope, expression: Expr) -> Found | None:
        """What an expression that was taken for an app stands for."""
        return self._binder.expression(scope, expression)

    def is_task_of(self, scope: Scope, function: Expr) -> bool:
        """Whether an expression is the ``task`` of an app."""
        unaliased = self.unaliased(scope, function)
        return unaliased is not None and self.app(unaliased[0], unaliased[1].value) is not None

    def unaliased(self, scope: Scope, function: Expr) -> tuple[Scope, Attribute] | None:
        """``X.task``, written there or bound to the name written there."""
        for _ in range(_MAX_RENAMES):
            if isinstance(function, Attribute):
                return (scope, function) if function.attribute == "task" else None
            if not isinstance(function, Name):
                return None
            found = self._binder.expression(scope, function)
            if found is None or not isinstance(found.symbol, ValueSymbol) or found.symbol.node.value is None:
                return None
            scope, function = found.symbol.scope, found.symbol.node.value
        return None

    def speaks_of_horsies(self, module: Module) -> bool:
        """Whether a module imports anything of horsies: only then is a decorator that looks like ours taken for ours."""
        return any(_imports_horsies(statement) for statement in module.statements)

    def discover(self, scope: Scope, call: Call, findings: Findings) -> None:
        """Takes up one ``app.discover_tasks([...])``; reports what a worker would refuse of it."""
        if not isinstance(call.function, Attribute) or call.function.attribute != "discover_tasks":
            return
        found = self.app(scope, call.function.value)
        if found is None:
            return
        key = found.symbol.identity
        first = call.arguments[0].value if call.arguments else None
        reading = Discoveries(self._binder, self._values, findings)
        entries = None if first is None else reading.entries(scope, first)
        app = replace(self.apps[key], listings=(*self.apps[key].listings, self._place(scope, call.function)))
        if entries is None:
            self.apps[key] = replace(app, discovery_open=True)
        else:
            self.apps[key] = replace(app, discovered=(*app.discovered, *entries))

    def _makes_app(self, scope: Scope, function: Expr, depth: int = 0) -> bool:
        """Whether calling this makes an app: ``Horsies`` or a class that inherits from it."""
        found = self._binder.expression(scope, function)
        match None if found is None else found.symbol:
            case Known(name=name):
                return name == _APP
            case ClassSymbol(scope=owner, node=node) if depth < _MAX_BASES:
                return any(self._makes_app(owner, base.value, depth + 1) for base in node.bases if base.keyword is None)
            case _:
                return False

    def _returns_app(self, scope: Scope, call: Call) -> bool:
        found = self._binder.expression(scope, call.function)
        if found is None or not isinstance(found.symbol, FunctionSymbol) or found.symbol.node.returns is None:
            return False
        return self._is(found.symbol.scope, found.symbol.node.returns, _APP)

    def _is(self, scope: Scope, expression: Expr, name: str) -> bool:
        found = self._binder.expression(scope, expression)
        return found is not None and found.symbol == Known(name)

    def _remember(self, found: FoundApp) -> FoundApp:
        key = found.symbol.identity
        if key not in self.apps:
            node = found.symbol.node
            place = self._binder.modules.place(found.symbol.scope.module, node.start, node.end)
            self.apps[key] = self._facts(ResolvedApp(identity=key, place=place), found)
        return found

    def _facts(self, app: ResolvedApp, found: FoundApp) -> ResolvedApp:
        if found.call is None:
            return replace(app, mapped_codes=None)
        first = next((item for item in found.call.arguments if item.keyword in ("config", None)), None)
        if first is None or (isinstance(first.value, Constant) and first.value.value is None):
            return replace(app, queue_mode="DEFAULT", queue_names=())
        config = self._config(found.symbol.scope, first.value)
        if config is None:
            return replace(app, mapped_codes=None)
        scope, call = config
        given = {argument.keyword: argument.value for argument in call.arguments if argument.keyword}
        if any(argument.star for argument in call.arguments):
            return replace(app, mapped_codes=None)
        facts = replace(
            app,
            queue_mode=self._mode(scope, given.get("queue_mode")),
            queue_names=self._queues(scope, given.get("queues")),
            default_unhandled_error_code=self._text(scope, given.get("default_unhandled_error_code")),
            mapped_codes=self._mapped(scope, given.get("exception_mapper")),
        )
        return replace(facts, broken_settings=tuple(self._broken(scope, call, given, facts)))

    def _broken(
        self, scope: Scope, call: Call, given: Mapping[str, Expr], facts: ResolvedApp
    ) -> Iterator[BrokenSetting]:
        """The laws that the settings break, as far as they could be read."""
        queues = given.get("queues")
        if facts.queue_names is not None:
            at = self._place(scope, call.function if queues is None else queues)
            for violation in routing_violations(facts.queue_mode, facts.queue_names):
                yield BrokenSetting(violation, at)
        for owner, queue in () if queues is None else self._queue_calls(scope, queues):
            yield from self._broken_queue(owner, queue)
        for setting, expression in given.items():
            if setting == "default_unhandled_error_code":
                yield from self._broken_code(scope, setting, expression)
            elif setting == "exception_mapper" and isinstance(expression, Pairs):
                for _, code in expression.items:
                    yield from self._broken_code(scope, setting, code)

    def _broken_queue(self, scope: Scope, call: Call) -> Iterator[BrokenSetting]:
        if any(argument.star for argument in call.arguments):
            return
        given = {argument.keyword or "name": argument.value for argument in call.arguments}
        values = {name: self._values.value(scope, value) for name, value in given.items()}
        name, priority = values.get("name", UNKNOWN), values.get("priority", UNKNOWN)
        for violation in queue_violations(name, priority, values.get("max_concurrency")):
            yield BrokenSetting(violation, self._place(scope, given[violation.setting]))

    def _broken_code(self, scope: Scope, setting: str, expression: Expr) -> Iterator[BrokenSetting]:
        value = self._values.value(scope, expression)
        if value is not None:
            for violation in code_violations(setting, value):
                yield BrokenSetting(violation, self._place(scope, expression))

    def _queue_calls(self, scope: Scope, expression: Expr) -> Iterator[tuple[Scope, Call]]:
        """The calls that make the queues of a list, behind names too, each with the scope it is written in."""
        found = self._followed(scope, expression)
        if found is None:
            return
        owner, value = found
        if isinstance(value, Call):
            yield owner, value
        elif isinstance(value, Items):
            for item in value.items:
                yield from self._queue_calls(owner, item)

    def _followed(self, scope: Scope, expression: Expr) -> tuple[Scope, Expr] | None:
        """The expression that a name was bound to; any other expression itself."""
        for _ in range(_MAX_RENAMES):
            if not isinstance(expression, Name | Attribute):
                return scope, expression
            found = self._binder.expression(scope, expression)
            if found is None or not isinstance(found.symbol, ValueSymbol) or found.symbol.node.value is None:
                return None
            scope, expression = found.symbol.scope, found.symbol.node.value
        return None

    def _place(self, scope: Scope, expression: Expr) -> Place:
        return self._binder.modules.place(scope.module, expression.start, expression.end)

    def _config(self, scope: Scope, expression: Expr) -> tuple[Scope, Call] | None:
        """The call of ``AppConfig`` that an expression is or names."""
        if isinstance(expression, Call):
            return (scope, expression) if self._is(scope, expression.function, "horsies:AppConfig") else None
        found = self._binder.expression(scope, expression)
        if found is None or not isinstance(found.symbol, ValueSymbol) or not isinstance(found.symbol.node.value, Call):
            return None
        return self._config(found.symbol.scope, found.symbol.node.value)

    def _mode(self, scope: Scope, expression: Expr | None) -> str | None:
        if expression is None:
            return "DEFAULT"
        value = self._values.value(scope, expression)
        return value.upper() if isinstance(value, str) else None

    def _queues(self, scope: Scope, expression: Expr | None) -> tuple[str, ...] | None:
        if expression is None:
            return ()
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is None or not isinstance(found.symbol, ValueSymbol) or found.symbol.node.value is None:
                return None
            return self._queues(found.symbol.scope, found.symbol.node.value)
        if not isinstance(expression, Items):
            return None
        names = tuple(self._queue(scope, item) for item in expression.items)
        known = tuple(name for name in names if name is not None)
        return known if len(known) == len(names) else None

    def _queue(self, scope: Scope, expression: Expr) -> str | None:
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is None or not isinstance(found.symbol, ValueSymbol) or found.symbol.node.value is None:
                return None
            return self._queue(found.symbol.scope, found.symbol.node.value)
        if not isinstance(expression, Call):
            return None
        argument = next((item for item in expression.arguments if item.keyword in ("name", None)), None)
        value = UNKNOWN if argument is None else self._values.value(scope, argument.value)
        return value if isinstance(value, str) else None

    def _text(self, scope: Scope, expression: Expr | None) -> str | None:
        value = None if expression is None else self._values.value(scope, expression)
        return value if isinstance(value, str) else None

    def _mapped(self, scope: Scope, expression: Expr | None) -> tuple[str, ...] | None:
        if expression is None:
            return ()
        if not isinstance(expression, Pairs):
            return None
        values = [self._values.value(scope, value) for _, value in expression.items]
        codes = tuple(value for value in values if isinstance(value, str))
        return codes if len(codes) == len(values) else None


def _imports_horsies(statement: Statement) -> bool:
    match statement:
        case ImportName(module=module) | ImportStar(module=module):
            return module.partition(".")[0] == "horsies"
        case ImportModule(target=target):
            return target.partition(".")[0] == "horsies"
        case _:
            return False
