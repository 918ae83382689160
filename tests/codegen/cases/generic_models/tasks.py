from typing import Generic, TypeVar

from pydantic import BaseModel, RootModel

T = TypeVar("T")
K = TypeVar("K")


class Page(BaseModel, Generic[T]):
    items: list[T]


class Pair(BaseModel, Generic[K, T]):
    key: K
    value: Page[T]


class IntPage(Page[int]):
    total: int


class Tags(RootModel[list[str]]):
    pass


class Root(RootModel):
    root: dict[str, int]


Names = list[T]

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Page[int], b: Pair[str, list[int]], c: IntPage, d: Tags, e: Root, f: Names[str], g: RootModel[list[int]]) -> TaskResult[Page[str], TaskError]: ...
