"""Who uses a function: every call of it in the tree, and every other mention that may lead to one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import Assignment, ImportAssignment

from horsies_codegen.lint.mend.sheet import Sheet
from horsies_codegen.parse import Module, parse
from horsies_codegen.parse.statement import FunctionDef, ImportName, ImportStar
from horsies_codegen.source import SourceFile, SourceTree

_WORD = re.compile(rb"[A-Za-z_]\w*")
_CALLED = frozenset({"send", "send_async", "delay"})
"""Methods of a task that take its arguments; ``delay`` is another queue's word for ``send``."""

_HARMLESS = frozenset(
    {
        "send_many",
        "send_many_async",
        "handle",
        "name",
        "contract",
        "fingerprint",
        "codec",
        "queue",
        "__name__",
        "__doc__",
    }
)
"""Members of a task that take no arguments of it by position."""

_MAX_HOPS = 20


@dataclass(frozen=True)
class CallUse:
    """One call that passes arguments to the function."""

    sheet: Sheet
    call: cst.Call


@dataclass(frozen=True)
class Uses:
    """The calls of a function; ``is_certain`` is false where something else may call it."""

    calls: tuple[CallUse, ...]
    is_certain: bool


class Sheets:
    """The files of a tree, each parsed once; None for one that is no Python."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
        self._sheets: dict[str, Sheet | None] = {}
        self._modules: dict[str, Module] = {}

    def of(self, path: str) -> Sheet | None:
        """The sheet of a file."""
        if path not in self._sheets:
            self._sheets[path] = self._parsed(path)
        return self._sheets[path]

    def _parsed(self, path: str) -> Sheet | None:
        file = self.tree.file(path)
        if file is None or file.problem is not None:
            return None
        try:
            return Sheet(file)
        except (cst.ParserSyntaxError, RecursionError):
            return None

    def summary(self, file: SourceFile) -> Module:
        """What a module binds."""
        if file.path not in self._modules:
            self._modules[file.path] = parse(file)
        return self._modules[file.path]

    @cached_property
    def _places_of(self) -> Mapping[bytes, Mapping[str, int]]:
        """How often each word stands in which files."""
        places: dict[bytes, dict[str, int]] = {}
        for file in self.tree.files():
            for word, count in Counter(_WORD.findall(file.data)).items():
                places.setdefault(word, {})[file.path] = count
        return places

    def mentioning(self, word: str, home: str) -> Iterator[str]:
        """The paths of the files in which a word stands, ``home`` only if it stands there more than once."""
        for path, count in self._places_of.get(word.encode(), {}).items():
            if path != home or count > 1:
                yield path


class UseFinder:
    """Finds the uses of functions at the top of modules."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._found: dict[cst.FunctionDef, Uses] = {}

    def of(self, home: Sheet, function: cst.FunctionDef) -> Uses:
        """Every use of a function of ``home`` in the tree."""
        if function not in self._found:
            self._found[function] = self._look(home, function)
        return self._found[function]

    def _look(self, home: Sheet, function: cst.FunctionDef) -> Uses:
        name = function.name.value
        calls: list[CallUse] = []
        is_certain = home.parent(function) is home.module
        for path in self._sheets.mentioning(name, home.file.path):
            sheet = self._sheets.of(path)
            if sheet is None:
                is_certain = False
                continue
            if sheet is home and len(home.global_assignments(name)) != 1:
                is_certain = False
            for node, is_ours in self._mentions(sheet, home, name):
                call = _call_of(sheet, node) if is_ours else None
                if call is not None:
                    calls.append(CallUse(sheet, call))
                elif not (is_ours and _is_harmless(sheet, node)):
                    is_certain = False
        return Uses(tuple(calls), is_certain)

    def _mentions(self, sheet: Sheet, home: Sheet, name: str) -> Iterator[tuple[cst.BaseExpression, bool]]:
        """Each expression that may be the function, and whether it certainly is."""
        known: set[cst.CSTNode] = set()
        for assignment, suffix in self._bindings(sheet, home, name):
            for reference in assignment.references:
                node = _outermost(sheet, reference.node, suffix)
                if node is not None:
                    known.add(node)
                    yield node, True
        yield from ((node, False) for node in _unexplained(sheet, name, known))

    def _bindings(self, sheet: Sheet, home: Sheet, name: str) -> Iterator[tuple[Assignment, tuple[str, ...]]]:
        """What is bound to the function, or to something that leads to it by further attributes."""
        if sheet is home:
            yield from ((item, ()) for item in home.global_assignments(name))
        for scope in sheet.scopes:
            for assignment in scope.assignments:
                if isinstance(assignment, ImportAssignment):
                    suffix = self._suffix(sheet, assignment, home, name)
                    if suffix is not None:
                        yield assignment, suffix

    def _suffix(self, sheet: Sheet, assignment: ImportAssignment, home: Sheet, name: str) -> tuple[str, ...] | None:
        """Which attributes lead from an imported name to the function; None if none do."""
        node = assignment.node
        if isinstance(node, cst.ImportFrom):
            module = _absolute(sheet.file, node)
            for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
                if isinstance(alias.name, cst.Name) and (alias.evaluated_alias or alias.name.value) == assignment.name:
                    return self._through(sheet.file, module, alias.name.value, home, name)
            return None
        for alias in node.names if isinstance(node, cst.Import) else ():
            dotted = alias.evaluated_name
            if (alias.evaluated_alias or dotted) == assignment.name and self._leads(sheet.file, dotted, name, home):
                return (name,) if alias.asname is not None else (*dotted.split(".")[1:], name)
        return None

    def _through(self, near: SourceFile, module: str, attribute: str, home: Sheet, name: str) -> tuple[str, ...] | None:
        if self._leads(near, module, attribute, home) and attribute == name:
            return ()
        inner = f"{module}.{attribute}" if module else attribute
        return (name,) if self._leads(near, inner, name, home) else None

    def _leads(self, near: SourceFile, module: str, attribute: str, home: Sheet, hops: int = 0) -> bool:
        """Whether a module's name is the function, through re-exports too."""
        file = self._sheets.tree.module(module, near.root)
        if file is None or hops > _MAX_HOPS:
            return False
        for statement in self._sheets.summary(file).statements:
            match statement:
                case FunctionDef(name=found) if found == attribute:
                    return file.path == home.file.path
                case ImportName(name=found, level=level, module=source, attribute=inner) if found == attribute:
                    return self._leads(file, _from(file, level, source), inner, home, hops + 1)
                case ImportStar(level=level, module=source):
                    if self._leads(file, _from(file, level, source), attribute, home, hops + 1):
                        return True
                case _:
                    pass
        return False


