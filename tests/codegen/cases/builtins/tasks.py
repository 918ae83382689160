from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: int, b: str, c: bool, d: float, e: None, f: bytes, g: "int" = 3, h: str = "x", i: float = 1, j: bool = True) -> TaskResult[int, TaskError]: ...
