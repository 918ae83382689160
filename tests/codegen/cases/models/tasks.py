from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Optional

from pydantic import BaseModel, ConfigDict, Field

SOME = 3


class Base(BaseModel):
    id: int = Field(gt=0)
    label: str = "base"


class Address(BaseModel):
    street: str
    zip_code: Annotated[str, Field(min_length=5)] = "00000"


class Order(Base):
    model_config = ConfigDict(extra="forbid")
    registry: ClassVar[int] = 3
    label: str = Field(default="order", max_length=10)
    lines: list["Line"] = Field(default_factory=list)
    address: Address | None = None
    total: Decimal = Decimal("0")
    day: Optional[date] = None
    parent: Optional["Order"] = None
    _private: int = 3
    count: Annotated[int, Field(gt=0)] = Field(SOME, lt=10)
    required: int = Field(...)


class Line(BaseModel):
    sku: str
    hidden: str = Field("x", exclude=True)


class Anything(BaseModel, extra="allow"):
    x: int

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Order, b: Anything, c: list[Address] = []) -> TaskResult[Order, TaskError]: ...
