"""Patterns for what is to be left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.source.glob import path_filter


@pytest.mark.parametrize(
    ("pattern", "matched", "passed"),
    [
        ("migrations", ["migrations", "shop/migrations"], ["shop/migrations2", "migrations/x.py"]),
        ("test_*.py", ["test_a.py", "a/b/test_x.py"], ["test_a/b.py", "atest_a.py"]),
        ("src/legacy", ["src/legacy"], ["lib/src/legacy", "src/legacy2"]),
        ("./src/legacy/", ["src/legacy"], ["legacy"]),
        ("/src", ["src"], ["lib/src"]),
        ("src/**/gen.py", ["src/gen.py", "src/a/gen.py", "src/a/b/gen.py"], ["gen.py", "src/a/gen.pyc"]),
        ("**/gen", ["gen", "a/b/gen"], ["agen"]),
        ("src/**", ["src/a", "src/a/b.py"], ["src", "srcs/a"]),
        ("v?.py", ["v1.py", "a/v2.py"], ["v10.py", "v/.py"]),
        ("v[0-9].py", ["v1.py"], ["va.py"]),
        ("v[!0-9].py", ["va.py"], ["v1.py", "v/.py"]),
        ("a+b.py", ["a+b.py"], ["aab.py"]),
        ("v[.py", ["v[.py"], ["v.py"]),
        ("v[z-a].py", ["v[z-a].py"], ["vz.py"]),
    ],
)
def test_a_pattern_matches(pattern: str, matched: list[str], passed: list[str]) -> None:
    excluded = path_filter([pattern])
    assert [path for path in matched + passed if excluded(path)] == matched


def test_any_of_several_patterns() -> None:
    excluded = path_filter(["a.py", "b.py"])
    assert [excluded(path) for path in ("a.py", "b.py", "c.py")] == [True, True, False]
    assert not path_filter([])("a.py")


@given(st.lists(st.text(alphabet="*?[]!/\\^-ab.", max_size=12), max_size=3), st.text(alphabet="ab/.", max_size=8))
def test_no_pattern_raises(patterns: list[str], path: str) -> None:
    path_filter(patterns)(path)


@given(st.text(alphabet="ab._-+()^$", min_size=1, max_size=10))
def test_a_plain_name_matches_itself(name: str) -> None:
    assert path_filter([name])(f"x/{name}")
