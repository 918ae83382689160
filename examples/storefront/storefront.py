"""A producer in another service: typed sends, and none of the worker's code.

Run by ``make demo`` with the generated package on the path and the shop's own code out of reach.
"""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from uuid import UUID

from shop_client import Client
from shop_client.models import Currency, Order

from horsies import Err, Horsies, Ok

WAIT_MS = 30_000


def main() -> None:
    """Send the shop's tasks and print what comes back."""
    assert importlib.util.find_spec("shop") is None, "the shop's code must not be importable here"
    with Horsies() as app:
        client = Client(app)
        buy(client, pieces=2)
        buy(client, pieces=99)
        ship(client)
        thumbnails(client)


def an_order(pieces: int) -> Order:
    """An order for so many pieces of one article."""
    return {
        "order_id": 41,
        "customer_email": "ada@example.org",
        "currency": Currency.EUR,
        "lines": [{"sku": "AB-0001", "quantity": pieces, "unit_price": Decimal("19.90")}],
        "ship_to": {"street": "Werderstraße 1", "city": "Bremen"},
    }


def buy(client: Client, *, pieces: int) -> None:
    """Place an order: a result for a small one, an error value for one over the card's limit."""
    handle = client.place_order.send(order=an_order(pieces))
    match handle.get(timeout_ms=WAIT_MS):
        case Ok(receipt):
            print(f"  {pieces} pieces: paid {receipt['total']} {receipt['currency'].value}")
            client.send_email.send(to="ada@example.org", subject="Your receipt").get(timeout_ms=WAIT_MS)
        case Err(error):
            print(f"  {pieces} pieces: {error.error_code}: {error.message}")


def ship(client: Client) -> None:
    """Ship a parcel: the carrier is not there at first, and the worker tries again by itself."""
    handle = client.ship_order.send(order_id=41, ship_to={"street": "Werderstraße 1", "city": "Bremen"}, fragile=True)
    tracking_number = handle.get(timeout_ms=WAIT_MS).unwrap()
    info = handle.info()
    print(f"  shipped as {tracking_number}, after {1 + len(info.past_attempts) if info else 0} attempts")


def thumbnails(client: Client) -> None:
    """Three good pictures beside one that hangs: the timeout takes that one, and nobody else."""
    corrupt = client.make_thumbnail.send(image_id=UUID(int=0), width=320, corrupt=True)
    good = [client.make_thumbnail.send(image_id=UUID(int=number), width=320) for number in (1, 2, 3)]
    for handle in good:
        print(f"  thumbnail of {handle.get(timeout_ms=WAIT_MS).unwrap()['image_id']}: done")
    match corrupt.get(timeout_ms=WAIT_MS):
        case Ok(_):
            raise AssertionError("a corrupt picture has no thumbnail")
        case Err(error):
            print(f"  the corrupt picture: {error.error_code}")


if __name__ == "__main__":
    main()
