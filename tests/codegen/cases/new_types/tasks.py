from typing import Annotated, NewType

from pydantic import Field

UserId = NewType("UserId", int)
AdminId = NewType("AdminId", UserId)
Code = NewType("Code", Annotated[str, Field(min_length=2)])

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: UserId, b: AdminId, c: Code, d: UserId = UserId(3)) -> TaskResult[dict[str, UserId], TaskError]: ...
