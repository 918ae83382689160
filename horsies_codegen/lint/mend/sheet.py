"""`Sheet`: one file as libcst sees it, with the place of every node, for those who work out repairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst.metadata import (
    Assignment,
    CodeRange,
    GlobalScope,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    Scope,
    ScopeProvider,
)

from horsies_codegen.diagnostic import Edit
from horsies_codegen.source import Place, Position, SourceFile, Span

NodeT = TypeVar("NodeT", bound=cst.CSTNode)


class Sheet:
    """A parsed file. Raises `cst.ParserSyntaxError` for text that is no Python."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._wrapper = MetadataWrapper(cst.parse_module(file.text), unsafe_skip_copy=True)
        self.module = self._wrapper.module

    @cached_property
    def _positions(self) -> dict[cst.CSTNode, CodeRange]:
        return dict(self._wrapper.resolve(PositionProvider))

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        return dict(self._wrapper.resolve(ParentNodeProvider))

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Every scope of the file, the module's first."""
        found = dict.fromkeys(scope for scope in self._wrapper.resolve(ScopeProvider).values() if scope is not None)
        return tuple(sorted(found, key=lambda scope: not isinstance(scope, GlobalScope)))

    @cached_property
    def functions(self) -> tuple[cst.FunctionDef, ...]:
        """Every function, outer ones first."""
        return tuple(self.all_of(cst.FunctionDef))

    def all_of(self, kind: type[NodeT]) -> Iterator[NodeT]:
        """Every node of a kind, in no order that matters."""
        return (node for node in self._positions if isinstance(node, kind))

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        return self._parents.get(node)

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands."""
        at = self._positions[node]
        start, end = (Position(point.line, point.column + 1) for point in (at.start, at.end))
        return Span(start, end)

    def start(self, node: cst.CSTNode) -> Position:
        """Where a node begins."""
        return self.span(node).start

    def end(self, node: cst.CSTNode) -> Position:
        """Where a node ends."""
        return self.span(node).end

    def whole(self, node: cst.BaseExpression) -> Span:
        """Where an expression stands with the parentheses around it."""
        start = self.start(node.lpar[0]) if node.lpar else self.start(node)
        return Span(start, self.end(node.rpar[-1]) if node.rpar else self.end(node))

    def end_of_parameter(self, part: cst.CSTNode) -> Position:
        """Where a parameter ends with its annotation and default: libcst's own place is that of its name."""
        if not isinstance(part, cst.Param):
            return self.start(part)
        if part.default is not None:
            return self.whole(part.default).end
        return self.end(part.name) if part.annotation is None else self.whole(part.annotation.annotation).end

    def text(self, node: cst.CSTNode) -> str:
        """The text of a node as it is written."""
        return self.file.source.slice(self.span(node))

    def between(self, start: Position, end: Position) -> str:
        """The text between two positions."""
        return self.file.source.slice(Span(start, end))

    def edit(self, start: Position, end: Position, text: str) -> Edit:
        """Put a text in the place of what stands between two positions."""
        return Edit(Place(self.file.path, Span(start, end)), text)

    def insert(self, at: Position, text: str) -> Edit:
        """Put a text where nothing stands."""
        return self.edit(at, at, text)

    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        """Put a text in the place of a node."""
        span = self.span(node)
        return self.edit(span.start, span.end, text)

    def function_at(self, place: Place) -> cst.FunctionDef | None:
        """The innermost function whose decorators, signature or body hold a place."""
        around = [node for node in self.functions if _holds(self._decorated(node), place.span)]
        return max(around, key=self.start, default=None)

    def _decorated(self, node: cst.FunctionDef) -> Span:
        first = node.decorators[0] if node.decorators else node
        return Span(self.start(first), self.end(node))

    def at(self, span: Span, kind: type[NodeT]) -> NodeT | None:
        """The node of a kind that stands exactly at a span."""
        return next((node for node in self.all_of(kind) if self.span(node) == span), None)

    def after_signature(self, node: cst.FunctionDef) -> Position | None:
        """Just after the ``)`` that closes the parameters."""
        parts = parameters_of(node.params)
        last = max(map(self.end_of_parameter, parts), default=self.end(node.name))
        source = self.file.source
        offset, text = source.offset(last), source.text
        depth = 0
        while offset < len(text):
            character = text[offset]
            if character == "#":
                offset = text.find("\n", offset)
                if offset < 0:
                    return None
            elif character == "(":
                depth += 1
            elif character == ")":
                return source.position(offset + 1) if depth == (0 if parts else 1) else None
            elif not character.isspace() and character not in ",*/\\":
                return None
            offset += 1
        return None

    def body_start(self, node: cst.FunctionDef) -> tuple[Position, str] | None:
        """Where the first statement after the docstring stands, at the beginning of its line, and its indentation."""
        if not isinstance(node.body, cst.IndentedBlock):
            return None
        statements = list(node.body.body)
        if node.get_docstring(clean=False) is not None:
            statements = statements[1:]
        if not statements:
            return None
        first = statements[0]
        decorators = first.decorators if isinstance(first, cst.FunctionDef | cst.ClassDef) else ()
        at = self.start(decorators[0] if decorators else first)
        return Position(at.line, 1), self.file.line(at.line)[: at.column - 1]

    def global_assignments(self, name: str) -> Sequence[Assignment]:
        """What binds a name at the top of the module."""
        scope = self.scopes[0]
        return [item for item in scope[name] if isinstance(item, Assignment)] if name in scope else []

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that statements at the top of the module bind, those under conditions among them."""
        finder = _BindingFinder()
        self.module.visit(finder)
        return frozenset(finder.names)


class _BindingFinder(cst.CSTVisitor):
    """Names bound at the top of a module."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802 - libcst's name
        self.names.add(node.name.value)
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: N802 - libcst's name
        self.names.add(node.name.value)
        return False

    def visit_ImportAlias(self, node: cst.ImportAlias) -> bool:  # noqa: N802 - libcst's name
        self.names.add((node.evaluated_alias or node.evaluated_name).partition(".")[0])
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:  # noqa: N802 - libcst's name
        if isinstance(node.target, cst.Name):
            self.names.add(node.target.value)
        return False

    def visit_AnnAssign(self, node: cst.AnnAssign) -> bool:  # noqa: N802 - libcst's name
        if isinstance(node.target, cst.Name):
            self.names.add(node.target.value)
        return False

    def visit_Expr(self, node: cst.Expr) -> bool:  # noqa: N802, ARG002 - libcst's name and signature
        return False


def parameters_of(parameters: cst.Parameters) -> list[cst.CSTNode]:
    """Every parameter and star, in source order."""
    star = parameters.star_arg
    parts: list[cst.CSTNode | None] = [
        *parameters.posonly_params,
        parameters.posonly_ind if isinstance(parameters.posonly_ind, cst.ParamSlash) else None,
        *parameters.params,
        star if isinstance(star, cst.CSTNode) else None,
        *parameters.kwonly_params,
        parameters.star_kwarg,
    ]
    return [part for part in parts if part is not None]


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
