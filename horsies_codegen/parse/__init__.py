"""Text → a frozen summary of what it binds. libcst stops here.

What: `parse` reads one file into a `Module`: imports with the conditions they stand under, assignments, classes, functions
(signature and body only where the text says that it may matter), PEP 695 aliases; and the calls anywhere in it that may send a
task. Expressions are a small tree of our own.
`parse_quoted` reads an annotation within a string.

Invariants: no text, however broken, makes it raise; every node has its exact stretch of the text; summaries are tuples,
compare by value and pickle; one file is read without knowing of any other.

Why no metadata provider: computing positions costs libcst twice its parse. A regular expression finds the logical lines,
statements are counted beside them, and a cursor runs over the text beside those expressions that are read. Where the count
does not come out (an f-string that holds its own quotes), libcst's positions are asked after all.

Why deep texts get a stack of their own: the native parser recurses, and a stack that overflows cannot be caught.

Why libcst is loaded when the first file is parsed and not before: loading it takes longer than a whole run that finds every
file as it was.
"""

from __future__ import annotations

import sys

from horsies_codegen.parse.expression import Expr, Text
from horsies_codegen.parse.statement import Module, SyntaxProblem
from horsies_codegen.source.file import SourceFile

__all__ = ["Module", "SyntaxProblem", "is_loaded", "parse", "parse_quoted"]


def is_loaded() -> bool:
    """Whether libcst is there already."""
    return "libcst" in sys.modules


def parse(file: SourceFile) -> Module:
    """The summary of a file. Never raises: what is no Python comes back as ``problem`` and no statements."""
    from horsies_codegen.parse.module import parse as parse_now

    return parse_now(file)


def parse_quoted(text: Text) -> Expr | SyntaxProblem:
    """The expression within a string, with offsets into the file; why it cannot be read, where it cannot."""
    from horsies_codegen.parse.quoted import parse_quoted as parse_now

    return parse_now(text)
