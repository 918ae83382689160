"""Decorated functions → resolved tasks."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from horsies_codegen.parse import SyntaxProblem, parse_quoted
from horsies_codegen.parse.expression import (
    Argument,
    Attribute,
    Binary,
    Call,
    Expr,
    Name,
    Subscript,
    Text,
    without_options,
)
from horsies_codegen.parse.statement import (
    Assign,
    ClassDef,
    Effect,
    FunctionDef,
    Guard,
    GuardKind,
    Guards,
    Parameter,
    Statement,
)
from horsies_codegen.resolve.annotation import NO_ENV, ReadType, TypeReader
from horsies_codegen.resolve.apps import AppReader, FoundApp
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.errors import ErrorCodes, plainly_no_result
from horsies_codegen.resolve.findings import Findings
from horsies_codegen.resolve.lineage import Env, variable_key
from horsies_codegen.resolve.model import Origins, OtherDecorator, RawReturn, ResolvedTask, Stretch
from horsies_codegen.resolve.options import OptionsReader
from horsies_codegen.resolve.scope import FunctionSymbol, Known, Missing, Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.span import Place
from horsies_core.contract.draft import (
    UNKNOWN,
    OptionsDraft,
    ParameterDraft,
    ReturnDraft,
    TaskDraft,
    UpcasterDraft,
    upcasters_of,
)
from horsies_core.contract.laws import FUNCTION, NAME, RETURN, Locus
from horsies_core.contract.types import Default, TypeNode
from horsies_core.contract.values import default_of

_MAX_RENAMES = 20
_SENDS = frozenset({"send", "send_async", "send_many", "send_many_async"})


class TaskDecorator(NamedTuple):
    """A decorator that defines a task, and its call if it is called."""

    position: int
    expression: Expr
    app: FoundApp
    call: Call | None


class TaskFinder:
    """Finds and reads the tasks of modules, one after the other."""

    def __init__(
        self, binder: Binder, values: Evaluator, types: TypeReader, apps: AppReader, findings: Findings
    ) -> None:
        self._binder = binder
        self._values = values
        self._types = types
        self._apps = apps
        self._findings = findings

    def tasks(self, scope: Scope) -> Iterator[ResolvedTask]:
        """The tasks of a module, in source order; takes up its ``discover_tasks`` on the way."""
        for statement in scope.statements:
            match statement:
                case FunctionDef():
                    decorator = self._decorator(scope, statement)
                    if decorator is not None and decorator.call is not None:
                        yield self._task(scope, statement, decorator, decorator.call)
                    self._nested(scope, statement.name, statement.body.statements)
                case ClassDef(name=name, body=body):
                    self._on_class(scope, statement)
                    self._nested(scope, name, body)
                case Effect(call=Call() as call):
                    self._apps.discover(scope, call, self._findings)
                    self._called(scope, call, statement.guards)
                case Assign(value=Call() as call):
                    self._called(scope, call, statement.guards)
                case _:
                    pass

    def _called(self, scope: Scope, call: Call, guards: Guards) -> None:
        """What a call means that runs when its module is imported: a task made without a decorator, or a send."""
        maker = call.function
        if isinstance(maker, Call) and self._apps.is_task_of(scope, maker.function):
            self._findings.add(
                "HC127",
                "a task is made by a call, where no contract can be read",
                self._place(scope, call),
                "decorate a function that is written here: @app.task(...) above its def",
            )
        elif not any(_is_program_test(guard) for guard in guards):
            self._sent(scope, call)

    def _sent(self, scope: Scope, call: Call) -> None:
        """Reports a send while a module is imported that defines tasks or the app, so that workers import it too."""
        target = call.function
        if not isinstance(target, Attribute) or target.attribute not in _SENDS:
            return
        task = without_options(target.value)
        found = self._binder.expression(scope, task)
        if found is None or not isinstance(found.symbol, FunctionSymbol):
            return
        function = found.symbol
        if not any(self._apps.is_task_of(function.scope, _callee(item)) for item in function.node.decorators):
            return
        if not self._is_loaded_by_workers(scope):
            return
        self._findings.add(
            "HC120",
            f"{self._text(scope, task)} is sent when this module is imported: by every worker, and at every start",
            self._place(scope, call),
            'send from a function, or below if __name__ == "__main__":',
        )

    def _is_loaded_by_workers(self, scope: Scope) -> bool:
        """Whether a module of an app: it makes one, or defines a task."""
        for statement in scope.statements:
            match statement:
                case FunctionDef(decorators=decorators):
                    if any(self._apps.is_task_of(scope, _callee(item)) for item in decorators):
                        return True
                case Assign(name=name, start=start, end=end):
                    if self._apps.app(scope, Name(start, end, name)) is not None:
                        return True
                case _:
                    pass
        return False

    def _on_class(self, scope: Scope, node: ClassDef) -> None:
        for expression in node.decorators:
            if self._apps.is_task_of(scope, _callee(expression)):
                self._findings.add(
                    "HC126",
                    f"@{self._text(scope, expression)} stands on the class {node.name}; a task is a plain function",
                    self._place(scope, expression),
                    "write a function with def at the top of a module, and make the class inside it",
                )

    def _decorator(self, scope: Scope, node: FunctionDef) -> TaskDecorator | None:
        """The decorator that makes a function a task. One that is not called is a finding."""
        for index, expression in enumerate(node.decorators):
            call = expression if isinstance(expression, Call) else None
            function = self._apps.unaliased(scope, expression if call is None else call.function)
            if function is None:
                continue
            owner, attribute = function
            app = self._apps.app(owner, attribute.value)
            if app is None:
                self._unknown_app(owner, attribute, node)
                continue
            if call is None:
                self._not_called(scope, expression, node)
            return TaskDecorator(index, expression, app, call)
        return None

    def _unknown_app(self, scope: Scope, attribute: Attribute, node: FunctionDef) -> None:
        """Says why ``X.task`` was not followed, in modules that use horsies; elsewhere it is somebody else's decorator."""
        if not self._apps.speaks_of_horsies(scope.module):
            return
        found = self._apps.looked_up(scope, attribute.value)
        symbol = None if found is None else found.symbol
        if isinstance(symbol, Known | None) or (isinstance(symbol, ValueSymbol) and symbol.node.value is None):
            return
        reason = symbol.reason if isinstance(symbol, Missing) else "what it is bound to is not seen to be Horsies(...)"
        self._findings.add(
            "HC115",
            f"{node.name} is decorated by the task of an app that cannot be followed: {reason}",
            self._place(scope, attribute.value),
            "bind the app at module level: app = Horsies(config); or annotate it: app: Horsies = make_app()",
        )

    def _not_called(self, scope: Scope, expression: Expr, node: FunctionDef) -> None:
        self._findings.add(
            "HC111",
            f"@{self._text(scope, expression)} on {node.name} is not called, so no task is registered",
            self._place(scope, expression),
            f'give the task a name: @{self._text(scope, expression)}("{node.name}")',
        )

    def _nested(self, scope: Scope, name: str, body: Sequence[Statement]) -> None:
        """Reports the tasks inside a class or a function, and takes up ``discover_tasks`` there."""
        if not body:
            return
        inner = Scope(scope.module, tuple(body), scope.inner(name), scope)
        for statement in body:
            match statement:
                case FunctionDef():
                    decorator = self._decorator(inner, statement)
                    if decorator is not None:
                        self._findings.add(
                            "HC114",
                            f"task function {statement.name} is defined inside {inner.qualname}, where no worker finds it",
                            self._place(inner, Name(statement.start, statement.end, statement.name)),
                            "define it at module level",
                        )
                    self._nested(inner, statement.name, statement.body.statements)
                case ClassDef(name=inner_name, body=inner_body):
                    self._nested(inner, inner_name, inner_body)
                case Effect(call=Call() as call):
                    self._apps.discover(inner, call, self._findings)
                case _:
                    pass

    # one task

    def _task(self, scope: Scope, node: FunctionDef, decorator: TaskDecorator, call: Call) -> ResolvedTask:
        name_argument, options_arguments = _split(call.arguments)
        name = self._name(scope, node, name_argument)
        shown = name if isinstance(name, str) else node.name
        options = OptionsReader(self._binder, self._values, self._types.memory, self._findings, shown)
        draft_options = self._with_upcasters(options.read(scope, options_arguments), shown)
        draft_parameters, nodes = self._parameters(scope, node, shown)
        returns = self._returns(scope, node, shown)
        roots = (*nodes, *(() if returns.result is None else (returns.result,)))
        definitions = self._types.below(roots)
        codes = ErrorCodes(self._binder, self._values)
        codes.function(scope, node)
        return ResolvedTask(
            draft=TaskDraft(
                name=name,
                source=f"{scope.module.name}:{node.name}",
                function=node.name,
                parameters=draft_parameters,
                returns=returns,
                options=draft_options,
                definitions=definitions,
                is_async=node.is_async,
                is_generator=node.body.is_generator,
            ),
            origins=self._origins(scope, node, decorator, name_argument, options.parts),
            module=scope.module.name,
            path=scope.module.path,
            app=decorator.app.symbol.identity,
            doc=_docstring(node.doc),
            error_codes=tuple(dict.fromkeys(codes.uses)),
            codes_open=codes.is_open,
            mapped_exceptions=options.exceptions,
            other_decorators=self._others(scope, node, decorator),
            raw_returns=() if node.is_async or node.body.is_generator else tuple(self._raw_returns(scope, node)),
        )

    def _raw_returns(self, scope: Scope, node: FunctionDef) -> Iterator[RawReturn]:
        for value in node.body.values:
            if value.role == "bare":
                yield RawReturn("nothing", self._place(scope, value.value))
            elif value.role == "return":
                what = plainly_no_result(value.value)
                if what is not None:
                    yield RawReturn(what, self._place(scope, value.value))
        if node.body.falls_through:
            yield RawReturn("nothing: it ends without a return", self._at(scope, node.start, node.end))

    def _with_upcasters(self, options: OptionsDraft, task: str) -> OptionsDraft:
        """The options with the functions of ``upcasters`` read."""
        found = upcasters_of(options)
        read = tuple(self._upcaster(item, task) if isinstance(item, FunctionSymbol) else item for item in found)
        return replace(options, upcasters=read) if found else options

    def _upcaster(self, symbol: FunctionSymbol, task: str) -> UpcasterDraft:
        scope, node = symbol.scope, symbol.node
        what = f"upcaster {node.name}"
        parameters, nodes = self._parameters(scope, node, f"{task} ({what})")
        result: TypeNode | None = None
        if node.returns is not None:
            read = self._types.root(scope, node.returns, NO_ENV)
            self._report(read, f"what {what} returns", scope, node.returns, task)
            result = read.node
        roots = (*nodes, *(() if result is None else (result,)))
        return UpcasterDraft(
            source=f"{scope.module.name}:{scope.inner(node.name)}",
            parameters=parameters,
            returns=ReturnDraft(shown=None if node.returns is None else self._text(scope, node.returns), result=result),
            definitions=self._types.below(roots),
            is_async=node.is_async,
            is_generator=node.body.is_generator,
            is_read=node.is_read,
        )

    def _name(self, scope: Scope, node: FunctionDef, argument: Argument | None) -> object:
        if argument is None:
            return None
        value = self._values.value(scope, argument.value)
        if value is UNKNOWN:
            self._findings.add(
                "HC110",
                f"the name of task function {node.name} is computed at run time",
                self._place(scope, argument.value),
                'write it as a plain string or a constant: @app.task("send_email")',
            )
        return value

    def _origins(
        self,
        scope: Scope,
        node: FunctionDef,
        decorator: TaskDecorator,
        name: Argument | None,
        options: Mapping[Locus, Stretch],
    ) -> Origins:
        function = (node.start, node.end)
        parts = {
            **options,
            FUNCTION: function,
            NAME: _stretch(decorator.expression if name is None else name.value),
            RETURN: function if node.returns is None else _stretch(node.returns),
        }
        for parameter in node.parameters:
            parts[Locus("parameter", parameter.name)] = (parameter.start, parameter.end)
            if parameter.default is not None:
                parts[Locus("default", parameter.name)] = _stretch(parameter.default)
        return Origins(
            scope.module.path,
            self._binder.modules.source(scope.module),
            parts,
            _stretch(decorator.expression),
            node.header_end,
            None if node.doc is None else _stretch(node.doc),
        )

    def _parameters(
        self, scope: Scope, node: FunctionDef, task: str
    ) -> tuple[tuple[ParameterDraft, ...], tuple[TypeNode, ...]]:
        drafts = tuple(self._parameter(scope, parameter, task) for parameter in node.parameters)
        return drafts, tuple(draft.type for draft in drafts if draft.type is not None)

    def _parameter(self, scope: Scope, node: Parameter, task: str) -> ParameterDraft:
        kind: TypeNode | None = None
        what = f"parameter {node.name!r}"
        if node.annotation is not None:
            read = self._types.parameter(scope, node.annotation)
            kind = read.node
            self._report(read, what, scope, node.annotation, task)
        default: Default | None = None
        if node.default is not None:
            default, read_default = self._default(scope, node.default)
            if read_default is not None and node.annotation is not None:
                kind = read_default.node
                self._report(read_default, what, scope, node.default, task)
        return ParameterDraft(name=node.name, kind=node.kind, type=kind, default=default)

    def _default(self, scope: Scope, expression: Expr) -> tuple[Default, ReadType | None]:
        """The default's value; with a hole where it cannot be told or has no JSON form."""
        value = self._values.value(scope, expression)
        if value is UNKNOWN:
            return Default(None), self._types.hole(scope, expression, "its default is computed at run time", "HC008")
        default = default_of(value)
        if default.json_text is None:
            return default, self._types.hole(scope, expression, "its default has no JSON form", "HC008")
        return default, None

    def _returns(self, scope: Scope, node: FunctionDef, task: str) -> ReturnDraft:
        if node.returns is None:
            return ReturnDraft(shown=None)
        shown = self._text(scope, node.returns)
        if isinstance(node.returns, Text):
            shown = node.returns.value
        returns = node.returns
        result = self._types.memory.recall(
            "result", scope, returns, lambda: self._result(scope, returns, NO_ENV, 0), _is_without_holes
        )
        if result is None:
            return ReturnDraft(shown=shown)
        self._report(result, "the result type", scope, node.returns, task)
        return ReturnDraft(shown=shown, result=result.node)

    def _result(self, scope: Scope, expression: Expr, env: Env, depth: int) -> ReadType | None:
        """The type of the value in ``TaskResult[T, TaskError]``, through quotes and plain aliases; None for another type."""
        if isinstance(expression, Text):
            inner = parse_quoted(expression)
            return None if isinstance(inner, SyntaxProblem) else self._result(scope, inner, env, depth + 1)
        head = expression.value if isinstance(expression, Subscript) else expression
        found = self._binder.expression(scope, head)
        match None if found is None else found.symbol:
            case Known(name="horsies:TaskResult") if isinstance(expression, Subscript) and len(expression.items) == 2:
                if self._is_error(scope, expression.items[1]):
                    return self._types.root(scope, expression.items[0], env)
                return None
            case ValueSymbol() as symbol if symbol.node.value is not None and depth < _MAX_RENAMES:
                inner_env = self._alias_env(scope, expression, symbol, env)
                return self._result(symbol.scope, symbol.node.value, inner_env, depth + 1)
            case Missing(reason=reason, code=code) if found is not None:
                return self._types.hole(scope, head, reason, code, found.hops)
            case _:
                return None

    def _alias_env(self, scope: Scope, expression: Expr, symbol: ValueSymbol, env: Env) -> Env:
        if not isinstance(expression, Subscript) or symbol.node.value is None:
            return env
        parameters = self._types.lineages.variables(symbol.scope, symbol.node.value)
        nodes = [self._types.read(scope, item, env) for item in expression.items]
        return {variable_key(parameter): node for parameter, node in zip(parameters, nodes, strict=False)}

    def _is_error(self, scope: Scope, expression: Expr) -> bool:
        if isinstance(expression, Text):
            inner = parse_quoted(expression)
            return not isinstance(inner, SyntaxProblem) and self._is_error(scope, inner)
        head = expression.value if isinstance(expression, Subscript) else expression
        found = self._binder.expression(scope, head)
        return found is not None and found.symbol == Known("horsies:TaskError")

    def _report(self, read: ReadType, what: str, scope: Scope, used: Expr, task: str) -> None:
        for hole in (*read.holes, *self._types.holes_below(read.node)):
            self._findings.hole(hole, what, self._place(scope, used), task)

    def _others(self, scope: Scope, node: FunctionDef, decorator: TaskDecorator) -> tuple[OtherDecorator, ...]:
        return tuple(
            OtherDecorator(self._text(scope, item), self._place(scope, item), is_above=index < decorator.position)
            for index, item in enumerate(node.decorators)
            if index != decorator.position
        )

    def _place(self, scope: Scope, expression: Expr) -> Place:
        return self._at(scope, expression.start, expression.end)

    def _at(self, scope: Scope, start: int, end: int) -> Place:
        return self._binder.modules.place(scope.module, start, end)

    def _text(self, scope: Scope, expression: Expr) -> str:
        return self._binder.modules.text(scope.module, expression.start, expression.end)


def _is_without_holes(read: ReadType | None) -> bool:
    return read is not None and not read.holes


def _stretch(expression: Expr) -> Stretch:
    return expression.start, expression.end


def _callee(expression: Expr) -> Expr:
    return expression.function if isinstance(expression, Call) else expression


def _is_program_test(guard: Guard) -> bool:
    """``if __name__ == "__main__":``, which holds for no worker."""
    match guard:
        case Guard(kind=GuardKind.IF, test=Binary(operator="==", left=left, right=right)):
            return any(isinstance(side, Name) and side.id == "__name__" for side in (left, right))
        case _:
            return False


def _split(arguments: tuple[Argument, ...]) -> tuple[Argument | None, tuple[Argument, ...]]:
    """The argument that is the task's name, and the others."""
    for argument in arguments:
        if (argument.keyword is None and not argument.star) or argument.keyword == "task_name":
            return argument, tuple(other for other in arguments if other is not argument)
    return None, arguments


def _docstring(doc: Expr | None) -> str | None:
    if not isinstance(doc, Text):
        return None
    return inspect.cleandoc(doc.value).strip() or None
