"""Money."""
import os
import time

from horsies import RetryPolicy, TaskError, TaskResult

from shop.app import app

PREFIX = os.environ.get("PREFIX", "shop")


@app.task(f"{PREFIX}.charge")
def charge(order_id: int, amount: int, card_token: str, password: str = "") -> TaskResult[None, TaskError]:
    if amount < 0:
        return TaskResult(err=TaskError(error_code="bad_amount"))
    return TaskResult(ok=None)


@app.task("billing.invoice", timeout_ms=int(os.environ.get("TIMEOUT", "60")) * 1000)
def invoice(order_id, due=time.time()):
    print(order_id, due)


@app.task(
    "billing.dunning",
    default_unhandled_error_code="BANK_DOWN",
    retry_policy=RetryPolicy.fixed([60, 600], auto_retry_for=["UNHANDLED_EXCEPTION"]),
)
def dunning(customer_id: int, level: int = 1) -> TaskResult[str, TaskError]:
    return TaskResult(ok="sent")


@app.task("billing.payout", exception_mapper={Exception: "BANK_DOWN"}, default_unhandled_error_code="PAYOUT_FAILED")
def payout(vendor_id: int, cents: int) -> bool:
    return cents > 0


@app.task("billing.audit", retry_policy=RetryPolicy.fixed([-5], auto_retry_for=["TASK_CANCELLED"]))
def audit(month) -> TaskResult[None, TaskError]:
    """Checked by hand until the new ledger is there."""
    return TaskResult(err=TaskError(error_code="TASK_EXPIRED"))
