from typing import Annotated, Optional

from annotated_types import Gt, Interval, Len, MaxLen, MinLen
from pydantic import Field, StringConstraints, conint, conlist, constr

Positive = Annotated[int, Gt(0)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=20)]
LIMIT = 5
Short = constr(max_length=LIMIT)

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Annotated[int, Field(ge=1, le=10)], b: Annotated[str, Field(min_length=1, max_length=5, pattern="^a")], c: Annotated[list[int], Len(1, 3)], d: Positive, e: Name, f: Annotated[Optional[int], Field(gt=3)], g: Annotated[float, Interval(ge=0, lt=1)], h: Annotated[list[Annotated[str, MinLen(2)]], MaxLen(LIMIT)], i: conint(gt=2), j: Short, k: conlist(int, min_length=1), l: Annotated[int, Field(multiple_of=5)] = 5) -> TaskResult[Positive, TaskError]: ...
