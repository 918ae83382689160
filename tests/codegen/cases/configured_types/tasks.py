from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, with_config
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict


@with_config(ConfigDict(extra="forbid", alias_generator=to_camel))
class Row(TypedDict):
    unit_price: int


@with_config(ConfigDict(extra="forbid"))
@dataclass
class Line:
    row: Row


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    a: int


class Closed(BaseModel, extra="forbid"):
    line: Line


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Row, b: Line, c: Open, d: Closed) -> TaskResult[Open, TaskError]: ...
