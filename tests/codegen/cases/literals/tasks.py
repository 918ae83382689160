from enum import Enum
from typing import Literal


class Color(Enum):
    RED = "r"
    BLUE = "b"


Size = Literal["s", "m"]
Both = Literal[Size, "l"]

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Literal["x", "y"], b: Literal[1, 2, None], c: Literal[True], d: Literal[Color.RED], e: Size = "s", f: Both = "l", g: Literal[Literal[1], 2] = 1) -> TaskResult[Both, TaskError]: ...
