# pyright: strict
"""What type checkers must say of a generated client: read by mypy and pyright in strict mode."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, assert_type
from uuid import UUID

from shop_client import Client
from shop_client.models import Currency, Order, Receipt, Thumbnail
from shop_client.tasks.shop_tasks_email import SendEmail, SendEmailErrorCode, SendEmailPayload
from shop_client.tasks.shop_tasks_orders import PlaceOrderCodes, PlaceOrderErrorCode

from horsies import Err, Ok, OtherErrorCode, Outcome, TaskError, TaskHandle

ORDER: Order = {
    "order_id": 1,
    "customer_email": "ada@example.org",
    "currency": Currency.EUR,
    "lines": [{"sku": "AB-0001", "quantity": 1, "unit_price": Decimal("1.50")}],
    "ship_to": {"street": "s", "city": "c"},
    "wanted_on": date(2031, 1, 1),
}


def send_all(client: Client) -> None:
    assert_type(client.send_email.send(to="a@b", subject="s"), TaskHandle[None, SendEmailErrorCode])
    assert_type(
        client.send_email.send(to="a@b", subject="s", template="shipped", cc=None), TaskHandle[None, SendEmailErrorCode]
    )
    assert_type(client.send_email.with_options(delay=5, priority=1), SendEmail)
    assert_type(client.place_order.send(order=ORDER), TaskHandle[Receipt, PlaceOrderErrorCode])
    assert_type(client.make_thumbnail.send(image_id=UUID(int=0), width=1), TaskHandle[Thumbnail, OtherErrorCode])
    payload = client.send_email.payload(to="a@b", subject="s")
    assert_type(payload, SendEmailPayload)
    handles = client.send_email.send_many([payload, {"to": "c@d", "subject": "s", "cc": []}])
    assert_type(handles, list[TaskHandle[None, SendEmailErrorCode]])


async def send_async(client: Client) -> None:
    handle = await client.ship_order.send_async(order_id=1, ship_to={"street": "s", "city": "c"})
    result = await handle.get_async(timeout_ms=1)
    assert_type(result, Outcome[str, TaskError[Literal["CARRIER_DOWN"] | OtherErrorCode]])
    await client.ship_order.send_many_async([{"order_id": 1, "ship_to": {"street": "s", "city": "c"}}])


def by_code(client: Client) -> datetime | None:
    match client.place_order.send(order=ORDER).get(timeout_ms=1):
        case Ok(receipt):
            assert_type(receipt["total"], Decimal)
            assert_type(receipt["currency"], Currency)
            return receipt["paid_at"]
        case Err(error):
            match error.error_code:
                case PlaceOrderCodes.CARD_DECLINED:
                    return None
                case other:
                    assert_type(other, OtherErrorCode)
                    return None
