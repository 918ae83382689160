"""libcst's statements → ours: walks a module beside its logical lines, and reads only what a resolver may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from horsies_codegen.parse.expression import Argument, Attribute, Call, Constant, Expr, Other, Text, dotted
from horsies_codegen.parse.lines import LogicalLines
from horsies_codegen.parse.reader import ExpressionReader, Misplaced, end_of_code
from horsies_codegen.parse.sends import SENDING, bound_names, may_send, sends_in
from horsies_codegen.parse.statement import (
    Assign,
    Body,
    BodyValue,
    ClassDef,
    Effect,
    Extend,
    FunctionDef,
    Guard,
    GuardKind,
    Guards,
    ImportModule,
    ImportName,
    ImportStar,
    OpaqueBinding,
    Parameter,
    Send,
    Statement,
    TypeAlias_,
    TypeParameter,
)

NO_BODY = Body(is_generator=False, values=(), falls_through=False, statements=())

_TELLING = re.compile(r"\bTask(?:Error|Result)\b|\berror_code\b")
_TASK = re.compile(r"\.\s*task\b")
_DISCOVERY = re.compile(r"\bdiscover_tasks\b")
_EFFECT = re.compile(r"\bdiscover_tasks\b|__all__|\.\s*task\b|\.\s*send(?:_many)?(?:_async)?\b")

_Block = cst.BaseSuite


class Walker:
    """Walks one module. Raises `Misplaced` where the logical lines are not those of the tree."""

    def __init__(self, text: str, module: cst.Module, lines: LogicalLines) -> None:
        self._text = text
        self._module = module
        self._lines = lines
        self._next = 0
        self._blocks = 0
        self._classes = 0
        """How many classes are open around the statement: their methods are read only if their text asks for it."""
        self._functions = 0
        """How many functions are open around it: their sends are found from the outermost."""
        self._has_upcasters = "upcasters" in text
        self._may_send = may_send(text)
        self.sends: list[Send] = []
        """Those of all that was walked."""

    def statements(self) -> tuple[Statement, ...]:
        """The bindings of the module. Every logical line must have been met once it ends."""
        found = tuple(self._walk(self._module.body, ()))
        if self._next != len(self._lines.starts):
            raise Misplaced
        return found

    def _walk(self, body: Sequence[cst.BaseStatement | cst.BaseSmallStatement], guards: Guards) -> Iterator[Statement]:
        for statement in body:
            yield from self._statement(statement, guards)

    def _statement(self, node: cst.CSTNode, guards: Guards) -> Iterator[Statement]:
        match node:
            case cst.SimpleStatementLine():
                start = self._line()
                yield from self._small(node.body, start, guards)
            case cst.FunctionDef():
                yield self._function(node, guards)
            case cst.ClassDef():
                yield self._class(node, guards)
            case cst.If():
                yield from self._if(node, guards)
            case cst.Try() | cst.TryStar():
                yield from self._try(node, guards)
            case cst.With():
                yield from self._with(node, guards)
            case cst.For() | cst.While():
                yield from self._loop(node, guards)
            case cst.Match():
                self._line()
                guard = self._guard(GuardKind.UNKNOWN)
                for case in node.cases:
                    yield from self._block(case.body, self._suite_start(case, self._line()), (*guards, guard))
            case _:
                raise Misplaced

    def _line(self) -> int:
        """The offset of the next logical line, which is stepped over."""
        if self._next >= len(self._lines.starts):
            raise Misplaced
        self._next += 1
        return self._lines.starts[self._next - 1]

    def _line_end(self) -> int:
        """Where the logical line ends that was stepped over last: at the next one, or at the end of the text."""
        starts = self._lines.starts
        return starts[self._next] if self._next < len(starts) else len(self._text)

    def _reader(self, at: int) -> ExpressionReader:
        return ExpressionReader(self._text, at, self._module)

    def _guard(self, kind: GuardKind, test: Expr | None = None) -> Guard:
        self._blocks += 1
        return Guard(kind, test, self._blocks)

    def _block(self, body: _Block, after_colon: int | None, guards: Guards) -> Iterator[Statement]:
        """The statements of a suite; one on the header's own line begins at ``after_colon``."""
        if isinstance(body, cst.IndentedBlock):
            yield from self._walk(body.body, guards)
        elif isinstance(body, cst.SimpleStatementSuite) and after_colon is not None:
            yield from self._small(body.body, after_colon, guards)

    # compound statements

    def _if(self, node: cst.If, guards: Guards) -> Iterator[Statement]:
        rest = guards
        branch: cst.If | cst.Else | None = node
        while isinstance(branch, cst.If):
            reader = self._reader(self._line())
            reader.expect("if" if branch is node else "elif")
            test = _read_shallow(reader, branch.test)
            reader.expect(":")
            taken = self._guard(GuardKind.IF, test)
            yield from self._block(branch.body, reader.at, (*rest, taken))
            rest = (*rest, Guard(GuardKind.ELSE, test, taken.block))
            branch = branch.orelse
        if branch is not None:
            yield from self._keyword_block("else", branch.body, rest)

    def _keyword_block(self, keyword: str, body: _Block, guards: Guards) -> Iterator[Statement]:
        reader = self._reader(self._line())
        reader.expect(keyword)
        reader.expect(":")
        yield from self._block(body, reader.at, guards)

    def _try(self, node: cst.Try | cst.TryStar, guards: Guards) -> Iterator[Statement]:
        tried = self._guard(GuardKind.TRY)
        yield from self._keyword_block("try", node.body, (*guards, tried) if node.handlers else guards)
        for handler in node.handlers:
            yield from self._handler(handler, tried.block, guards)
        if node.orelse is not None:
            yield from self._keyword_block("else", node.orelse.body, (*guards, tried))
        if node.finalbody is not None:
            yield from self._keyword_block("finally", node.finalbody.body, guards)

    def _handler(
        self, node: cst.ExceptHandler | cst.ExceptStarHandler, block: int, guards: Guards
    ) -> Iterator[Statement]:
        reader = self._reader(self._line())
        reader.expect("except")
        if isinstance(node, cst.ExceptStarHandler):
            reader.expect("*")
        test = None if node.type is None else _read_shallow(reader, node.type)
        if node.name is not None:
            reader.expect("as")
            reader.step_over(node.name.name)
        reader.expect(":")
        yield from self._block(node.body, reader.at, (*guards, Guard(GuardKind.EXCEPT, test, block)))

    def _with(self, node: cst.With, guards: Guards) -> Iterator[Statement]:
        start = self._line()
        inner = (*guards, self._guard(GuardKind.TRY)) if "suppress" in self._text[start : self._line_end()] else guards
        for item in node.items:
            if item.asname is not None:
                yield from self._opaque(item.asname.name, start, guards, "a with statement")
        yield from self._block(node.body, self._suite_start(node, start), inner)

    def _loop(self, node: cst.For | cst.While, guards: Guards) -> Iterator[Statement]:
        start = self._line()
        inner = (*guards, self._guard(GuardKind.UNKNOWN))
        if isinstance(node, cst.For):
            yield from self._opaque(node.target, start, guards, "a for loop")
        yield from self._block(node.body, self._suite_start(node, start), inner)
        if node.orelse is not None:
            yield from self._keyword_block("else", node.orelse.body, inner)

    def _suite_start(self, node: cst.With | cst.For | cst.While | cst.MatchCase, start: int) -> int | None:
        """Where a statement on the header's own line begins."""
        return None if isinstance(node.body, cst.IndentedBlock) else self._header_end(node, start)

    def _header_end(self, node: cst.CSTNode, start: int) -> int:
        """Just after the colon of a compound statement whose header begins at ``start``."""
        reader = self._reader(start)
        match node:
            case cst.Try() | cst.TryStar():  # libcst has none without what follows
                reader.expect("try")
            case cst.If():  # libcst prints an elif as an if
                reader.expect("elif" if self._text.startswith("elif", reader.skip()) else "if")
                reader.step_over(node.test)
            case _:
                return self._printed_header_end(node, start)
        reader.expect(":")
        return reader.at

    def _printed_header_end(self, node: cst.CSTNode, start: int) -> int:
        changes: dict[str, object] = {"body": _EMPTY_SUITE}
        changes.update({name: () for name in ("leading_lines", "handlers") if hasattr(node, name)})
        changes.update({name: None for name in ("orelse", "finalbody") if hasattr(node, name)})
        printed = self._module.code_for_node(node.with_changes(**changes))
        return end_of_code(printed[: printed.rindex(":") + 1], self._text, start)

    def _opaque(self, target: cst.CSTNode, start: int, guards: Guards, what: str) -> Iterator[Statement]:
        """The names that a target binds, placed at the statement: they are refused wherever they are used."""
        for name in bound_names(target):
            yield OpaqueBinding(start, start, guards, name, what)

    # definitions

    def _decorators(self, nodes: Sequence[cst.Decorator]) -> tuple[Expr, ...]:
        return tuple(self._decorator(node) for node in nodes)

    def _decorator(self, node: cst.Decorator) -> Expr:
        reader = self._reader(self._line())
        reader.expect("@")
        return _read_shallow(reader, node.decorator)

    def _class(self, node: cst.ClassDef, guards: Guards) -> ClassDef:
        decorators = self._decorators(node.decorators)
        reader = self._reader(self._line())
        reader.expect("class")
        start = reader.expect(node.name.value)
        end = reader.at
        parameters = reader.type_parameters(node.type_parameters)
        bases: tuple[Argument, ...] = ()
        if reader.accept("("):
            bases = reader.arguments((*node.bases, *node.keywords))
            reader.expect(")")
        reader.expect(":")
        self._classes += 1
        body = tuple(self._block(node.body, reader.at, ()))
        self._classes -= 1
        return ClassDef(start, end, guards, node.name.value, decorators, parameters, bases, body)

    def _function(self, node: cst.FunctionDef, guards: Guards) -> FunctionDef:
        decorators = self._decorators(node.decorators)
        line = self._next
        reader = self._reader(self._line())
        if node.asynchronous is not None:
            reader.expect("async")
        reader.expect("def")
        start = reader.expect(node.name.value)
        end = reader.at
        text = self._function_text(line, node.body)
        if self._may_send and self._functions == 0 and SENDING.search(text):
            plain = node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
            self.sends.extend(sends_in(plain, self._text, self._lines.starts[line], self._module))
        is_decorated = bool(decorators) and (self._classes == 0 or any(map(_is_task, decorators)))
        is_read = (
            is_decorated
            or _TELLING.search(text) is not None
            or _may_define(text)
            or (self._has_upcasters and self._classes == 0)
        )
        types: tuple[TypeParameter, ...] = ()
        parameters: tuple[Parameter, ...] = ()
        returns: Expr | None = None
        header_end, doc, body = end, None, NO_BODY
        if is_read:
            types = reader.type_parameters(node.type_parameters)
            reader.expect("(")
            parameters = reader.parameters(node.params)
            reader.expect(")")
            header_end = reader.at
            if node.returns is not None:
                reader.expect("->")
                returns = reader.read(node.returns.annotation)
            reader.expect(":")
            self._functions += 1
            doc, body = self._body(node.body, reader.at, text)
            self._functions -= 1
        else:
            self._skip_lines(line)
        return FunctionDef(
            start,
            end,
            guards,
            node.name.value,
            decorators,
            node.asynchronous is not None,
            is_read,
            types,
            parameters,
            returns,
            header_end,
            doc,
            body,
        )

    def _function_text(self, line: int, body: _Block) -> str:
        """The text of a function, from its header's line to the next line that is not inside."""
        starts = self._lines.starts
        after = self._after(line) if isinstance(body, cst.IndentedBlock) else line + 1
        return self._text[starts[line] : starts[after] if after < len(starts) else len(self._text)]

    def _after(self, line: int) -> int:
        """The first line after the block whose header is this line."""
        indents = self._lines.indents
        after = line + 1
        while after < len(indents) and indents[after] > indents[line]:
            after += 1
        return after

    def _skip_lines(self, line: int) -> None:
        self._next = self._after(line)

    def _body(self, body: _Block, after_colon: int, text: str) -> tuple[Expr | None, Body]:
        """The docstring, and what a body does. Lines are read only if the text says that they may matter."""
        reading = _BodyWalker(self, is_defining=_may_define(text))
        if isinstance(body, cst.IndentedBlock):
            doc = self._doc(body.body)
            reading.block(body.body)
        else:
            doc = None
            if isinstance(body, cst.SimpleStatementSuite):
                reading.small(body.body, after_colon)
        values, statements = tuple(reading.values), tuple(reading.statements)
        return doc, Body(reading.is_generator, values, reading.falls_through, statements)

    def _doc(self, body: Sequence[cst.BaseStatement]) -> Expr | None:
        if not body or self._next >= len(self._lines.starts):
            return None
        match body[0]:
            case cst.SimpleStatementLine(
                body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString() as value), *_]
            ):
                text = self._reader(self._lines.starts[self._next]).read(value)
                return text if isinstance(text, Text) else None
            case _:
                return None

    # simple statements

    def _small(self, nodes: Sequence[cst.BaseSmallStatement], start: int, guards: Guards) -> Iterator[Statement]:
        reader = self._reader(start)
        is_outside = self._functions == 0 and self._classes == 0
        if self._may_send and is_outside and SENDING.search(self._text, start, self._line_end()):
            self.sends.extend(sends_in(cst.SimpleStatementLine(nodes), self._text, start, self._module))
        for index, node in enumerate(nodes):
            begin = reader.skip()
            yield from self._small_statement(node, reader, guards)
            if index + 1 < len(nodes):
                reader.at = begin
                reader.step_over(node.with_changes(semicolon=cst.MaybeSentinel.DEFAULT))
                reader.expect(";")

    def _small_statement(
        self, node: cst.BaseSmallStatement, reader: ExpressionReader, guards: Guards
    ) -> Iterator[Statement]:
        match node:
            case cst.Import():
                yield from _import(node, reader, guards)
            case cst.ImportFrom():
                yield from _import_from(node, reader, guards)
            case cst.Assign():
                yield from _assign(node, reader, guards)
            case cst.AnnAssign(target=cst.Name(value=name)):
                start = reader.expect(name)
                end = reader.at
                reader.expect(":")
                annotation = _read_shallow(reader, node.annotation.annotation)
                value: Expr | None = None
                if node.value is not None:
                    reader.expect("=")
                    value = _read_shallow(reader, node.value)
                yield Assign(start, end, guards, name, annotation, value)
            case cst.AugAssign(target=cst.Name(value=name), operator=cst.AddAssign()):
                start = reader.expect(name)
                end = reader.at
                reader.expect("+=")
                yield Extend(start, end, guards, name, _read_shallow(reader, node.value))
            case cst.AugAssign(target=cst.Name(value=name)):
                start = reader.expect(name)
                yield OpaqueBinding(start, reader.at, guards, name, "an augmented assignment")
            case cst.TypeAlias():
                reader.expect("type")
                start = reader.expect(node.name.value)
                end = reader.at
                parameters = reader.type_parameters(node.type_parameters)
                reader.expect("=")
                value = _read_shallow(reader, node.value)
                yield TypeAlias_(start, end, guards, node.name.value, parameters, value)
            case cst.Expr(value=cst.Call()) if _EFFECT.search(self._text, reader.at, self._line_end()):
                start = reader.skip()
                call = _read_shallow(reader, node.value)
                yield Effect(start, reader.at, guards, call)
            case _:
                pass


