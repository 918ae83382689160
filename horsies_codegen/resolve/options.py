"""The keywords of ``@app.task(...)``, evaluated where that can be done without running anything."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import cast

from horsies_codegen.parse.expression import Argument, Attribute, Call, Constant, Expr, Items, Name, Pairs, Text
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.findings import Findings
from horsies_codegen.resolve.memory import Memory
from horsies_codegen.resolve.model import Stretch
from horsies_codegen.resolve.scope import FunctionSymbol, Known, Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.span import Place
from horsies_core.contract.draft import UNKNOWN, OptionsDraft
from horsies_core.contract.laws import OPTION_NAMES, Locus
from horsies_core.contract.retry import RetryPolicy

_MAX_RENAMES = 20


class OptionsReader:
    """Reads the options of one decorator. ``parts`` fills with where each stands."""

    def __init__(self, binder: Binder, values: Evaluator, memory: Memory, findings: Findings, task: str) -> None:
        self._binder = binder
        self._values = values
        self._memory = memory
        self._findings = findings
        self._task = task
        self.parts: dict[Locus, Stretch] = {}
        self.exceptions: tuple[str, ...] = ()

    def read(self, scope: Scope, arguments: tuple[Argument, ...]) -> OptionsDraft:
        """The options; what cannot be told is `UNKNOWN` and a finding."""
        known: dict[str, object] = {}
        extra: list[str] = []
        for argument in arguments:
            if argument.star:
                self._unpacked(scope, argument, known, extra)
            elif argument.keyword in OPTION_NAMES:
                key = argument.keyword or ""
                self.parts[Locus("option", key)] = (argument.value.start, argument.value.end)
                known[key] = self._option(scope, key, argument.value)
            elif argument.keyword is not None:
                self.parts[Locus("option", argument.keyword)] = (argument.start, argument.start + len(argument.keyword))
                extra.append(argument.keyword)
        return OptionsDraft(**known, extra=tuple(extra))

    def _option(self, scope: Scope, key: str, expression: Expr) -> object:
        match key:
            case "retry_policy":
                return self._memory.recall(
                    key, scope, expression, lambda: self._retry_policy(scope, expression, 0), _is_known
                )
            case "exception_mapper":
                return self._mapper(scope, expression, 0)
            case "upcasters":
                return self._functions(scope, expression, 0)
            case _:
                value = self._values.value(scope, expression)
                if value is UNKNOWN:
                    return self._computed(scope, expression, key)
                if key == "aliases" and isinstance(value, list | set | frozenset):
                    return tuple(cast("list[object]", value))
                return value

    def _retry_policy(self, scope: Scope, expression: Expr, depth: int) -> object:
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is not None and isinstance(found.symbol, ValueSymbol) and depth < _MAX_RENAMES:
                symbol = found.symbol
                if symbol.node.value is not None:
                    return self._retry_policy(symbol.scope, symbol.node.value, depth + 1)
            return self._computed(scope, expression, "retry_policy")
        if not isinstance(expression, Call):
            value = self._values.value(scope, expression)
            return self._computed(scope, expression, "retry_policy") if value is UNKNOWN else value
        found = self._binder.expression(scope, expression.function)
        maker = found.symbol.name if found is not None and isinstance(found.symbol, Known) else ""
        make = _MAKERS.get(maker)
        arguments = self._values.arguments(scope, expression)
        if make is None or arguments is None:
            return self._computed(scope, expression, "retry_policy")
        placed, named = arguments
        if UNKNOWN in placed or UNKNOWN in named.values():
            unknown = next(item for item in expression.arguments if self._values.value(scope, item.value) is UNKNOWN)
            return self._computed(scope, unknown.value, "retry_policy")
        try:
            return make(*placed, **named)
        except (TypeError, ValueError) as error:
            blamed = _blamed(expression, str(error))
            place = self._place(scope, blamed)
            self._findings.add("HC306", f"{_words(error)}", place, "correct the value", task=self._task)
            return UNKNOWN

    def _mapper(self, scope: Scope, expression: Expr, depth: int) -> object:
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is not None and isinstance(found.symbol, ValueSymbol) and depth < _MAX_RENAMES:
                symbol = found.symbol
                if symbol.node.value is not None:
                    return self._mapper(symbol.scope, symbol.node.value, depth + 1)
            return self._computed(scope, expression, "exception_mapper")
        if not isinstance(expression, Pairs):
            value = self._values.value(scope, expression)
            return self._computed(scope, expression, "exception_mapper") if value is UNKNOWN else value
        codes: list[object] = []
        for key, item in expression.items:
            value = self._values.value(scope, item)
            if key is None or value is UNKNOWN:
                return self._computed(scope, item, "exception_mapper")
            codes.append(value)
            self._check_exception(scope, key)
        text = self._binder.modules.text
        self.exceptions = tuple(
            text(scope.module, key.start, key.end) for key, _ in expression.items if key is not None
        )
        return tuple(codes)

    def _check_exception(self, scope: Scope, key: Expr) -> None:
        """Reports a key that is certainly no exception class."""
        shown = self._binder.modules.text(scope.module, key.start, key.end)
        if isinstance(key, Text | Constant | Items | Pairs) or self._is_other_builtin(scope, key):
            self._findings.add(
                "HC307",
                f"exception_mapper of task {self._task!r} has the key {shown}, which is no exception class",
                self._place(scope, key),
                'write exception_mapper={TimeoutError: "TIMEOUT"}',
                task=self._task,
            )

    def _is_other_builtin(self, scope: Scope, key: Expr) -> bool:
        found = self._binder.expression(scope, key)
        if found is None or not isinstance(found.symbol, Known):
            return False
        family, _, name = found.symbol.name.partition(":")
        value = getattr(builtins, name, None) if family == "builtins" else BaseException
        return not (isinstance(value, type) and issubclass(value, BaseException))

    def _functions(self, scope: Scope, expression: Expr, depth: int) -> object:
        """The functions of a list, as symbols; what is none of them, by its value or its text."""
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is not None and isinstance(found.symbol, ValueSymbol) and depth < _MAX_RENAMES:
                symbol = found.symbol
                if symbol.node.value is not None:
                    return self._functions(symbol.scope, symbol.node.value, depth + 1)
        if not isinstance(expression, Items):
            value = self._values.value(scope, expression)
            return self._computed(scope, expression, "upcasters") if value is UNKNOWN else value
        return tuple(self._function(scope, item) for item in expression.items)

    def _function(self, scope: Scope, item: Expr) -> object:
        found = self._binder.expression(scope, item)
        if found is not None and isinstance(found.symbol, FunctionSymbol):
            return found.symbol
        value = self._values.value(scope, item)
        return self._binder.modules.text(scope.module, item.start, item.end) if value is UNKNOWN else value

    def _unpacked(self, scope: Scope, argument: Argument, known: dict[str, object], extra: list[str]) -> None:
        value = self._values.value(scope, argument.value) if argument.star == "**" else UNKNOWN
        if not isinstance(value, dict):
            self._computed(scope, argument.value, "some of the options")
            return
        for key, item in cast("dict[object, object]", value).items():
            self.parts[Locus("option", str(key))] = (argument.value.start, argument.value.end)
            if key in OPTION_NAMES:
                is_list = key == "aliases" and isinstance(item, list)
                known[str(key)] = tuple(cast("list[object]", item)) if is_list else item
            else:
                extra.append(str(key))

    def _computed(self, scope: Scope, expression: Expr, key: str) -> object:
        if isinstance(expression, Constant) and expression.value is None:
            return None
        self._findings.add(
            "HC116",
            f"{key} of task {self._task!r} is computed at run time, so the contract cannot hold it",
            self._place(scope, expression),
            "write it as a literal or a constant that can be followed",
            task=self._task,
        )
        return UNKNOWN

    def _place(self, scope: Scope, expression: Expr) -> Place:
        return self._binder.modules.place(scope.module, expression.start, expression.end)


_MAKERS: Mapping[str, Callable[..., RetryPolicy]] = {
    "horsies:RetryPolicy": RetryPolicy,
    "horsies:RetryPolicy.fixed": RetryPolicy.fixed,
    "horsies:RetryPolicy.exponential": RetryPolicy.exponential,
}


def _is_known(value: object) -> bool:
    """Whether a policy was read without a finding."""
    return value is not UNKNOWN


def _blamed(call: Call, message: str) -> Expr:
    """The argument that an error's message speaks of, else the call."""
    for argument in call.arguments:
        if argument.keyword is not None and argument.keyword in message:
            return argument.value
    if "delay" in message or "intervals_seconds" in message:
        for argument in call.arguments:
            if argument.keyword in (None, "intervals_seconds"):
                return argument.value
    return call


def _words(error: Exception) -> str:
    return str(error).replace("RetryPolicy.", "")
