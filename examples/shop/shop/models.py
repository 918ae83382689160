"""What the shop's tasks are told and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field


class Currency(StrEnum):
    """The currencies the shop takes."""

    EUR = "EUR"
    USD = "USD"


@dataclass(frozen=True)
class Address:
    """Where a parcel goes."""

    street: str
    city: str
    country: str = "DE"


class OrderLine(BaseModel):
    """So many pieces of one article."""

    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{4}$")]
    quantity: Annotated[int, Field(ge=1, le=99)]
    unit_price: Decimal


class Order(BaseModel):
    """An order as the storefront takes it."""

    order_id: int
    customer_email: str
    currency: Currency
    lines: Annotated[list[OrderLine], Field(min_length=1)]
    ship_to: Address
    wanted_on: date | None = None


class Receipt(BaseModel):
    """What the customer paid, and when."""

    order_id: int
    total: Decimal
    currency: Currency
    paid_at: datetime


class Thumbnail(BaseModel):
    """A picture made smaller."""

    image_id: UUID
    width: int
    height: int
