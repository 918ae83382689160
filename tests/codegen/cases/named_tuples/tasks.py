from typing import NamedTuple


class Point(NamedTuple):
    x: int
    y: int = 0


Made = NamedTuple("Made", [("a", int), ("b", str)])

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Point, b: Made, c: list[Point] = []) -> TaskResult[Point, TaskError]: ...
