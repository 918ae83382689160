"""Names of tasks, queues and codes, and the file names made of task names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_core.contract.codes import RESERVED_CODES, is_well_formed_code
from horsies_core.contract.names import file_stem, queue_name_problem, task_name_problem


@pytest.mark.parametrize("name", ["send_email", "shop.orders.place", "résumé:v2", "a b", "x" * 200, "日本"])
def test_a_good_task_name(name: str) -> None:
    assert task_name_problem(name) is None


@pytest.mark.parametrize("name", ["", " a", "a ", "a  b", "a\tb", "a/b", "a\\b", "x" * 201, "\x00", "\udc80"])
def test_a_bad_task_name(name: str) -> None:
    assert task_name_problem(name)


@pytest.mark.parametrize(
    ("name", "good"), [("critical", True), ("a.b-c_1", True), ("", False), ("-a", False), ("a" * 64, False)]
)
def test_queue_names(name: str, good: bool) -> None:
    assert (queue_name_problem(name) is None) is good


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("TIMEOUT", True),
        ("HTTP_404", True),
        ("A" * 128, True),
        ("A" * 129, False),
        ("_A", False),
        ("A__B", False),
        ("a", False),
        ("", False),
    ],
)
def test_error_codes(code: str, good: bool) -> None:
    assert is_well_formed_code(code) is good


def test_every_reserved_code_is_well_formed() -> None:
    assert all(map(is_well_formed_code, RESERVED_CODES))


@given(st.lists(st.text(min_size=1, max_size=200), min_size=2, max_size=2, unique=True))
def test_two_task_names_never_share_a_file_even_where_case_is_folded(names: list[str]) -> None:
    one, other = (file_stem(name) for name in names)
    assert one.casefold() != other.casefold()


@given(st.text(min_size=1, max_size=200))
def test_a_file_stem_is_a_safe_file_name(name: str) -> None:
    stem = file_stem(name)
    assert stem.isascii()
    assert not stem.startswith(".")
    assert "/" not in stem
    assert len(stem) < 240


def test_plain_names_stay_readable() -> None:
    assert file_stem("shop.send_email") == "shop.send_email"
    assert file_stem("Send") == "%53;end"