class _BodyWalker:
    """Reads a function's body: whether it yields, the values that may hold errors, and what it binds if asked."""

    def __init__(self, walker: Walker, *, is_defining: bool) -> None:
        self._walker = walker
        self._is_defining = is_defining
        self._does_something = False
        self._may_end_early = False
        self.is_generator = False
        self.values: list[BodyValue] = []
        self.statements: list[Statement] = []

    @property
    def falls_through(self) -> bool:
        """Whether the body does something, and nothing in it returns, raises or loops for ever."""
        return self._does_something and not self._may_end_early

    def block(self, body: Sequence[cst.BaseStatement]) -> None:
        """The statements of an indented block."""
        for node in body:
            self._statement(node)

    def small(self, nodes: Sequence[cst.BaseSmallStatement], start: int) -> None:
        """Simple statements on one line, the first at ``start``."""
        walker = self._walker
        text = walker._text[start : walker._line_end()]
        self._look_for_yield(nodes, text)
        if self._is_defining:
            self.statements.extend(walker._small(nodes, start, ()))
        reader = walker._reader(start)
        for index, node in enumerate(nodes):
            begin = reader.skip()
            self._note_end(node)
            self._value(node, reader, text)
            if index + 1 < len(nodes):
                reader.at = begin
                reader.step_over(node.with_changes(semicolon=cst.MaybeSentinel.DEFAULT))
                reader.expect(";")

    def _note_end(self, node: cst.BaseSmallStatement) -> None:
        match node:
            case cst.Return() | cst.Raise():
                self._may_end_early = True
            case cst.Pass() | cst.Expr(value=cst.Ellipsis() | cst.SimpleString() | cst.ConcatenatedString()):
                pass
            case _:
                self._does_something = True

    def _statement(self, node: cst.BaseStatement) -> None:
        walker = self._walker
        self._may_end_early = self._may_end_early or isinstance(node, cst.While)
        match node:
            case cst.SimpleStatementLine():
                self.small(node.body, walker._line())
            case cst.FunctionDef():
                self._definition(walker._function(node, ()))
            case cst.ClassDef():
                self._definition(walker._class(node, ()))
            case cst.If():
                branch: cst.If | cst.Else | None = node
                while isinstance(branch, cst.If):
                    self._headed(branch.body, (branch.test,), branch)
                    branch = branch.orelse
                if branch is not None:
                    self._headed(branch.body, (), branch)
            case cst.Try() | cst.TryStar():
                for part in (node, *node.handlers, node.orelse, node.finalbody):
                    if part is not None:
                        self._headed(part.body, (), part)
            case cst.With():
                self._headed(node.body, tuple(item.item for item in node.items), node)
            case cst.For() | cst.While():
                parts = (node.iter,) if isinstance(node, cst.For) else (node.test,)
                self._headed(node.body, parts, node)
                if node.orelse is not None:
                    self._headed(node.orelse.body, (), node.orelse)
            case cst.Match():
                walker._line()
                self._look_for_yield((node.subject,), _match_header(walker))
                for case in node.cases:
                    self._headed(case.body, (), case)
            case _:
                raise Misplaced

    def _definition(self, statement: Statement) -> None:
        if self._is_defining:
            self.statements.append(statement)

    def _headed(self, body: _Block, parts: Sequence[cst.CSTNode], header: cst.CSTNode) -> None:
        """A header's line and its suite. A suite on the header's own line is read from where the header ends."""
        walker = self._walker
        start = walker._line()
        self._look_for_yield(parts, walker._text[start : walker._line_end()])
        if isinstance(body, cst.IndentedBlock):
            self.block(body.body)
        elif isinstance(body, cst.SimpleStatementSuite):
            self.small(body.body, walker._header_end(header, start))

    def _look_for_yield(self, nodes: Sequence[cst.CSTNode], text: str) -> None:
        if not self.is_generator and "yield" in text:
            finder = _YieldFinder()
            for node in nodes:
                node.visit(finder)
            self.is_generator = finder.found

    def _value(self, node: cst.BaseSmallStatement, reader: ExpressionReader, text: str) -> None:
        if type(node) is not cst.Return and _TELLING.search(text) is None:
            return
        match node:
            case cst.Return(value=cst.BaseExpression() as value):
                reader.expect("return")
                self.values.append(BodyValue("return", "", _read_shallow(reader, value)))
            case cst.Return():
                start = reader.expect("return")
                self.values.append(BodyValue("bare", "", Constant(start, reader.at, None)))
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                reader.expect(name)
                reader.expect("=")
                self.values.append(BodyValue("assign", name, _read_shallow(reader, value)))
            case cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as value):
                reader.expect(name)
                reader.expect(":")
                reader.step_over(node.annotation.annotation)
                reader.expect("=")
                self.values.append(BodyValue("assign", name, _read_shallow(reader, value)))
            case cst.Expr(value=value):
                self.values.append(BodyValue("other", "", _read_shallow(reader, value)))
            case _:
                pass


