"""Syntax that Python 3.12 brought, through both front ends. The compiler reads it on 3.11 as well, where nothing can run it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from case_modules import imported, resolved

from horsies_core.contract.draft import contract_from
from horsies_core.contract.laws import violations

TEXT = """
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypedDict

from pydantic import BaseModel, Field

from horsies import Horsies, TaskError, TaskResult

type Size = Annotated[int, Field(ge=1)]
type Many[T] = list[T]
type Pair[K, V] = tuple[K, V]
type Tree = dict[str, Tree] | int
type Nested[T] = list[Pair[T, Many[T]]]


class Page[T](BaseModel):
    items: list[T]
    next: "Page[T] | None" = None


@dataclass
class Box[T]:
    content: T


class Row[T](TypedDict):
    value: T


class Cell[T](NamedTuple):
    value: T


app = Horsies()


@app.task("t")
def t(
    *, a: Size, b: Many[int], c: Pair[str, int], d: Tree, e: Page[int], f: Box[str], g: Row[int], h: Cell[str], i: Nested[int]
) -> TaskResult[Many[Page[str]], TaskError]: ...
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is that of Python 3.12")
def test_both_read_the_same(tmp_path: Path) -> None:
    (tmp_path / "newer_syntax.py").write_text(TEXT)
    resolution = resolved(tmp_path)
    assert [item.message for item in resolution.diagnostics] == []
    [task] = resolution.tasks
    assert list(violations(task.draft)) == []
    with imported(tmp_path) as apps:
        [live] = [item.contract for app in apps for item in app.registry]
    assert contract_from(task.draft) == live
