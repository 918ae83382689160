# Written by horsies-codegen. Change the tasks and build again, not this file.
"""The tasks of ``shop.tasks.orders``."""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypeAlias

from horsies.client import UNSET, OtherErrorCode, TaskHandle, TaskStub
from typing_extensions import TypedDict

from .. import models


class PlaceOrderPayload(TypedDict):
    """The payload of ``place_order``."""

    order: models.Order


class PlaceOrderCodes:
    """Error codes that ``place_order`` is known to give back."""

    CARD_DECLINED: Final = "CARD_DECLINED"


PlaceOrderErrorCode: TypeAlias = Literal["CARD_DECLINED"] | OtherErrorCode
"""What ``place_order`` fails with; a newer worker may have more."""


class PlaceOrder(
    TaskStub[PlaceOrderPayload, models.Receipt, PlaceOrderErrorCode],
    task="place_order",
    contracts=".._schemas.shop_tasks_orders",
):
    """Charge the customer's card for an order.

    - ``order``: models.Order

    Task ``place_order`` on queue ``critical``.

    Source: ``shop.tasks.orders:place_order``.
    """

    def send(
        self,
        *,
        order: models.Order,
    ) -> TaskHandle[models.Receipt, PlaceOrderErrorCode]:
        """Charge the customer's card for an order.

        - ``order``: models.Order
        """
        return self._send(
            order=order,
        )

    async def send_async(
        self,
        *,
        order: models.Order,
    ) -> TaskHandle[models.Receipt, PlaceOrderErrorCode]:
        """Like `send`, without blocking the event loop."""
        return await self._send_async(
            order=order,
        )

    def payload(
        self,
        *,
        order: models.Order,
    ) -> PlaceOrderPayload:
        """The arguments of one send, for `send_many`."""
        return self._payload(
            order=order,
        )


class ShipOrderPayload(TypedDict):
    """The payload of ``ship_order``."""

    order_id: int
    ship_to: models.Address
    fragile: NotRequired[bool]


class ShipOrderCodes:
    """Error codes that ``ship_order`` is known to give back."""

    CARRIER_DOWN: Final = "CARRIER_DOWN"


ShipOrderErrorCode: TypeAlias = Literal["CARRIER_DOWN"] | OtherErrorCode
"""What ``ship_order`` fails with; a newer worker may have more."""


class ShipOrder(
    TaskStub[ShipOrderPayload, str, ShipOrderErrorCode],
    task="ship_order",
    contracts=".._schemas.shop_tasks_orders",
):
    """Book a parcel with the carrier, who is not always there, and give its
    tracking number.

    - ``order_id``: int
    - ``ship_to``: models.Address
    - ``fragile``: bool; False if left out

    Task ``ship_order`` on queue ``default``; retried up to 2 times on
    CARRIER_DOWN, after 1 s and 5 s.

    Source: ``shop.tasks.orders:ship_order``.
    """

    def send(
        self,
        *,
        order_id: int,
        ship_to: models.Address,
        fragile: bool = UNSET,
    ) -> TaskHandle[str, ShipOrderErrorCode]:
        """Book a parcel with the carrier, who is not always there, and give
        its tracking number.

        - ``order_id``: int
        - ``ship_to``: models.Address
        - ``fragile``: bool; False if left out
        """
        return self._send(
            order_id=order_id,
            ship_to=ship_to,
            fragile=fragile,
        )

    async def send_async(
        self,
        *,
        order_id: int,
        ship_to: models.Address,
        fragile: bool = UNSET,
    ) -> TaskHandle[str, ShipOrderErrorCode]:
        """Like `send`, without blocking the event loop."""
        return await self._send_async(
            order_id=order_id,
            ship_to=ship_to,
            fragile=fragile,
        )

    def payload(
        self,
        *,
        order_id: int,
        ship_to: models.Address,
        fragile: bool = UNSET,
    ) -> ShipOrderPayload:
        """The arguments of one send, for `send_many`."""
        return self._payload(
            order_id=order_id,
            ship_to=ship_to,
            fragile=fragile,
        )
