"""The carrier's booking service, as unreliable as the real one: the first call for each order finds nobody there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from shop.models import Address


class CarrierUnavailableError(Exception):
    """The carrier does not answer."""


def book_parcel(order_id: int, ship_to: Address, *, fragile: bool) -> str:
    """Book a parcel and return its tracking number. Raises CarrierUnavailableError on the first call for an order."""
    seen = Path(os.environ.get("SHOP_STATE_DIR", tempfile.gettempdir())) / f"carrier-{order_id}"
    if not seen.exists():
        seen.touch()
        raise CarrierUnavailableError(f"no answer for order {order_id}")
    seen.unlink()
    return f"{ship_to.country}{order_id:08d}{'F' if fragile else 'N'}"
