"""Every claim of ``claims.toml`` names tests, and each of them is there."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLAIMS: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("claims.toml").read_text())


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("family", CLAIMS)
def test_every_claim_has_tests_that_are_there(family: str) -> None:
    for claim, tests in CLAIMS[family].items():
        assert tests, claim
        for test in tests:
            path, _, name = test.partition("::")
            assert (TESTS / path).is_file(), f"{claim}: there is no tests/{path}"
            assert name.startswith("test_"), f"{claim}: {test}"
            assert name in functions(path), f"{claim}: tests/{path} has no {name}"
