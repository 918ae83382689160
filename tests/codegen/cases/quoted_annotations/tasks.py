from __future__ import annotations

import typing as t
from dataclasses import dataclass

from pydantic import BaseModel, Field


class Model(BaseModel):
    a: "int"
    b: list["Later"] = []
    c: "t.Annotated[str | None, Field(max_length=3)]" = None


@dataclass
class Later:
    x: "t.Optional[int]" = None


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: "Model", b: list["Later"], c: "dict[str, 'Later']") -> TaskResult["Model", TaskError]: ...
