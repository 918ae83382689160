# pyright: strict
"""Every line marked with E must be an error of mypy and of pyright, and no other line may be one."""

from uuid import UUID

from shop_client import Client
from shop_client.models import Currency


def wrong(client: Client) -> None:
    client.send_email.send("a@b", "s")  # E: positional
    client.send_email.send(to="a@b")  # E: missing
    client.send_email.send(to="a@b", subject="s", urgent=True)  # E: unknown
    client.send_email.send(to=1, subject="s")  # E: wrong type
    client.send_email.send(to="a@b", subject="s", template="nope")  # E: not one of the literals
    client.make_thumbnail.send(image_id="0", width=1)  # E: no UUID
    client.send_email.payload(to="a@b")  # E: missing in a payload
    client.send_email.send_many([{"to": "a@b"}])  # E: missing in one of many
    client.send_email.send_many([{"to": "a@b", "subject": "s", "urgent": 1}])  # E: unknown in one of many
    client.send_email.with_options(retries=3)  # E: no such option
    client.send_email.with_options(delay=1).send("a@b")  # E: positional, with options
    client.ship_order.send(order_id=1, ship_to={"street": "s"})  # E: a key is missing inside
    _ = client.send_emial  # E: no such task
    currency: Currency = "EUR"  # E: no member
    client.make_thumbnail.handle(UUID(int=0)).get().unwrap()["size"]  # E: no such key of the result
    print(currency)


async def wrong_async(client: Client) -> None:
    await client.send_email.send_async(to=1, subject="s")  # E: wrong type, async
    await client.send_email.send_many_async([{"to": 1, "subject": "s"}])  # E: wrong type in one of many, async
