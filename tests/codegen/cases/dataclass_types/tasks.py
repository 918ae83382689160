from __future__ import annotations

import dataclasses
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Generic, TypeVar

from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

T = TypeVar("T")


@dataclass
class Base:
    id: int


@dataclass(frozen=True, kw_only=True)
class Frozen:
    name: str
    size: int = 3


@dataclasses.dataclass
class Item(Base):
    tags: list[str] = field(default_factory=list)
    made: int = field(default=1, init=False)
    kind: ClassVar[str] = "x"
    _: KW_ONLY
    child: Item | None = None
    weight: float = field(default=1.5)


@dataclass
class Box(Generic[T]):
    content: T


@pydantic_dataclass
class Checked:
    n: int = Field(gt=0)
    m: str = Field(default="a", max_length=3)

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Frozen, b: Item, c: Box[int], d: Checked) -> TaskResult[Item, TaskError]: ...
