"""Texts for the parser and the resolver: one valid module that uses much of what they read."""

from __future__ import annotations

from horsies_codegen.source.file import SourceFile

TASK_MODULE = '''"""Tasks of a shop."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import pydantic as p
from horsies import (
    Horsies,
    RetryPolicy,  # a comment
    TaskError, TaskResult,
)
from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from decimal import Decimal
elif sys.version_info >= (3, 12): from decimal import Decimal
else:
    Decimal = int

app = Horsies()
LIMIT = 3 * (2 + 1); NAMES = ["a", 'b' "c", r"d\\n"]


class Order(BaseModel):
    """An order."""
    id: int = Field(gt=0, le=10)
    size: Literal["s", "m"] = "s"
    parent: "Order | None" = None

    @p.field_validator("id")
    def check(cls, value): return value


@app.task("send", timeout_ms=60 * 1000, retry_policy=RetryPolicy.fixed([1, 2], auto_retry_for=["LATE"]))
def send(
    *,
    order: Order,
    note: Annotated[str, Field(max_length=5)] = f"{1}" if False else "x",
    n: int = -1,
) -> TaskResult[None, TaskError]:
    """Send it."""
    for x in [1, 2]:
        if x: return TaskResult(err=TaskError(error_code="LATE" if x else "NEVER"))
    else:
        pass
    try:
        result = {**{}, "a": (yield_ := 3)}
    except ValueError as error:
        raise
    return TaskResult(
        err=TaskError(
            error_code="NO",
            data={"a": [x for x in range(3)]},
        )
    )
'''


def source_file(text: str | bytes, path: str = "shop/tasks.py") -> SourceFile:
    """A file that stands nowhere."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return SourceFile(path, path.removesuffix(".py").replace("/", "."), False, ".", data)
