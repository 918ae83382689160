"""What is wrong with an upcaster, found by the compiler and by the decorator: the same law, the same words."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path

import pytest
from case_modules import resolved

from horsies_core.contract.laws import violations
from horsies_core.outcome.errors import TaskDefinitionError

HEADER = """\
from typing import NamedTuple, TypedDict

from horsies import Horsies, TaskError, TaskResult

app = Horsies()


class Ship(TypedDict):
    number: str


class Loose(TypedDict, total=False):
    number: str


class Wrong(TypedDict):
    number: int


class More(TypedDict):
    number: str
    note: str


def good(*, order_id: int) -> Ship:
    return {"number": str(order_id)}


"""
TASK = """

@app.task("ship", upcasters=%s)
def ship(*, number: str, fragile: bool = False) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""

WRONG = [
    ("", "[good, 3]", "upcasters holds 3 (int), which is no function"),
    ("", "5", "upcasters is 5 (int), not a list of functions"),
    ("def up(order_id: int) -> Ship: ...", "[up]", "parameter 'order_id' of upcaster up is not keyword-only"),
    ("def up(*, order_id) -> Ship: ...", "[up]", "parameter 'order_id' of upcaster up has no type"),
    ("def up(*, order_id: int): ...", "[up]", "upcaster up does not say what it returns"),
    ("async def up(*, order_id: int) -> Ship: ...", "[up]", "upcaster up is no plain function"),
    ("def up(*, order_id: int) -> dict[str, str]: ...", "[up]", "returns dict[str, str], which is no TypedDict"),
    (
        "def up(*, order_id: int) -> Loose: ...",
        "[up]",
        "what upcaster up returns does not fit the parameters of the task at number: {} is refused",
    ),
    (
        "def up(*, order_id: int) -> Wrong: ...",
        "[up]",
        'does not fit the parameters of the task at number: {"number": 1} is refused',
    ),
    ("def up(*, order_id: int) -> More: ...", "[up]", "does not fit the parameters of the task at note: "),
    (
        "def up(*, fragile: bool = True, number: str) -> Ship: ...",
        "[up]",
        "upcaster up takes what the task itself takes, so it is never used",
    ),
    ("def up(*, order_id: int) -> Ship: ...", "[good, up]", "upcaster up takes what upcaster good takes"),
]

_numbers = itertools.count()


@pytest.mark.parametrize(("definition", "option", "message"), WRONG)
def test_both_courts_refuse_it_alike(tmp_path: Path, definition: str, option: str, message: str) -> None:
    name = f"upcasting_{next(_numbers)}"
    path = tmp_path / f"{name}.py"
    path.write_text(HEADER + definition + "\n" + TASK % option, "utf-8")

    [task] = resolved(tmp_path).tasks
    found = [violation for violation in violations(task.draft) if violation.code == "HC410"]
    assert [violation.code for violation in found] == ["HC410"]
    assert message in found[0].message

    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    with pytest.raises(TaskDefinitionError) as refused:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert refused.value.code == "HC410"
    assert found[0].message in str(refused.value)


def test_an_upcaster_stands_beside_its_task(tmp_path: Path) -> None:
    (tmp_path / "former.py").write_text(HEADER, "utf-8")
    path = tmp_path / "tasks.py"
    path.write_text("from former import good\n" + HEADER.partition("def good")[0] + TASK % "[good]", "utf-8")

    [task] = resolved(tmp_path).tasks

    assert [each.message for each in violations(task.draft)] == [
        "upcaster good is defined in another module than its task"
    ]
