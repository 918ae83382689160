"""Calls that send tasks, wherever they stand in a file: ``ship.send(...)``, and what the first name of each is bound to.

Names are followed here as far as functions go: a name that a function around the call binds in any other way than by an import (a
parameter, an assignment, a loop, ``global``) stands for something that is not known, and the call is left out. What remains is
bound by one import in a function, or by the module. Where the language is finer (the first iterable of a comprehension, names
of a class body), a name counts as bound rather than not: so a call is left out, never taken for another's.

Only functions and lines whose text has such a call are looked into, with libcst's own positions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from horsies_codegen.parse.expression import Attribute, Call, Expr, Name, without_options
from horsies_codegen.parse.reader import Alignment, ExpressionReader, Misplaced
from horsies_codegen.parse.statement import ImportModule, ImportName, Send
from horsies_codegen.source.span import Position
from horsies_codegen.source.text import SourceText

VERBS = frozenset({"send", "send_async", "send_many", "send_many_async", "payload"})
"""The methods of a task that take its arguments for a send."""

SENDING = re.compile(r"\.\s*(?:send(?:_many)?(?:_async)?|payload)\s*\(")

_LocalImport: TypeAlias = ImportModule | ImportName
_Unit: TypeAlias = cst.FunctionDef | cst.SimpleStatementLine


def may_send(text: str) -> bool:
    """Whether a file's text says that something may be sent in it: cheap, and never wrong in the negative."""
    return "send" in text or "payload" in text


def sends_in(node: _Unit, text: str, start: int, module: cst.Module) -> tuple[Send, ...]:
    """The sends in a function or a line that begins at ``start``; none where its places cannot be told."""
    snippet = module.with_changes(body=[node], header=(), footer=())
    finder = _SendFinder()
    try:
        snippet.visit(finder)
        found = tuple(finder.found())
        return tuple(_read(found, snippet, text, start)) if found else ()
    except (Misplaced, RecursionError):
        return ()


def bound_names(target: cst.CSTNode) -> Iterator[str]:
    """The names in the target of an assignment."""
    match target:
        case cst.Name(value=name):
            yield name
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from bound_names(element.value)
        case _:
            return


class _FoundCall(NamedTuple):
    """A call, the one payload that is written in a comprehension of them, and the imports that bind its first name."""

    call: cst.Call
    each: cst.BaseExpression | None
    imports: tuple[_LocalImport, ...]


def _read(found: Sequence[_FoundCall], snippet: cst.Module, text: str, start: int) -> Iterator[Send]:
    places = _Places(snippet, text, start)
    for item in found:
        call = places.read(item.call)
        if isinstance(call, Call) and isinstance(call.function, Attribute):
            task = without_options(call.function.value)
            if isinstance(task, Name | Attribute):
                each = None if item.each is None else places.read(item.each)
                yield Send(call.function.attribute, task, call, each, item.imports)


class _Places:
    """The places in a text of what stands in a printed piece of it."""

    def __init__(self, snippet: cst.Module, text: str, start: int) -> None:
        self._snippet = snippet
        self._text = text
        self._positions = MetadataWrapper(snippet, unsafe_skip_copy=True).resolve(PositionProvider)
        code = snippet.code
        self._table = SourceText(code)
        self._alignment = Alignment(code.rstrip("\r\n"), text, start)

    def read(self, node: cst.BaseExpression) -> Expr:
        """An expression of the piece, with its places in the text."""
        position = self._positions.get(node)
        if not isinstance(position, CodeRange):
            raise Misplaced
        offset = self._table.offset(Position(position.start.line, position.start.column + 1))
        reader = ExpressionReader(self._text, self._alignment.at(offset), self._snippet)
        return reader.read(node.with_changes(lpar=(), rpar=()))


class _Names:
    """What one function, lambda, class or comprehension binds. None stands for whatever is no import."""

    def __init__(self, node: cst.CSTNode | None, outer: _Names | None) -> None:
        self.node = node
        self.outer = outer
        self.bound: dict[str, list[_LocalImport | None]] = {}

    def bind(self, name: str, to: _LocalImport | None = None) -> None:
        if self.outer is None:
            return  # a statement of the module: its bindings are in the module's summary
        self.bound.setdefault(name, []).append(to)

    def imports(self, name: str) -> tuple[_LocalImport, ...] | None:
        """The imports that bind a name nearest to here; none if only the module can; None if anything else may."""
        names: _Names | None = self
        while names is not None:
            found = names.bound.get(name)
            if found is not None:
                return None if None in found else tuple(cast("list[_LocalImport]", found))
            names = names.outer
        return ()