class _YieldFinder(cst.CSTVisitor):
    """Finds a ``yield`` that belongs to the function itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_Yield(self, node: cst.Yield) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        self.found = True
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        return False


_EMPTY_SUITE = cst.SimpleStatementSuite([cst.Pass()])


def _may_define(text: str) -> bool:
    """Whether a text may define a task or discover some. One pattern for both would take twenty times as long."""
    if _TASK.search(text) is not None:
        return True
    return "discover_tasks" in text and _DISCOVERY.search(text) is not None


def _is_task(decorator: Expr) -> bool:
    """Whether a decorator is written as one that defines tasks, whatever it stands on."""
    function = decorator.function if isinstance(decorator, Call) else decorator
    return isinstance(function, Attribute) and function.attribute == "task"


def _match_header(walker: Walker) -> str:
    start = walker._lines.starts[walker._next - 1]
    return walker._text[start : walker._line_end()]


def _read_shallow(reader: ExpressionReader, node: cst.BaseExpression) -> Expr:
    """The expression, or an `Other` where it is nested more deeply than can be followed."""
    start = reader.at
    try:
        return reader.read(node)
    except RecursionError:
        reader.at = start
        return Other(start, start, "expression nested too deeply")


def _import(node: cst.Import, reader: ExpressionReader, guards: Guards) -> Iterator[Statement]:
    reader.expect("import")
    for alias in node.names:
        expression = reader.read(alias.name)
        target = dotted(expression)
        if target is None:
            raise Misplaced
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            reader.expect("as")
            reader.expect(alias.asname.name.value)
            yield ImportModule(expression.start, expression.end, guards, alias.asname.name.value, target)
        else:
            top = target.partition(".")[0]
            yield ImportModule(expression.start, expression.end, guards, top, top)
        reader.accept(",")


def _import_from(node: cst.ImportFrom, reader: ExpressionReader, guards: Guards) -> Iterator[Statement]:
    reader.expect("from")
    level = len(node.relative)
    for _ in node.relative:
        reader.expect(".")
    module = "" if node.module is None else dotted(reader.read(node.module))
    if module is None:
        raise Misplaced
    reader.expect("import")
    if isinstance(node.names, cst.ImportStar):
        start = reader.expect("*")
        yield ImportStar(start, reader.at, guards, level, module)
        return
    reader.accept("(")
    for alias in node.names:
        if not isinstance(alias.name, cst.Name):
            raise Misplaced
        attribute = alias.name.value
        start = reader.expect(attribute)
        end = reader.at
        name = attribute
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            reader.expect("as")
            name = alias.asname.name.value
            reader.expect(name)
        reader.accept(",")
        yield ImportName(start, end, guards, name, level, module, attribute)


def _assign(node: cst.Assign, reader: ExpressionReader, guards: Guards) -> Iterator[Statement]:
    """Every plain target gets the value; what is unpacked or stored elsewhere is opaque."""
    start = reader.skip()
    targets: list[tuple[cst.BaseExpression, int, int]] = []
    for target in node.targets:
        begin = reader.step_over(target.target)
        targets.append((target.target, begin, reader.at))
        reader.expect("=")
    names = [(target.value, begin, end) for target, begin, end in targets if isinstance(target, cst.Name)]
    if names:
        value = _read_shallow(reader, node.value)
        for name, begin, end in names:
            yield Assign(begin, end, guards, name, None, value)
    for unpacked, _, _ in targets:
        for name in bound_names(unpacked) if not isinstance(unpacked, cst.Name) else ():
            yield OpaqueBinding(start, start, guards, name, "an unpacking assignment")
