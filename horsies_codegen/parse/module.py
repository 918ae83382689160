"""One file → its summary."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

import libcst as cst

from horsies_codegen.parse.lines import LogicalLines, logical_lines
from horsies_codegen.parse.located import located_lines
from horsies_codegen.parse.native import parse_module
from horsies_codegen.parse.reader import Misplaced
from horsies_codegen.parse.statement import Module, SyntaxProblem
from horsies_codegen.parse.syntax import syntax_problem
from horsies_codegen.parse.walker import Walker
from horsies_codegen.source.file import SourceFile

T = TypeVar("T")

MAX_NESTING = 200
"""Brackets open at once; CPython's own tokenizer refuses more."""

MAX_CHAIN = 5_000
"""Operators or ``elif`` in a row; CPython's own compiler gives up on about as many."""


def parse(file: SourceFile) -> Module:
    """The summary of a file. Never raises: what is no Python comes back as ``problem`` and no statements."""
    if file.problem is not None:
        return _empty(file, SyntaxProblem(file.problem.reason, 0, 0))
    text = file.text
    lines = logical_lines(text)
    chain = _longest_chain(text, lines)
    too_deep = _too_deep(lines, chain)
    if too_deep is not None:
        return _empty(file, too_deep)
    try:
        tree = _parse_tree(text, chain)
    except cst.ParserSyntaxError as error:
        return _empty(file, syntax_problem(text, error))
    except (RecursionError, ValueError, UnicodeError) as error:
        return _empty(file, SyntaxProblem(f"this text cannot be parsed: {error}", 0, 0))
    return _summary(file, text, tree, lines)


def _summary(file: SourceFile, text: str, tree: cst.Module, lines: LogicalLines) -> Module:
    walker = Walker(text, tree, lines)
    try:
        statements = walker.statements()
    except (Misplaced, RecursionError):
        return _summary_by_positions(file, text, tree)
    return Module(file.path, file.module, file.is_package, file.root, statements, sends=tuple(walker.sends))


def _summary_by_positions(file: SourceFile, text: str, tree: cst.Module) -> Module:
    walker = Walker(text, tree, located_lines(text, tree))
    try:
        statements = walker.statements()
    except (Misplaced, RecursionError):
        return _empty(
            file, SyntaxProblem("this file parses, but its places could not be found: please report it", 0, 0)
        )
    return Module(file.path, file.module, file.is_package, file.root, statements, sends=tuple(walker.sends))


def _empty(file: SourceFile, problem: SyntaxProblem) -> Module:
    return Module(file.path, file.module, file.is_package, file.root, (), problem)


_OPERATOR = re.compile(r"[-+*/%@&|^<>~.(\[\"']|\b(?:and|or|not|if|in|is|lambda|await)\b")
_ELIF = re.compile(r"^[ \t]*elif\b", re.M)
_LONG_LINE = 1_000
_DEEP = 400
"""Links in a row above which a tree is built on a stack of its own size."""


def _parse_tree(text: str, chain: int) -> cst.Module:
    if chain <= _DEEP:
        return parse_module(text)
    return _on_large_stack(lambda: parse_module(text))


def _too_deep(lines: LogicalLines, chain: int) -> SyntaxProblem | None:
    first = lines.starts[0] if lines.starts else 0
    if chain > MAX_CHAIN:
        return SyntaxProblem(f"an expression of more than {MAX_CHAIN} operators in a row is not read", first, first)
    if lines.deepest > MAX_NESTING:
        return SyntaxProblem(f"more than {MAX_NESTING} brackets are open at once", first, first)
    return None


def _longest_chain(text: str, lines: LogicalLines) -> int:
    """An upper bound for how many operators or ``elif`` follow each other: how deep a tree may be."""
    longest = len(_ELIF.findall(text)) if text.count("elif") > _DEEP else 0
    for start, end in pairwise((*lines.starts, len(text))):
        if end - start > _LONG_LINE:
            stretches = text[start:end].split(",")
            longest = max(longest, *(len(_OPERATOR.findall(part)) for part in stretches if len(part) > _DEEP), 0)
    return longest


def _on_large_stack(work: Callable[[], T]) -> T:
    """Runs work on a thread with a stack that deep recursion in native code fits on."""
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            failures.append(error)

    before = threading.stack_size(_LARGE_STACK_BYTES)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


_LARGE_STACK_BYTES = 512 * 1024 * 1024
