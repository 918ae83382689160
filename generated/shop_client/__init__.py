# Written by horsies-codegen. Change the tasks and build again, not this file.
"""A typed client of horsies tasks: ``Client(app).<task>.send(...)``.

It needs nothing of the code that runs the tasks. A module of stubs is loaded
when one of its tasks is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from horsies.client import TaskClient

if TYPE_CHECKING:
    from .tasks import shop_tasks_email as _shop_tasks_email
    from .tasks import shop_tasks_images as _shop_tasks_images
    from .tasks import shop_tasks_orders as _shop_tasks_orders
else:
    from collections.abc import Mapping
    from typing import ClassVar

__all__ = ["Client"]


class Client(TaskClient):
    """One attribute a task."""

    if not TYPE_CHECKING:
        _tasks: ClassVar[Mapping[str, str]] = {
            "make_thumbnail": ".tasks.shop_tasks_images:MakeThumbnail",
            "place_order": ".tasks.shop_tasks_orders:PlaceOrder",
            "send_email": ".tasks.shop_tasks_email:SendEmail",
            "ship_order": ".tasks.shop_tasks_orders:ShipOrder",
        }

    make_thumbnail: _shop_tasks_images.MakeThumbnail
    """Make a picture smaller."""

    place_order: _shop_tasks_orders.PlaceOrder
    """Charge the customer's card for an order."""

    send_email: _shop_tasks_email.SendEmail
    """Send an e-mail."""

    ship_order: _shop_tasks_orders.ShipOrder
    """Book a parcel with the carrier, who is not always there, and give ..."""
