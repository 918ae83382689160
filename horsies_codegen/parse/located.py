"""Logical lines by libcst's own positions: the slow way, for the few texts whose strings a regular expression misreads."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from horsies_codegen.parse.lines import LogicalLines
from horsies_codegen.source.span import Position
from horsies_codegen.source.text import SourceText


def located_lines(text: str, tree: cst.Module) -> LogicalLines:
    """The logical lines of a parsed text: one for each simple statement's line and each header."""
    finder = _Finder(SourceText(text))
    MetadataWrapper(tree, unsafe_skip_copy=True).visit(finder)
    starts = sorted(finder.starts)
    indents = [start - max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) - 1 for start in starts]
    return LogicalLines(tuple(starts), tuple(indents))


_HEADED = (
    cst.SimpleStatementLine,
    cst.FunctionDef,
    cst.ClassDef,
    cst.Decorator,
    cst.If,
    cst.Else,
    cst.For,
    cst.While,
    cst.With,
    cst.Try,
    cst.TryStar,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Finally,
    cst.Match,
    cst.MatchCase,
)


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, source: SourceText) -> None:
        super().__init__()
        self._source = source
        self.starts: set[int] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        place = self.get_metadata(PositionProvider, node, None) if isinstance(node, _HEADED) else None
        if isinstance(place, CodeRange):
            self.starts.add(self._source.offset(Position(place.start.line, place.start.column + 1)))
        return not isinstance(node, cst.BaseExpression)
