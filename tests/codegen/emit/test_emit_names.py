"""Names that Python cannot take as they are: the mapping that the documentation promises."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.emit.identifiers import (
    attribute_ladder,
    distinct,
    module_ladder,
    parameter_ladder,
    self_name,
    task_class_ladder,
    type_ladder,
)
from horsies_codegen.emit.literals import docstring, string_literal


@pytest.mark.parametrize(
    ("name", "attribute", "class_name"),
    [
        ("send_email", "send_email", "SendEmail"),
        ("sendEmail", "sendEmail", "SendEmail"),
        ("shop.send-email", "shop_send_email", "ShopSendEmail"),
        ("send email", "send_email", "SendEmail"),
        ("class", "class_", "Class"),
        ("none", "none", "None_"),
        ("None", "None_", "None_"),
        ("match", "match", "Match"),
        ("2fa", "task_2fa", "Task2fa"),
        ("_hidden", "task_hidden", "TaskHidden"),
        ("__init__", "task_init", "TaskInit"),
        ("größe", "größe", "Größe"),
        ("ﬁnd", "find", "Find"),
        ("!", "task_", "Task"),
        ("名前", "名前", "名前"),
    ],
)
def test_tasks(name: str, attribute: str, class_name: str) -> None:
    assert attribute_ladder(name)[0] == attribute
    assert task_class_ladder(name)[0] == class_name


@pytest.mark.parametrize(
    ("identity", "first", "second"),
    [
        ("shop.models:Order", "Order", "ShopModelsOrder"),
        ("shop.models:Order.Line", "OrderLine", "ShopModelsOrderLine"),
        ("shop.models:Page(int)", "PageInt", "ShopModelsPageInt"),
        ("shop.models:Page(list(shop.models:Order))", "PageListOrder", "ShopModelsPageListShopModelsOrder"),
        ("shop.models:_Hidden", "TypeHidden", "ShopModelsHidden"),
    ],
)
def test_types(identity: str, first: str, second: str) -> None:
    assert type_ladder(identity)[:2] == (first, second)


@pytest.mark.parametrize(
    ("parameter", "word"),
    [("to", "to"), ("self", "self"), ("from_", "from_"), ("_x", "_x"), ("__x__", "__x__"), ("__x", "arg_x")],
)
def test_parameters(parameter: str, word: str) -> None:
    assert parameter_ladder(parameter)[0] == word


@pytest.mark.parametrize(
    ("words", "name"), [([], "self"), (["to"], "self"), (["self"], "_self"), (["self", "_self"], "_self_")]
)
def test_the_stub_itself(words: list[str], name: str) -> None:
    assert self_name(words) == name


def test_modules_are_lower_case_for_every_disk() -> None:
    assert module_ladder("Shop.Tasks")[0] == "shop_tasks"
    assert module_ladder("class")[0] == "class_"
    stems = distinct({module: module_ladder(module) for module in ("shop.tasks", "shop_tasks", "Shop.Tasks", "a")})
    assert len({stem.lower() for stem in stems.values()}) == 4
    assert stems["a"] == "a"


def test_who_is_named_exactly_so_keeps_the_name() -> None:
    names = distinct({name: attribute_ladder(name) for name in ("a_b", "a-b", "a.b", "c-d")})
    assert names["a_b"] == "a_b"
    assert names["a-b"].startswith("a_b_")
    assert names["a.b"].startswith("a_b_")
    assert names["c-d"] == "c_d"
    assert len(set(names.values())) == 4


def test_a_type_that_nothing_clashes_with_does_not_move() -> None:
    """Adding an unrelated type changes the names of those it clashes with and no others."""
    before = ["a:Order", "b:Line"]
    after = [*before, "c:Order"]
    names = distinct({identity: type_ladder(identity) for identity in after})
    assert names == {"a:Order": "AOrder", "b:Line": "Line", "c:Order": "COrder"}


NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@given(st.lists(NAMES, unique=True, max_size=12))
def test_every_set_of_names_gets_distinct_public_identifiers(names: list[str]) -> None:
    found = distinct({name: attribute_ladder(name) for name in names})
    assert len(set(found.values())) == len(names)
    for identifier in found.values():
        assert identifier.isidentifier()
        assert not keyword.iskeyword(identifier)
        assert not identifier.startswith("_")
    assert found == distinct({name: attribute_ladder(name) for name in reversed(names)})


@given(st.text())
def test_string_literals_mean_their_text(text: str) -> None:
    literal = string_literal(text)
    assert eval(literal) == text
    assert literal.isprintable()


@given(st.text())
def test_docstrings_neither_end_early_nor_hold_escapes(text: str) -> None:
    inside = docstring(text)
    source = f'"""{inside}"""'
    value = eval(source)
    assert isinstance(value, str)
    assert value.split() == "".join(c if c.isprintable() or c.isspace() else " " for c in text).split()
