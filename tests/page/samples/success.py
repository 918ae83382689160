@app.task("compute")
def compute(*, x: int) -> TaskResult[int, TaskError]:
    return TaskResult(ok=x * 2)
