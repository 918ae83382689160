"""Every node that is read stands exactly where its text stands."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from source_texts import TASK_MODULE, source_file

import horsies_codegen
from horsies_codegen.parse import Module, parse
from horsies_codegen.parse.expression import (
    Attribute,
    Binary,
    Call,
    Constant,
    Expr,
    Items,
    Name,
    Other,
    Pairs,
    Subscript,
    Text,
    children,
)
from horsies_codegen.parse.statement import Assign, ClassDef, FunctionDef, ImportName, OpaqueBinding

OWN_FILES = sorted(Path(horsies_codegen.__file__).parent.rglob("*.py"))


def _expressions(value: Any) -> Iterator[Expr]:
    """Every expression inside a statement, at any depth."""
    if isinstance(value, Expr):
        yield value
        for child in children(value):
            yield from _expressions(child)
    elif isinstance(value, tuple):
        for part in value:
            yield from _expressions(part)


def _check(expression: Expr, text: str) -> None:
    shown = text[expression.start : expression.end]
    match expression:
        case Name(id=name):
            assert shown == name
        case Attribute(attribute=name, attribute_start=start):
            assert shown.endswith(name)
            assert text[start : start + len(name)] == name
        case Call():
            assert shown.endswith(")")
        case Subscript():
            assert shown.endswith("]")
        case Text(tokens=tokens):
            for at, token in tokens:
                assert text.startswith(token, at)
        case Pairs():
            assert (shown[0], shown[-1]) == ("{", "}")
        case Items(kind=kind) if kind != "tuple":
            assert (shown[0], shown[-1]) == (("[", "]") if kind == "list" else ("{", "}"))
        case Constant(value=int() | float()):
            assert shown.replace("_", "").lower() in (repr(expression.value).lower(), shown.replace("_", "").lower())
        case Binary(left=left, right=right):
            assert expression.start <= left.start < right.end <= expression.end
        case _:
            assert shown.strip() == shown


def _check_module(module: Module, text: str) -> int:
    count = 0
    for statement in module.statements:
        for expression in _expressions(tuple(statement)):
            _check(expression, text)
            count += 1
        if isinstance(statement, Assign | ClassDef | FunctionDef):
            assert text[statement.start : statement.end] == statement.name
        elif isinstance(statement, ImportName):
            assert text[statement.start : statement.end] == statement.attribute
    return count


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_places_in_real_files(path: Path) -> None:
    text = path.read_text()
    module = parse(source_file(text))
    assert module.problem is None
    _check_module(module, text)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_places_under_every_line_break(line_break: str) -> None:
    text = TASK_MODULE.replace("\n", line_break)
    module = parse(source_file(text))
    assert module.problem is None
    assert _check_module(module, text) > 60


def test_a_summary_survives_pickling() -> None:
    module = parse(source_file(TASK_MODULE))
    assert pickle.loads(pickle.dumps(module)) == module


def test_an_f_string_that_holds_its_own_quotes_moves_no_place() -> None:
    text = 'x = f"{d["a\\\\\\""] + f"{1}"}"\ny = f"{\n1}"\nclass A:\n    b: int = 3\n'.replace('\\\\\\"', "")
    module = parse(source_file(text))
    assert module.problem is None
    _check_module(module, text)
    assert [getattr(statement, "name", "") for statement in module.statements] == ["x", "y", "A"]


def test_what_a_loop_or_an_unpacking_binds_is_opaque() -> None:
    module = parse(source_file("for a, b in []: pass\nc, d = 1, 2\nwith f() as e: pass\n"))
    assert [item.name for item in module.statements if isinstance(item, OpaqueBinding)] == ["a", "b", "c", "d", "e"]


def test_statements_on_one_line_are_all_read() -> None:
    text = "a = 1; b: int = 2; import c.d as e\nif x: f = 3; g = 4\nclass H: i: int; j: str = 'k'\n"
    module = parse(source_file(text))
    assert [getattr(item, "name", "") for item in module.statements] == ["a", "b", "e", "f", "g", "H"]
    _check_module(module, text)
    inner = module.statements[-1]
    assert isinstance(inner, ClassDef)
    assert [getattr(item, "name", "") for item in inner.body] == ["i", "j"]


def test_an_f_string_over_several_lines_in_parentheses_has_its_places() -> None:
    text = 'def t():\n    return (\n        f"{x}"\n        f"{TaskError(error_code=1)} TaskResult"\n    )\n'
    module = parse(source_file(text))
    assert module.problem is None
    assert isinstance(module.statements[0], FunctionDef)
    (returned,) = module.statements[0].body.values
    assert isinstance(returned.value, Other)
    assert [text[call.start : call.end] for call in returned.value.calls] == ["TaskError(error_code=1)"]


SENDING = '''\
class View:
\tdef get(self, request):
\t\ttext = """
 .send(
"""
\t\treturn [[
  a.b.send(  # why
\tkey = ("é"),

  **rest) for _ in f"{c.send_many([{'k': 1}])!r} é"], (lambda: (
    d.with_options(x=1)
      .send_async(1)))
\t\t]

if __name__ == "__main__": x = 1; e.payload(y=2); f . send ( )
'''


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_sends_have_their_places_wherever_they_stand(line_break: str) -> None:
    text = SENDING.replace("\n", line_break)
    module = parse(source_file(text))
    assert module.problem is None
    shown = [(send.verb, text[send.task.start : send.task.end]) for send in module.sends]
    assert shown == [
        ("send", "a.b"), ("send_many", "c"), ("send_async", "d"), ("payload", "e"), ("send", "f"),
    ]  # fmt: skip
    for send in module.sends:
        for expression in _expressions(tuple(send)):
            _check(expression, text)
        for argument in send.call.arguments:
            assert text.startswith(argument.star or argument.keyword or "", argument.start)
