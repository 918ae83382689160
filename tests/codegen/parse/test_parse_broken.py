"""Texts that are no Python: one finding each, at the token that is to blame, and never an exception."""

from __future__ import annotations

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from source_texts import TASK_MODULE, source_file

from horsies_codegen.parse import parse
from horsies_codegen.parse.statement import FunctionDef


@pytest.mark.parametrize(
    ("text", "blamed", "line"),
    [
        ("x = [\n  1,\n", "[", 1),
        ("x = [\n    1,\n    2,\n\ndef f():\n    pass\n", "[", 1),
        ("def f(\n  a: int,\n  b: str\n\ndef g(): pass\n", "(", 1),
        ("x = (1]\n", "]", 1),
        ("x = 1\ny = )\n", ")", 2),
        ("\u00e9 = [1, 2 3]\n", "3", 1),
        ("a = 1\nb c\n", "c", 2),
        ("def f(:\n  pass\n", "(", 1),
        ('x = 1\ny = "abc\n', '"', 2),
        ('x = """abc\n\n', '"""', 1),
        ("if x\n  pass\n", "", 1),
        ("x = 1 +\n", "", 1),
        ("x = $\n", "x = $", 1),
    ],
)
def test_the_blame_falls_on_the_token(text: str, blamed: str, line: int) -> None:
    file = source_file(text)
    module = parse(file)
    assert module.statements == ()
    assert module.problem is not None
    assert text[module.problem.start : module.problem.end] == blamed
    assert file.position(module.problem.start).line == line


def test_a_wrong_bracket_shows_the_one_it_does_not_close() -> None:
    module = parse(source_file("x = (1,\n     2]\n"))
    assert module.problem is not None
    assert (module.problem.related, module.problem.message) == (4, "']' does not close '('")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + ")" * 300,
        "a" + ".b" * 30_000,
        "x = " + "not " * 20_000 + "y",
        "x = " + "1 + " * 8_000 + "1",
        "if x:\n pass\n" + "elif x:\n pass\n" * 6_000,
        "[" * 100_000,
    ],
    ids=["brackets", "dots", "nots", "sums", "elifs", "opened"],
)
def test_depth_is_refused_before_it_costs_the_stack(text: str) -> None:
    assert parse(source_file(text + "\n")).problem is not None


@pytest.mark.parametrize("text", ["x = a" + ".b" * 3_000, "x: " + "int | " * 900 + "None", "x = " + '"a" ' * 2_000])
def test_long_chains_are_read(text: str) -> None:
    assert parse(source_file(text + "\n")).problem is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xef\xbb\xbfx = 1\n",
        b"\xff\xfe",
        b"x = 1\0",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"\\\n",
        b"#",
        b"\f\n",
    ],
)
def test_odd_bytes_are_read_or_reported(data: bytes) -> None:
    module = parse(source_file(data))
    assert module.problem is not None or isinstance(module.statements, tuple)


_PIECES = st.sampled_from(
    [
        *"()[]{}:@=,;#",
        *(
            "'",
            '"',
            '"""',
            "\\",
            "\n",
            "\r",
            "    ",
            "\t",
            "def ",
            "class ",
            "if x:",
            "else:",
            "try:",
            "lambda",
            "yield",
        ),
        *("f'{", "}'", "*", "**", "\u2028", "\x0c", "\u00e9", "async ", "import ", "from . import *", "type X = "),
        "match x:\n case 1: pass\n",
    ]
)


@pytest.mark.endless
@settings(max_examples=examples(150))
@given(st.data())
def test_no_change_of_a_text_makes_the_parser_raise(data: st.DataObject) -> None:
    text = TASK_MODULE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(start + data.draw(st.integers(0, 30)), len(text))
        text = text[:start] + data.draw(_PIECES) + text[end:]
    module = parse(source_file(text))
    problem = module.problem
    if problem is not None:
        assert module.statements == ()
        assert 0 <= problem.start <= problem.end <= len(text)


@pytest.mark.endless
@settings(max_examples=examples(150))
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_no_heap_of_tokens_makes_the_parser_raise(text: str) -> None:
    parse(source_file(text))


@pytest.mark.parametrize(
    "body",
    [
        "try: return 1\n    finally: x = 1",
        "try: x = 1\n    except E: return 3\n    else: y = 2",
        "try: return\n    except* E: return",
        "if x: return\n    elif y: return 4; z\n    else: return",
        "for x in y: return\n    else: z",
        "while x: return; y",
        "with x: return  # done",
        "match x:\n        case 1: return\n        case _: return 3",
    ],
)
def test_suites_on_the_line_of_their_header_are_read(body: str) -> None:
    text = f"@app.task('x')\ndef f():\n    {body}\n"
    module = parse(source_file(text))
    assert module.problem is None
    (function,) = module.statements
    assert isinstance(function, FunctionDef)
    returned = [value for value in function.body.values if value.role in ("return", "bare")]
    assert len(returned) == text.count("return")
    assert all(text[value.value.start : value.value.end] in ("return", "1", "3", "4") for value in returned)
