from typing import Annotated, Generic, TypeVar

from pydantic import Field, RootModel

T = TypeVar("T")


class Tags(RootModel[Annotated[list[str], Field(min_length=1)]]):
    pass


class Scores(RootModel):
    root: dict[str, float] = {}


class Of(RootModel[T], Generic[T]):
    pass


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Tags, b: Scores, c: Of[int], d: RootModel[list[bool]]) -> TaskResult[list[Tags], TaskError]: ...
