"""Where a text stops being Python: the exact token, from a parser that names the place after it."""

from __future__ import annotations

import re

import libcst as cst

from horsies_codegen.parse.lines import BracketProblem, bracket_problem
from horsies_codegen.parse.statement import SyntaxProblem
from horsies_codegen.source.span import Position
from horsies_codegen.source.text import SourceText

_PARSER_PLACE = re.compile(r"error at (\d+):(\d+): expected one of (.*)", re.S)
_TOKENIZER = re.compile(r"tokenizer error: (.*)", re.S)
_QUOTE = re.compile(r"[A-Za-z]{0,2}(?:\"\"\"|'''|\"|')")
_TOKEN = re.compile(
    r"(?P<blank>[ \t\f]+|#[^\r\n]*|\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)"
    r"|(?P<string>[A-Za-z]{0,2}(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
    r"|\"(?!\"\")(?:[^\"\\\r\n]|\\(?:\r\n|.))*\"|'(?!'')(?:[^'\\\r\n]|\\(?:\r\n|.))*'))"
    r"|(?P<word>\w+)|(?P<operator>\.\.\.|->|:=|\*\*=?|//=?|<<=?|>>=?|[-+*/%@&|^<>=!]=|.)",
    re.S,
)


def syntax_problem(text: str, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """What is wrong with a text that libcst refused, at the token that is to blame."""
    bracket = bracket_problem(text)
    tokenizer = _TOKENIZER.search(error.message)
    if tokenizer is not None and "string literal" in tokenizer[1]:
        return _unterminated(text, error.raw_line)
    parser = _PARSER_PLACE.search(error.message)
    at = None if parser is None else SourceText(text).offset(Position(int(parser[1]), int(parser[2]) + 1))
    if bracket is not None and (at is None or bracket.at <= at):
        return _bracket(text, bracket)
    if parser is None or at is None:
        return _on_line(text, error.raw_line, error.message if tokenizer is None else tokenizer[1])
    return _unexpected(text, at)


def _bracket(text: str, problem: BracketProblem) -> SyntaxProblem:
    found = text[problem.at]
    if problem.opened is not None:
        message = f"{found!r} does not close {text[problem.opened]!r}"
        return SyntaxProblem(message, problem.at, problem.at + 1, problem.opened, "opened here")
    message = f"{found!r} was never closed" if found in "([{" else f"{found!r} closes nothing"
    return SyntaxProblem(message, problem.at, problem.at + 1)


def _unterminated(text: str, line: int) -> SyntaxProblem:
    """The quote that opens the string without an end: the first in the text that no token completes."""
    at = 0
    while token := _TOKEN.match(text, at):
        if token.lastgroup in ("operator", "word"):
            quote = _QUOTE.match(text, at)
            if quote is not None:
                return SyntaxProblem("this string has no end", at, quote.end())
        at = token.end()
    return _on_line(text, line, "a string has no end")


def _unexpected(text: str, at: int) -> SyntaxProblem:
    """The last token that begins before an offset: the parser names the place where the next one begins."""
    start, end, kind = 0, 0, "operator"
    previous_end = 0
    position = 0
    while position < at and (token := _TOKEN.match(text, position)):
        if token.lastgroup == "newline":
            previous_end = end if kind != "newline" else previous_end
            start, end, kind = (token.start(), token.end(), "newline") if kind != "newline" else (start, end, kind)
        elif token.lastgroup != "blank":
            start, end, kind = token.start(), token.end(), token.lastgroup or ""
        position = token.end()
    if kind == "newline":
        return SyntaxProblem("the line ends too early", previous_end, previous_end)
    shown = text[start:end] if end - start <= _SHOWN else text[start : start + _SHOWN] + "..."
    return SyntaxProblem(f"{shown!r} cannot stand here", start, end)


_SHOWN = 40


def _on_line(text: str, line: int, message: str) -> SyntaxProblem:
    """The text of a line, for what has no better place."""
    source = SourceText(text)
    content = source.line(line)
    start = source.offset(Position(line, 1)) + len(content) - len(content.lstrip())
    return SyntaxProblem(message.strip(), start, max(start + len(content.strip()), start))
