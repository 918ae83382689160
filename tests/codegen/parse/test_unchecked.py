"""Parsing without the check of every node: the same trees, and the check is back for whatever else makes nodes."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from horsies_codegen.parse import unchecked

OWN_FILES = sorted(Path(unchecked.__file__).parent.glob("*.py"))


def refuses_a_bad_node() -> bool:
    """Whether libcst checks the nodes that are made by hand."""
    try:
        cst.Name("no name")
    except cst.CSTValidationError:
        return True
    return False


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_trees_are_those_of_libcst(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unchecked.parse_module(text).deep_equals(cst.parse_module(text))


def test_nodes_made_by_hand_are_checked_before_and_after() -> None:
    assert refuses_a_bad_node()
    unchecked.parse_module("x = 1\n")
    assert refuses_a_bad_node()


def test_nodes_are_checked_after_a_text_that_does_not_parse() -> None:
    with pytest.raises(cst.ParserSyntaxError):
        unchecked.parse_module("def (:\n")
    assert refuses_a_bad_node()


def test_no_node_is_checked_while_a_text_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[cst.CSTNode] = []
    monkeypatch.setattr(cst.Name, "_validate", lambda node: checked.append(node))
    unchecked.parse_module("x = y\n")
    assert not checked
    cst.parse_module("x = y\n")
    assert len(checked) == 2


def test_a_libcst_without_the_hook_parses_as_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchecked, "_CHECK", None)
    assert unchecked.parse_module("x = 1\n").code == "x = 1\n"
