from typing import Annotated

from pydantic import BaseModel, Json


class Holder(BaseModel):
    a: Json[list[int]]
    b: Json = "{}"
    c: Annotated[dict[str, int], Json] = "{}"


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Holder, b: Json[int]) -> TaskResult[None, TaskError]: ...
