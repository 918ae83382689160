"""A web service in front of the shop: it takes orders over HTTP and has the shop's workers do them.

It knows the shop by the published client alone. Request bodies and responses are the client's own types, so FastAPI checks
them, type checkers check the calls, and the contract checks the payload before it leaves.

    pip install shop-client fastapi uvicorn
    HORSIES_DATABASE_URL=postgresql://... uvicorn checkout:service
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel
from shop_client import Client
from shop_client.models import Order, Receipt
from shop_client.tasks.shop_tasks_orders import PlaceOrderCodes

from horsies import Err, Horsies, Ok, PayloadError, ResultTimeoutError

WAIT_MS = 20_000

app = Horsies()
client = Client(app)


class Accepted(BaseModel):
    """A task that was sent, by its id."""

    task_id: UUID


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
    async with app:
        yield


service = FastAPI(title="Checkout", lifespan=_lifespan)


@service.post("/orders", status_code=status.HTTP_202_ACCEPTED)
async def place(order: Order) -> Accepted:
    """Have an order placed. The same order sent again is the same task."""
    once = client.place_order.with_options(idempotency_key=f"order-{order['order_id']}")
    try:
        handle = await once.send_async(order=order)
    except PayloadError as error:
        raise HTTPException(422, [f"{item.pointer}: {item.message}" for item in error.problems]) from None
    return Accepted(task_id=handle.task_id)


@service.get("/orders/{task_id}")
async def receipt(task_id: UUID) -> Receipt:
    """The receipt of an order, as soon as it is paid."""
    try:
        result = await client.place_order.handle(task_id).get_async(timeout_ms=WAIT_MS)
    except ResultTimeoutError:
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "not yet; ask again") from None
    match result:
        case Ok(paid):
            return paid
        case Err(error):
            match error.error_code:
                case PlaceOrderCodes.CARD_DECLINED:
                    raise HTTPException(status.HTTP_402_PAYMENT_REQUIRED, error.message)
                case other:
                    raise HTTPException(status.HTTP_502_BAD_GATEWAY, other)


@service.post("/newsletter", status_code=status.HTTP_202_ACCEPTED)
async def newsletter(subject: str, readers: list[str]) -> list[Accepted]:
    """Write to many customers: all of them, or none."""
    send_email = client.send_email
    handles = await send_email.send_many_async(send_email.payload(to=reader, subject=subject) for reader in readers)
    return [Accepted(task_id=handle.task_id) for handle in handles]
