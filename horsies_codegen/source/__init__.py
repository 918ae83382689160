"""Source files and the places in them: the only part of the compiler that reads the user's tree.

What: a tree of Python files (`SourceTree`), found in folders or in a git tree at a ref by the same rules, each with its
dotted module name; spans in code points; text decoded by Python's own rules.

Invariants: nothing is imported and nothing is run; the order never depends on the file system; a file that cannot be
read is a value (`Problem`) and costs no other file; contents are read when they are asked for and not kept, so memory does
not grow with the tree.
"""

from horsies_codegen.source.file import SourceFile
from horsies_codegen.source.problem import Problem, ProblemKind
from horsies_codegen.source.span import START, Place, Position, Span, point
from horsies_codegen.source.text import SourceText

__all__ = [
    "START",
    "Place",
    "Position",
    "Problem",
    "ProblemKind",
    "SourceFile",
    "SourceText",
    "Span",
    "point",
]
