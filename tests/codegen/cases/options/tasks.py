from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

QUEUE = "critical"
SECOND = 1_000
CODES = ["TIMEOUT", "CONNECTION_ERROR"]
POLICY = RetryPolicy.exponential(base_seconds=30, max_retries=5, auto_retry_for=CODES)
NAME = "se" + "cond"

app = Horsies()


@app.task(
    "first",
    timeout_ms=120 * SECOND,
    retry_policy=RetryPolicy.fixed([60, 300], auto_retry_for=["TASK_TIMEOUT"], jitter=False),
    exception_mapper={TimeoutError: "TIMEOUT", ConnectionError: "CONNECTION_ERROR"},
    default_unhandled_error_code="OOPS",
    aliases=["old_first", "older"],
)
def first() -> TaskResult[None, TaskError]: ...


@app.task(NAME, retry_policy=POLICY)
def second(*, a: int = 2 * SECOND, b: str = QUEUE, c: list[str] = CODES) -> "TaskResult[int, TaskError]": ...


register = app.task


@register("third")
def third() -> TaskResult[dict[str, JsonValue], TaskError]: ...
