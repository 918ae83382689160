"""Annotations within strings keep their places, whatever the string looks like."""

from __future__ import annotations

import pytest
from source_texts import source_file

from horsies_codegen.parse import SyntaxProblem, parse, parse_quoted
from horsies_codegen.parse.expression import Name, Subscript, Text
from horsies_codegen.parse.statement import Assign


def _quoted(literal: str) -> tuple[str, Text]:
    text = f"x: {literal}\n"
    statement = parse(source_file(text)).statements[0]
    assert isinstance(statement, Assign)
    assert isinstance(statement.annotation, Text)
    return text, statement.annotation


@pytest.mark.parametrize(
    "literal",
    [
        '"list[Order]"',
        "'list[Order]'",
        'r"list[Order]"',
        '"""list[\n   Order]"""',
        '"list" "[Order]"',
        '"\\x6cist[Order]"',
        '"list[" r"Order]"',
        '"li\\\nst[Order]"',
        '"\\N{LATIN SMALL LETTER L}ist[Order]"',
    ],
)
def test_places_inside_strings(literal: str) -> None:
    text, annotation = _quoted(literal)
    inner = parse_quoted(annotation)
    assert isinstance(inner, Subscript)
    assert isinstance(inner.value, Name)
    assert inner.value.id == "list"
    (item,) = inner.items
    assert isinstance(item, Name)
    assert text[item.start : item.end] == "Order"


@pytest.mark.parametrize("literal", ['""', '"  "', '"list["', '"a b"', '"\\x00"', '"def"'])
def test_a_string_that_is_no_annotation_says_so(literal: str) -> None:
    _, annotation = _quoted(literal)
    problem = parse_quoted(annotation)
    assert isinstance(problem, SyntaxProblem)
    assert (problem.start, problem.end) == (annotation.start, annotation.end)
