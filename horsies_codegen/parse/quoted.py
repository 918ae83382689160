"""Annotations within strings: parsed by the same parser, with places in the file, whatever the string looks like."""

from __future__ import annotations

import re

import libcst as cst

from horsies_codegen.parse.expression import Expr, Text, moved
from horsies_codegen.parse.reader import ExpressionReader, Misplaced
from horsies_codegen.parse.statement import SyntaxProblem

_TOKEN = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>\"\"\"|'''|\"|')(?P<inner>.*)(?P=quote)", re.S)
_ESCAPE = re.compile(
    r"\\(?:(?P<break>\r\n|\r|\n)|N\{[^}]*\}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{1,3}|.)", re.S
)
_LETTERS = re.compile(r"\\(?:[\\'\"abfnrtv]|\r\n|\r|\n|N\{|x|u|U|[0-7])")


def parse_quoted(text: Text) -> Expr | SyntaxProblem:
    """The expression that a string holds, or why it holds none. Never raises."""
    table = _offsets(text)
    if not text.value.strip():
        return SyntaxProblem("the annotation in this string is empty", text.start, text.end)
    wrapped = f"({text.value}\n)"
    try:
        node = cst.parse_expression(wrapped)
        inner = node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])
        expression = ExpressionReader(wrapped, 1, cst.Module([])).read(inner)
        return moved(expression, lambda offset: table[min(max(offset - 1, 0), len(table) - 1)])
    except (cst.ParserSyntaxError, Misplaced, RecursionError, ValueError):
        return SyntaxProblem("this string is no annotation", text.start, text.end)


def _offsets(text: Text) -> list[int]:
    """For each character of the string's value the offset where it is written, and the offset of its end."""
    table: list[int] = []
    end = text.end
    for at, token in text.tokens:
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            continue
        start = at + parts.start("inner")
        end = at + parts.end("inner")
        if "\\" not in parts["inner"] or "r" in parts["prefix"].lower():
            table.extend(_plain(parts["inner"], start))
        else:
            table.extend(_escaped(parts["inner"], start))
    if len(table) != len(text.value):
        table = [text.start] * len(text.value)
    return [*table, end]


def _plain(inner: str, start: int) -> list[int]:
    """One offset a character; a line break counts once, as it does in the value."""
    return [
        start + index for index, letter in enumerate(inner) if not (letter == "\n" and inner[index - 1 : index] == "\r")
    ]


def _escaped(inner: str, start: int) -> list[int]:
    table: list[int] = []
    position = 0
    while position < len(inner):
        escape = _ESCAPE.match(inner, position)
        if escape is None:
            table.extend(_plain(inner[position], start + position))
            position += 1
        elif escape["break"] is not None:
            position = escape.end()
        elif _LETTERS.match(inner, position):
            table.append(start + position)
            position = escape.end()
        else:
            table.extend((start + position, start + position + 1))
            position += 2
    return table
