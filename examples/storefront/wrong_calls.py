"""Calls that no type checker lets pass. ``make demo`` shows what mypy says of them; they are never run."""

from __future__ import annotations

from shop_client import Client


def wrong(client: Client) -> None:
    """Each line has one mistake."""
    client.send_email.send("ada@example.org", subject="Hello")  # by position
    client.send_email.send(to="ada@example.org")  # the subject is missing
    client.send_email.send(to="ada@example.org", subject="Hello", urgent=True)  # no such parameter
    client.ship_order.send(order_id="41", ship_to={"street": "x", "city": "y"})  # not a number