class _SendFinder(cst.CSTVisitor):
    """Finds the calls, and binds names on the way; which binding counts is known at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._names = _Names(None, None)
        self._expecting = 0
        """How many ``with pytest.raises(...)`` and the like are open around: what fails in there is meant to."""
        self._calls: list[tuple[cst.Call, str, _Names]] = []

    def found(self) -> Iterator[_FoundCall]:
        """The calls whose first name is bound by imports or by the module."""
        for call, name, names in self._calls:
            imports = names.imports(name)
            if imports is not None:
                yield _FoundCall(call, _each(call), imports)

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Takes up one node."""
        if isinstance(node, cst.Import | cst.ImportFrom):
            self._import(node)
            return False
        if isinstance(node, cst.Call):
            if not self._expecting:
                self._call(node)
        elif isinstance(node, cst.With):
            self._expecting += _expects_errors(node)
        elif isinstance(node, _BINDING):
            self._bind(node)
        elif isinstance(node, _OPENING):
            if isinstance(node, cst.FunctionDef | cst.ClassDef):
                self._names.bind(node.name.value)
            self._names = _Names(node, self._names)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leaves one node."""
        if isinstance(original_node, cst.With):
            self._expecting -= _expects_errors(original_node)
        if self._names.node is original_node and self._names.outer is not None:
            self._names = self._names.outer

    def _call(self, node: cst.Call) -> None:
        function = node.func
        if isinstance(function, cst.Attribute) and function.attr.value in VERBS:
            name = _first_name(function.value)
            if name is not None:
                self._calls.append((node, name, self._names))

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        for imported in _imports(node):
            self._names.bind(imported.name, imported)

    def _bind(self, node: cst.CSTNode) -> None:
        match node:
            case cst.Param(name=name) | cst.NameItem(name=name) | cst.TypeVar(name=name):
                self._names.bind(name.value)
            case cst.NamedExpr(target=target):
                self._bind_all_around(target)
            case cst.AssignTarget(target=target) | cst.AnnAssign(target=target) | cst.AugAssign(target=target):
                self._bind_names(target)
            case cst.For(target=target) | cst.CompFor(target=target):
                self._bind_names(target)
            case cst.AsName(name=name):
                self._bind_names(name)
            case cst.Del(target=target):
                self._bind_names(target)
            case cst.MatchAs(name=name) | cst.MatchStar(name=name) | cst.MatchMapping(rest=name):
                if name is not None:
                    self._names.bind(name.value)
            case _:
                pass

    def _bind_names(self, target: cst.CSTNode) -> None:
        for name in bound_names(target):
            self._names.bind(name)

    def _bind_all_around(self, target: cst.CSTNode) -> None:
        """``:=`` in a comprehension binds the name of the function around it."""
        names: _Names | None = self._names
        while names is not None:
            for name in bound_names(target):
                names.bind(name)
            names = names.outer


_OPENING = (
    cst.FunctionDef,
    cst.Lambda,
    cst.ClassDef,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
)
_BINDING = (
    cst.Param,
    cst.NameItem,
    cst.TypeVar,
    cst.NamedExpr,
    cst.AssignTarget,
    cst.AnnAssign,
    cst.AugAssign,
    cst.For,
    cst.CompFor,
    cst.AsName,
    cst.Del,
    cst.MatchAs,
    cst.MatchStar,
    cst.MatchMapping,
)


_EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


def _expects_errors(node: cst.With) -> bool:
    """``with pytest.raises(TypeError):``, ``with self.assertRaises(TypeError):``"""
    for item in node.items:
        match item.item:
            case cst.Call(func=cst.Attribute(attr=cst.Name(value=name)) | cst.Name(value=name)) if name in _EXPECTING:
                return True
            case _:
                pass
    return False


def _first_name(expression: cst.BaseExpression) -> str | None:
    """The name that a dotted expression begins with, through ``with_options(...)``."""
    while True:
        match expression:
            case cst.Name(value=name):
                return name
            case cst.Attribute(value=value):
                expression = value
            case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(value="with_options"))):
                expression = value
            case _:
                return None


def _each(call: cst.Call) -> cst.BaseExpression | None:
    """The payload in ``send_many([{...} for ... in ...])``."""
    match call.args:
        case [cst.Arg(star="", value=cst.ListComp(elt=elt) | cst.GeneratorExp(elt=elt))]:
            return elt
        case _:
            return None


def _imports(node: cst.Import | cst.ImportFrom) -> Iterator[_LocalImport]:
    """What an import in a function binds. Its place is of no use to anybody."""
    if isinstance(node.names, cst.ImportStar):
        return
    for alias in node.names:
        path = _dotted(alias.name)
        name = alias.asname.name.value if alias.asname is not None and isinstance(alias.asname.name, cst.Name) else ""
        if isinstance(node, cst.ImportFrom):
            module = "" if node.module is None else _dotted(node.module)
            yield ImportName(0, 0, (), name or path, len(node.relative), module, path)
        else:
            top = path.partition(".")[0]
            yield ImportModule(0, 0, (), name or top, path if name else top)


def _dotted(node: cst.Attribute | cst.Name | cst.BaseExpression) -> str:
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=value, attr=cst.Name(value=name)):
            return f"{_dotted(value)}.{name}"
        case _:
            raise Misplaced
