"""No text, however broken or odd, makes the resolver raise: it reports."""

from __future__ import annotations

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from resolving import resolve_files
from source_texts import TASK_MODULE

from horsies_core.contract.draft import contract_from
from horsies_core.contract.laws import violations

_MODELS = """from __future__ import annotations
from enum import Enum, auto
from typing import Generic, NamedTuple, NewType, TypedDict, TypeVar
from dataclasses import dataclass, field
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator
T = TypeVar("T")
Id = NewType("Id", int)
class Color(Enum):
    RED = auto()
    BLUE = 3
class Page(BaseModel, Generic[T]):
    model_config = ConfigDict(extra="forbid")
    items: list[T]
    next: Page[T] | None = None
class Tags(RootModel[list[Id]]): ...
class Keys(TypedDict, total=False):
    a: Color
class Point(NamedTuple):
    x: int = 0
@dataclass
class Data(Generic[T]):
    value: T = field(default=None)
    point: Point = Point(1)
"""
_TASKS = """from horsies import *
from models import *
app = Horsies()
@app.task("one", timeout_ms=1000, retry_policy=RetryPolicy.fixed([1], auto_retry_for=["A"]))
def one(*, a: Page[Color], b: Tags, c: Keys = {}, d: Data[int] | None = None, e: Id = 3) -> TaskResult[Page[int], TaskError]:
    return TaskResult(err=TaskError(error_code="A"))
"""
_NAMES = st.sampled_from(
    [
        *("T", "Page", "Color", "models", "app", "list", "int", "None", "BaseModel", "Field", "Generic", "Id", "field"),
        *("Enum", "auto", "class ", "import ", "from ", "...", "3", ": ", " = ", "\n", "    "),
        *"[]().,|*" + '"',
    ]
)


@st.composite
def _changed(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.integers(0, 12)), len(text))
        text = text[:start] + draw(_NAMES) + text[end:]
    return text


@pytest.mark.endless
@settings(max_examples=examples(250))
@given(_changed(_MODELS), _changed(_TASKS), _changed(TASK_MODULE))
def test_whatever_is_written_is_resolved_or_reported(models: str, tasks: str, shop: str) -> None:
    files = {"models.py": models, "tasks.py": tasks, "shop/tasks.py": shop, "shop/__init__.py": ""}
    found = resolve_files(files)
    for task in found.tasks:
        if not list(violations(task.draft)) and not found.diagnostics:
            contract_from(task.draft)


def test_the_same_source_gives_the_same_resolution() -> None:
    files = {"models.py": _MODELS, "tasks.py": _TASKS}
    assert resolve_files(files) == resolve_files(dict(reversed(files.items())))
