"""Sends of tasks → what each passes, beside the signature that it has to fit.

Only what is certain is taken up: the task is a function under ``@app.task(...)`` and nothing else, all its parameters are
keyword-only, no other value can be bound to the names that lead to it, and no ``*`` or ``**`` hides arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from horsies_codegen.parse.expression import Argument, Attribute, Call, Constant, Expr, Items, Name, Pairs, Text, Unary
from horsies_codegen.parse.statement import FunctionDef, Parameter, Send
from horsies_codegen.resolve.annotation import TypeReader
from horsies_codegen.resolve.apps import AppReader
from horsies_codegen.resolve.certain import CertainBinder
from horsies_codegen.resolve.classes import Classes
from horsies_codegen.resolve.model import ResolvedSend, SentArgument
from horsies_codegen.resolve.modules import Modules
from horsies_codegen.resolve.scope import FunctionSymbol, Scope
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.span import Place
from horsies_core.contract.draft import UNKNOWN, ParameterKind
from horsies_core.contract.types import TypeNode

_MANY = frozenset({"send_many", "send_many_async"})


class _Task(NamedTuple):
    """A task that may be sent: its function, and its parameters by name."""

    name: str
    scope: Scope
    node: FunctionDef
    parameters: Mapping[str, Parameter]


class _Passed(NamedTuple):
    """The arguments of one send, as written."""

    at: Expr
    callee: tuple[int, int]
    positional: tuple[Expr, ...]
    named: tuple[tuple[str, int, int, Expr], ...]


class SendReader:
    """Reads the sends of one file. Types that settings stand for are not known here: live code may take other values."""

    def __init__(self, modules: Modules, python: tuple[int, int]) -> None:
        self._modules = modules
        self._binder = CertainBinder(modules, python)
        self._values = Evaluator(self._binder)
        self._types = TypeReader(self._binder, self._values, {}, lambda reader: Classes(reader, python))
        self._apps = AppReader(self._binder, self._values)

    def sends(self, scope: Scope) -> Iterator[ResolvedSend]:
        """The sends of a module whose tasks are known, in source order."""
        for send in scope.module.sends:
            task = self._task(scope, send)
            if task is not None:
                for passed in _passed(send):
                    yield self._resolved(scope, send, task, passed)

    def _task(self, scope: Scope, send: Send) -> _Task | None:
        if self._is_replaced(scope, send.task):
            return None
        found = self._binder.expression(_local(scope, send), send.task)
        if found is None or not isinstance(found.symbol, FunctionSymbol) or found.for_checkers:
            return None
        owner, node = found.symbol
        if owner.outer is not None or len(node.decorators) != 1:
            return None
        decorator = node.decorators[0]
        if not isinstance(decorator, Call) or not self._apps.is_task_of(owner, decorator.function):
            return None
        if any(parameter.kind is not ParameterKind.KEYWORD_ONLY for parameter in node.parameters):
            return None
        return _Task(self._name(owner, node, decorator), owner, node, {item.name: item for item in node.parameters})

    def _is_replaced(self, scope: Scope, task: Name | Attribute) -> bool:
        """Whether the file assigns to an attribute of that name somewhere: ``tasks.ship = fake``."""
        if isinstance(task, Name):
            return False
        text = self._modules.source(scope.module).text
        return re.search(rf"\.\s*{re.escape(task.attribute)}\s*=(?!=)", text) is not None

    def _name(self, scope: Scope, node: FunctionDef, decorator: Call) -> str:
        for argument in decorator.arguments:
            if (argument.keyword is None and not argument.star) or argument.keyword == "task_name":
                value = self._values.value(scope, argument.value)
                return value if isinstance(value, str) else node.name
        return node.name

    def _resolved(self, scope: Scope, send: Send, task: _Task, passed: _Passed) -> ResolvedSend:
        arguments = tuple(
            self._argument(scope, task, name, (start, end), value) for name, start, end, value in passed.named
        )
        nodes = [item.type for item in arguments if item.type is not None]
        return ResolvedSend(
            task=task.name,
            verb=send.verb,
            shown=self._modules.text(scope.module, send.task.start, send.task.end),
            callee=self._place(scope, *passed.callee),
            positional=tuple(self._place(scope, item.start, item.end) for item in passed.positional),
            arguments=arguments,
            parameters=tuple(task.parameters),
            required=tuple(name for name, item in task.parameters.items() if item.default is None),
            definitions=self._types.below(nodes),
            defined=self._place(task.scope, task.node.start, task.node.end),
        )

    def _argument(self, scope: Scope, task: _Task, name: str, keyword: tuple[int, int], value: Expr) -> SentArgument:
        known = _literal(value)
        parameter = task.parameters.get(name)
        kind: TypeNode | None = None
        if known is not UNKNOWN and parameter is not None and parameter.annotation is not None:
            kind = self._types.parameter(task.scope, parameter.annotation).node
        return SentArgument(
            name=name,
            place=self._place(scope, *keyword),
            value=known,
            value_place=self._place(scope, value.start, value.end),
            type=kind,
        )

    def _place(self, scope: Scope, start: int, end: int) -> Place:
        return self._modules.place(scope.module, start, end)


def _local(scope: Scope, send: Send) -> Scope:
    """The module's scope, or that of the function that imports the task."""
    return Scope(scope.module, send.imports, "", scope) if send.imports else scope


def _passed(send: Send) -> Iterator[_Passed]:
    """The arguments that a call passes to a task: one set of them, or as many as ``send_many`` is given."""
    arguments = send.call.arguments
    if any(argument.star for argument in arguments):
        return
    if send.verb not in _MANY:
        yield _of_call(send.call, arguments)
        return
    for payload in _payloads(send, arguments):
        keys = [(key, value) for key, value in payload.items if isinstance(key, Text)]
        if len(keys) == len(payload.items):
            named = tuple((key.value, key.start, key.end, value) for key, value in keys)
            yield _Passed(payload, (payload.start, payload.end), (), named)


def _of_call(call: Call, arguments: Sequence[Argument]) -> _Passed:
    named = tuple(
        (item.keyword, item.start, item.start + len(item.keyword), item.value)
        for item in arguments
        if item.keyword is not None
    )
    positional = tuple(item.value for item in arguments if item.keyword is None)
    return _Passed(call, (call.function.start, call.function.end), positional, named)


def _payloads(send: Send, arguments: Sequence[Argument]) -> Iterable[Pairs]:
    if isinstance(send.each, Pairs):
        return (send.each,)
    if len(arguments) != 1 or not isinstance(arguments[0].value, Items):
        return ()
    return (item for item in arguments[0].value.items if isinstance(item, Pairs))


def _literal(expression: Expr) -> object:
    """The value of an expression that holds no name, as JSON has it; `UNKNOWN` for any other, tuples and sets among them."""
    match expression:
        case Text(value=text):
            return text
        case Constant(value=None | bool() | int() | float() as value):
            return value
        case Unary(operator="-", operand=Constant(value=int() | float() as number)) if not isinstance(number, bool):
            return -number
        case Items(kind="list", items=items):
            values = [_literal(item) for item in items]
            return UNKNOWN if any(value is UNKNOWN for value in values) else values
        case Pairs(items=pairs):
            found = {key.value: _literal(value) for key, value in pairs if isinstance(key, Text)}
            is_known = len(found) == len(pairs) and all(value is not UNKNOWN for value in found.values())
            return found if is_known else UNKNOWN
        case _:
            return UNKNOWN
