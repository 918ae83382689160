"""Widths on a terminal, and what never reaches one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.diagnostic.cells import cells_of, harmless, width_of


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("ｱ", 1),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),
        ("😀", 2),
        ("👩\u200d💻", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("日\u200da", 3),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("🇩🇪", 2),
        ("\t", 4),
        ("a\t", 4),
        ("abcd\te", 9),
        ("日\t", 4),
        ("\x1b", 4),
        ("\u202e", 6),
        ("−", 1),
    ],
)
def test_how_many_cells_a_text_takes(text: str, width: int) -> None:
    assert width_of(text) == width


@given(st.text())
def test_there_is_a_cell_for_every_code_point(text: str) -> None:
    cells = cells_of(text)
    assert len(cells) == len(text)
    assert width_of("".join(cell.shown for cell in cells)) == sum(cell.width for cell in cells)


@given(st.text(alphabet="a\t日😀🏽\u200d\ufe0f❤\x1b\u0301"))
def test_what_is_drawn_is_as_wide_as_it_says(text: str) -> None:
    cells = cells_of(text)
    assert width_of("".join(cell.shown for cell in cells)) == sum(cell.width for cell in cells)


@given(st.text(alphabet=st.characters(max_codepoint=0x10FFFF, categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Lu", "So"])))
def test_what_is_left_cannot_steer_a_terminal(text: str) -> None:
    for shown in (harmless(text), "".join(cell.shown for cell in cells_of(text))):
        assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown)
        assert not any(unicodedata.bidirectional(character) in _TURNING for character in shown)


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_escapes_say_what_was_there() -> None:
    assert harmless("a\x1b[31m\x9b\n\u202eb\udce9") == "a\\x1b[31m\\x9b\\x0a\\u202eb\\udce9"


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays(text: str) -> None:
    assert harmless(text) == text == "".join(cell.shown for cell in cells_of(text))
