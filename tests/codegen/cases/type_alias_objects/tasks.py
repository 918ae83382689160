from typing import Generic, TypeAlias, TypeVar

from typing_extensions import TypeAliasType

T = TypeVar("T")
Ids: TypeAlias = "list[int]"
Name = TypeAliasType("Name", str)
Plain = dict[str, Ids]

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Ids, b: Name, c: Plain) -> TaskResult[Name, TaskError]: ...
