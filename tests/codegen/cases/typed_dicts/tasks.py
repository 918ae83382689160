from typing import Generic, NotRequired, Required, TypeVar

from typing_extensions import TypedDict

T = TypeVar("T")


class Base(TypedDict):
    a: int
    b: NotRequired[str]


class Loose(Base, total=False):
    c: int
    d: Required[str]


class Of(TypedDict, Generic[T]):
    value: T


Made = TypedDict("Made", {"in": int, "x-y": NotRequired[str]})
Partial = TypedDict("Partial", {"a": int}, total=False)

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Base, b: Loose, c: Made, d: Partial, e: Of[int]) -> TaskResult[Base, TaskError]: ...
