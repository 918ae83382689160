"""Orders."""
from typing import Any

from horsies import TaskError, TaskResult

from shop.app import app
from shop.mail import send_receipt


@app.task(name="orders.place")
def place_order(customer_id: int, lines: list, voucher: str = None):
    send_receipt.send(1, "a@example.org")
    return {"status": "placed"}


@app.task(name="orders.cancel")
def cancel_order(order_id, reason="customer"):
    if reason == "fraud":
        return TaskResult(err=TaskError(error_code="order-locked"))
    return TaskResult(ok=None)


@app.task(name="orders.cancel")
def cancel_all_orders(customer_id):
    for order_id in range(3):
        cancel_order(order_id, "closed")


@app.task("orders.refund", exception_mapper={"ConnectionError": "BANK_DOWN", KeyError: "NO_ORDER", KeyError: "NO_LINE"})
def refund_order(order_id: int, amount: float = 0.0) -> TaskResult[float, TaskError]:
    return TaskResult(ok=amount)


@app.task("orders.import")
def import_orders(*rows, **options):
    return len(rows)


@app.task("orders.export", default_unhandled_error_code="export failed")
def export_orders(since: str, filters: dict = {}, extra: Any = None) -> dict:
    return {"since": since, **filters}
