"""Taking orders: payment and shipping."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from horsies import RetryPolicy, TaskError, TaskResult
from shop.app import app
from shop.carrier import CarrierUnavailableError, book_parcel
from shop.models import Address, Order, Receipt

CARD_LIMIT = Decimal(1000)


@app.task("place_order", queue_name="critical")
def place_order(*, order: Order) -> TaskResult[Receipt, TaskError]:
    """Charge the customer's card for an order."""
    total = sum((line.unit_price * line.quantity for line in order.lines), start=Decimal(0))
    if total > CARD_LIMIT:
        return TaskResult(
            err=TaskError(
                error_code="CARD_DECLINED",
                message=f"{total} {order.currency} is over the card's limit",
                data={"limit": str(CARD_LIMIT)},
            )
        )
    paid_at = datetime.now(UTC)
    return TaskResult(
        ok=Receipt(order_id=order.order_id, total=total, currency=order.currency, paid_at=paid_at),
    )


@app.task(
    "ship_order",
    retry_policy=RetryPolicy.fixed([1, 5], auto_retry_for=["CARRIER_DOWN"], jitter=False),
    exception_mapper={CarrierUnavailableError: "CARRIER_DOWN"},
)
def ship_order(*, order_id: int, ship_to: Address, fragile: bool = False) -> TaskResult[str, TaskError]:
    """Book a parcel with the carrier, who is not always there, and give its tracking number."""
    return TaskResult(ok=book_parcel(order_id, ship_to, fragile=fragile))
