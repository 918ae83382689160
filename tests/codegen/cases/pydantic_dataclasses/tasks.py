from dataclasses import field
from typing import Generic, TypeVar

from pydantic import Field
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass

T = TypeVar("T")


@dataclass(config={"extra": "forbid", "alias_generator": to_camel})
class Line:
    unit_price: int = Field(ge=0)
    line_note: str = Field(default="", alias="note")


@dataclass(kw_only=True)
class Box(Generic[T]):
    content: T
    tags: list[str] = field(default_factory=list)


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Line, b: Box[int]) -> TaskResult[Line, TaskError]: ...
