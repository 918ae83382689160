# Correct
@app.task("good_task")
def good_task() -> TaskResult[dict[str, JsonValue], TaskError]:
    return TaskResult(ok={"status": "done"})
