# pyright: strict
"""Every line marked with E must be an error of mypy and of pyright, and no other line may be one."""

from horsies import AppConfig, Horsies, Ok, PostgresConfig, TaskError, TaskResult

app = Horsies()


@app.task("process_order")
def process_order(*, order_id: int, note: str | None = None) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"Order {order_id} {note}")


process_order.send(1)  # E: positional
process_order.send()  # E: missing
process_order.send(order_id="1")  # E: wrong type
process_order.send(order_id=1, other=2)  # E: unknown
process_order.with_options(delay=1).send(1)  # E: positional, with options
process_order.with_options(retries=3)  # E: no such option
process_order(1)  # E: positional, called here


async def wrong_async() -> None:
    await process_order.send_async(1)  # E: positional, async


result = process_order.send(order_id=1).get()
if isinstance(result, Ok):
    number: int = result.ok  # E: a str
else:
    code: int = result.err.error_code  # E: a str


@app.task("options", good_until=None)  # E: not an option of the task
def options() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("not_a_result")  # E: the result is no TaskResult
def not_a_result() -> int:
    return 1


@app.task  # E: without a call
def no_call() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


def wrong_value() -> TaskResult[int, TaskError]:
    return TaskResult(ok="1")  # E: a str


def wrong_error() -> TaskResult[int, TaskError]:
    return TaskResult(err="no")  # E: no TaskError


def both() -> TaskResult[int, TaskError]:
    return TaskResult(ok=1, err=TaskError(error_code="NO"))  # E: both


def neither() -> TaskResult[int, TaskError]:
    return TaskResult()  # E: neither


def not_json() -> TaskError:
    return TaskError(error_code="NO", data={"a": object()})  # E: no JSON


config = AppConfig(broker="postgresql://localhost/shop")  # E: a str is no PostgresConfig
broker = PostgresConfig(url="postgresql://localhost/shop")  # E: no such field
