"""When there are colours, and how wide a page is."""

from __future__ import annotations

import pytest

from horsies_codegen.diagnostic import ColorChoice, Style, choose_style


@pytest.mark.parametrize(
    ("environ", "is_terminal", "choice", "colored"),
    [
        ({}, True, "auto", True),
        ({}, False, "auto", False),
        ({"NO_COLOR": "1"}, True, "auto", False),
        ({"NO_COLOR": ""}, True, "auto", True),
        ({"FORCE_COLOR": "1"}, False, "auto", True),
        ({"FORCE_COLOR": "0"}, False, "auto", False),
        ({"FORCE_COLOR": ""}, False, "auto", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, "auto", False),
        ({"TERM": "dumb"}, True, "auto", False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, "auto", True),
        ({"NO_COLOR": "1"}, False, "always", True),
        ({"FORCE_COLOR": "1"}, True, "never", False),
    ],
)
def test_who_decides_on_colour(environ: dict[str, str], is_terminal: bool, choice: ColorChoice, colored: bool) -> None:
    assert choose_style(environ, is_terminal=is_terminal, color=choice).color is colored


@pytest.mark.parametrize(("columns", "width"), [(None, 120), (0, 120), (80, 80), (3, 40)])
def test_the_width_is_the_terminals_within_reason(columns: int | None, width: int) -> None:
    assert choose_style({}, is_terminal=False, columns=columns) == Style(color=False, width_cells=width)
