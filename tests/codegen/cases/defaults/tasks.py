import datetime as dt
from decimal import Decimal
from enum import Enum

from pydantic import BaseModel, Field

LIMIT = 5


class Color(Enum):
    RED = "red"


class Model(BaseModel):
    a: int = LIMIT
    b: Color = Color.RED
    c: list[int] = Field(default=[1, 2])
    d: dt.date = dt.date(2020, 1, 1)
    e: Decimal = Decimal("1.50")
    f: float = -1.5
    g: str = "a" "b"
    h: int = 2 * LIMIT
    i: dict[str, list[int]] = Field(default_factory=dict)


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: int = LIMIT, b: Color = Color.RED, c: str | None = None, d: Model) -> TaskResult[Model, TaskError]: ...
