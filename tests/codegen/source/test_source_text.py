"""Positions in text: Python's own lines, columns in code points."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.source import START, Place, Position, SourceText, Span, point

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("ab\r\n\t\f\x0b\u2028é😀"), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb", ["a", "b"]),
        ("a\rb\n\rc", ["a", "b", "", "c"]),
        ("a\x0cb\x0bc\u2028d\x85e", ["a\x0cb\x0bc\u2028d\x85e"]),
    ],
)
def test_lines_break_where_python_breaks_them(text: str, lines: list[str]) -> None:
    source = SourceText(text)
    assert [source.line(number) for number in range(1, source.line_count + 1)] == lines


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_a_line_that_is_not_there_is_empty(number: int) -> None:
    assert SourceText("a\nb").line(number) == ""


def test_columns_count_code_points() -> None:
    source = SourceText('x = "😀é"; y\n')
    assert source.position(source.text.index("y")) == Position(1, 11)


@given(TEXTS)
def test_position_and_offset_are_inverse(text: str) -> None:
    source = SourceText(text)
    for offset in range(len(text) + 1):
        assert source.offset(source.position(offset)) == offset


@given(TEXTS, st.integers(-3, 80))
def test_an_offset_outside_moves_to_the_nearer_end(text: str, offset: int) -> None:
    source = SourceText(text)
    assert source.offset(source.position(offset)) == min(max(offset, 0), len(text))


@given(TEXTS, st.integers(-2, 20), st.integers(-2, 80))
def test_any_position_has_an_offset_in_the_text(text: str, line: int, column: int) -> None:
    assert 0 <= SourceText(text).offset(Position(line, column)) <= len(text)


def test_a_column_past_the_end_stays_in_its_line() -> None:
    source = SourceText("ab\ncd\n")
    assert source.position(source.offset(Position(1, 99))) == Position(2, 1)


@pytest.mark.parametrize("text", ["é = 1; name = 2", "'😀', name", "x = 1\n\tname"])
def test_positions_of_the_standard_parser_translate(text: str) -> None:
    source = SourceText(text)
    node = next(node for node in ast.walk(ast.parse(text.replace("\n\t", "\n"))) if getattr(node, "id", "") == "name")
    assert isinstance(node, ast.Name)
    tabbed = text.count("\t")
    position = source.position_in_utf8_line(node.lineno, node.col_offset + tabbed)
    assert source.text[source.offset(position) :].startswith("name")


@given(TEXTS)
def test_utf8_columns_agree_with_code_points(text: str) -> None:
    source = SourceText(text.replace("\r", "").replace("\n", ""))
    for column in range(len(source.text) + 1):
        utf8_column = len(source.text[:column].encode("utf-8", "surrogatepass"))
        assert source.position_in_utf8_line(1, utf8_column).column == column + 1 or _holds_surrogate(source.text)


def _holds_surrogate(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def test_slices_and_spans() -> None:
    source = SourceText("ab\ncd\n")
    span = source.span(1, 4)
    assert span == Span(Position(1, 2), Position(2, 2))
    assert source.slice(span) == "b\nc"
    assert source.slice(point(2, 1)) == ""


def test_places_sort_by_path_then_position() -> None:
    places = [Place("b.py", point(1, 1)), Place("a.py", point(10, 2)), Place("a.py", point(9, 3))]
    assert sorted(places) == [places[2], places[1], places[0]]
    assert point(1, 1).start == START
