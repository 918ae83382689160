from typing import Optional, Union

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: int | None, b: Optional[str] = None, c: Union[int, str, None] = None, d: "int | str" = 3, e: list[int | None] = [], f: Optional["int"] = None) -> TaskResult[int | str, TaskError]: ...
