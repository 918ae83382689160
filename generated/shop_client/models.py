# Written by horsies-codegen. Change the tasks and build again, not this file.
"""The types that tasks take and give back, under the names they have on the wire."""

from __future__ import annotations

import datetime
import decimal
import uuid
from enum import StrEnum
from typing import NotRequired

from typing_extensions import TypedDict


class Currency(StrEnum):
    """``shop.models:Currency``."""

    EUR = "EUR"
    USD = "USD"


class Address(TypedDict):
    """``shop.models:Address``."""

    street: str
    city: str
    country: NotRequired[str]


class Order(TypedDict):
    """``shop.models:Order``."""

    order_id: int
    customer_email: str
    currency: Currency
    lines: list[OrderLine]
    ship_to: Address
    wanted_on: NotRequired[datetime.date | None]


class OrderLine(TypedDict):
    """``shop.models:OrderLine``."""

    sku: str
    quantity: int
    unit_price: decimal.Decimal


class Receipt(TypedDict):
    """``shop.models:Receipt``."""

    order_id: int
    total: decimal.Decimal
    currency: Currency
    paid_at: datetime.datetime


class Thumbnail(TypedDict):
    """``shop.models:Thumbnail``."""

    image_id: uuid.UUID
    width: int
    height: int
