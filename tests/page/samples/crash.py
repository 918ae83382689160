@app.task("might_crash")
def might_crash() -> TaskResult[str, TaskError]:
    raise ValueError("Something went wrong")
    # Becomes TaskResult(err=TaskError(
    #   error_code=OperationalErrorCode.UNHANDLED_EXCEPTION,
    #   message="Unhandled exception in task might_crash: ...",
    # ))