def _outermost(sheet: Sheet, node: cst.CSTNode, suffix: Iterable[str]) -> cst.BaseExpression | None:
    """The expression that the attributes lead to from a reference; None if others follow."""
    wanted = list(suffix)
    while wanted:
        parent = sheet.parent(node)
        if isinstance(node, cst.Attribute) and node.attr.value == wanted[0]:
            wanted.pop(0)  # an access that libcst has widened already
            continue
        if not isinstance(parent, cst.Attribute) or parent.value is not node or parent.attr.value != wanted[0]:
            return None
        node = parent
        wanted.pop(0)
    return node if isinstance(node, cst.BaseExpression) else None


def _call_of(sheet: Sheet, node: cst.BaseExpression) -> cst.Call | None:
    """The call that passes arguments to a task: ``task(...)``, ``task.send(...)``, ``task.with_options(...).send(...)``."""
    parent = sheet.parent(node)
    if isinstance(parent, cst.Call) and parent.func is node:
        return parent
    if not isinstance(parent, cst.Attribute) or parent.value is not node:
        return None
    outer = sheet.parent(parent)
    if not isinstance(outer, cst.Call) or outer.func is not parent:
        return None
    if parent.attr.value in _CALLED:
        return outer
    return _call_of(sheet, outer) if parent.attr.value == "with_options" and not _is_called(sheet, outer) else None


def _is_called(sheet: Sheet, node: cst.BaseExpression) -> bool:
    parent = sheet.parent(node)
    return isinstance(parent, cst.Call) and parent.func is node


def _is_harmless(sheet: Sheet, node: cst.BaseExpression) -> bool:
    """Whether a mention passes no arguments: an attribute that has none, a bare statement."""
    parent = sheet.parent(node)
    return isinstance(parent, cst.Attribute) and parent.value is node and parent.attr.value in _HARMLESS


def _unexplained(sheet: Sheet, name: str, known: set[cst.CSTNode]) -> Iterator[cst.BaseExpression]:
    """Expressions that are written like the function and may be it: an attribute of who knows what, a name of a star."""
    explained = {id(node) for node in known} | {id(node.attr) for node in known if isinstance(node, cst.Attribute)}
    local = {
        id(reference.node)
        for scope in sheet.scopes
        for assignment in scope.assignments
        if assignment.name == name
        for reference in assignment.references
    }
    for attribute in sheet.all_of(cst.Attribute):
        is_known = id(attribute) in explained or _is_import(sheet, attribute) or _is_member(attribute, explained)
        if attribute.attr.value == name and not is_known and _is_passed_or_called_by_position(sheet, attribute):
            yield attribute
    for node in sheet.all_of(cst.Name):
        if node.value == name and id(node) not in explained and id(node) not in local and _is_read(sheet, node):
            yield node


def _is_member(attribute: cst.Attribute, explained: set[int]) -> bool:
    """Whether an attribute is one of the function's own, as ``send`` in ``send.with_options(...).send``."""
    base: cst.BaseExpression = attribute.value
    while id(base) not in explained:
        if isinstance(base, cst.Attribute):
            base = base.value
        elif isinstance(base, cst.Call):
            base = base.func
        else:
            return False
    return True


def _is_passed_or_called_by_position(sheet: Sheet, node: cst.Attribute) -> bool:
    call = _call_of(sheet, node)
    if call is not None:
        return any(argument.keyword is None for argument in call.args)
    return not isinstance(sheet.parent(node), cst.Attribute)


def _is_read(sheet: Sheet, node: cst.Name) -> bool:
    """Whether a name is an expression of its own, neither a part of something larger nor what is being bound."""
    parent = sheet.parent(node)
    match parent:
        case cst.Attribute() | cst.ImportAlias() | cst.FunctionDef() | cst.ClassDef() | cst.Param() | cst.AsName():
            return isinstance(parent, cst.Attribute) and parent.value is node
        case cst.Arg():
            return parent.keyword is not node
        case cst.AssignTarget() | cst.NameItem() | cst.ImportFrom():
            return False
        case _:
            return True


def _is_import(sheet: Sheet, node: cst.CSTNode) -> bool:
    at: cst.CSTNode | None = node
    while isinstance(at, cst.Attribute):
        at = sheet.parent(at)
    return isinstance(at, cst.ImportAlias | cst.ImportFrom)


def _absolute(file: SourceFile, node: cst.ImportFrom) -> str:
    module = "" if node.module is None else get_full_name_for_node(node.module) or ""
    return _from(file, len(node.relative), module)


def _from(file: SourceFile, level: int, module: str) -> str:
    if not level:
        return module
    parts = file.module.split(".")
    base = parts[: len(parts) - level + (1 if file.is_package else 0)]
    return ".".join([*base, module] if module else base)
