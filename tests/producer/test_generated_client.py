"""The generated client beside the decorated functions: the same bytes, the same contract, and nothing of their code."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from horsies import ContractMismatchError, Horsies, Ok, PayloadError, TaskError, TaskResult
from horsies.client import UNSET, TaskStub
from horsies_core.testing import inline_sends

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "generated", ROOT / "examples" / "shop")
IMAGE = UUID("12345678-1234-5678-1234-567812345678")


@pytest.fixture(scope="module")
def shop() -> Iterator[Mapping[str, Any]]:
    """The shop's modules, its app with all tasks, and the client; forgotten afterwards."""
    before = set(sys.modules)
    sys.path[:0] = [str(folder) for folder in FOLDERS]
    try:
        app = importlib.import_module("shop.app").app
        app.import_discovered()
        names: dict[str, Any] = {"app": app, "wire": importlib.import_module("shop_client.models")}
        names["models"] = importlib.import_module("shop.models")
        names["client"] = importlib.import_module("shop_client").Client(app)
        yield names
    finally:
        for folder in FOLDERS:
            sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in ("shop", "shop_client"):
                del sys.modules[name]


def _order(shop: Mapping[str, Any]) -> Any:
    models = shop["models"]
    return models.Order(
        order_id=7,
        customer_email="a@b.example",
        currency=models.Currency.EUR,
        lines=[models.OrderLine(sku="AB-1234", quantity=2, unit_price=Decimal("1.50"))],
        ship_to=models.Address(street="Ä 1", city="B"),
        wanted_on=date(2026, 1, 31),
    )


def _wire_order(shop: Mapping[str, Any]) -> dict[str, Any]:
    """The same order as the client writes it, with its keys in another order."""
    return {
        "wanted_on": date(2026, 1, 31),
        "ship_to": {"city": "B", "country": "DE", "street": "Ä 1"},
        "lines": [{"quantity": 2, "unit_price": Decimal("1.50"), "sku": "AB-1234"}],
        "currency": shop["wire"].Currency.EUR,
        "customer_email": "a@b.example",
        "order_id": 7,
    }


def _cases(shop: Mapping[str, Any]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Task → what its own module sends, and what the client sends for it."""
    address = shop["models"].Address(street="s", city="c", country="FR")
    return {
        "place_order": ({"order": _order(shop)}, {"order": _wire_order(shop)}),
        "ship_order": (
            {"order_id": 1, "ship_to": address},
            {"order_id": 1, "ship_to": {"street": "s", "city": "c", "country": "FR"}},
        ),
        "send_email": ({"to": "a@b", "subject": "hi", "cc": ["c@d"]}, {"cc": ["c@d"], "subject": "hi", "to": "a@b"}),
        "make_thumbnail": ({"image_id": IMAGE, "width": 5}, {"image_id": IMAGE, "width": 5}),
    }


TASKS = ["make_thumbnail", "place_order", "send_email", "ship_order"]


@pytest.mark.parametrize("name", TASKS)
def test_both_send_the_same_bytes_under_the_same_contract(shop: Mapping[str, Any], name: str) -> None:
    definition = shop["app"].registry.get(name)
    stub: TaskStub[Any, Any, Any] = getattr(shop["client"], name)
    own, wire = _cases(shop)[name]
    rows = []
    with inline_sends(shop["app"]) as sent:
        stub._send(wire)
        shop["app"].sender.send(definition, own, stub._options)
        rows = [item.row for item in sent]
    assert rows[0].payload == rows[1].payload
    assert rows[0].fingerprint == rows[1].fingerprint == definition.fingerprint
    assert rows[0].queue == rows[1].queue
    assert rows[0].priority == rows[1].priority


def test_optional_arguments_that_are_not_given_are_left_out(shop: Mapping[str, Any]) -> None:
    with inline_sends(shop["app"]) as sent:
        shop["client"].send_email.send(to="a@b", subject="hi")
        shop["client"].send_email.send(to="a@b", subject="hi", cc=None)
        shop["client"].send_email.send(to="a@b", subject="hi", cc=UNSET)
    assert [item.row.payload for item in sent] == [
        b'{"to":"a@b","subject":"hi"}',
        b'{"to":"a@b","subject":"hi","cc":null}',
        b'{"to":"a@b","subject":"hi"}',
    ]


def test_results_come_as_the_clients_own_types(shop: Mapping[str, Any]) -> None:
    with inline_sends(shop["app"]):
        match shop["client"].place_order.send(order=_wire_order(shop)).get():
            case Ok(receipt):
                assert receipt["total"] == Decimal("3.00")
                assert type(receipt["currency"]) is shop["wire"].Currency
                assert receipt["paid_at"] <= datetime.now(UTC)
            case other:
                raise AssertionError(other)
        failed = shop["client"].send_email.send(to="nobody", subject="hi").get()
        assert failed == TaskResult(
            err=TaskError(error_code="BAD_ADDRESS", message="no such mailbox", data={"addresses": ["nobody"]})
        )


def test_constraints_hold_at_the_clients_send(shop: Mapping[str, Any]) -> None:
    order = _wire_order(shop)
    order["lines"][0]["sku"] = "no sku"
    with pytest.raises(PayloadError) as raised:
        shop["client"].place_order.send(order=order)
    assert [problem.pointer for problem in raised.value.problems] == ["/order/lines/0/sku"]
    with pytest.raises(PayloadError, match="/order/extra"):
        shop["client"].place_order.send(order={**_wire_order(shop), "extra": 1})


def test_options_keep_the_stubs_type(shop: Mapping[str, Any]) -> None:
    stub = shop["client"].send_email
    urgent = stub.with_options(priority=1, delay=5)
    assert type(urgent) is type(stub)
    with inline_sends(shop["app"]) as sent:
        urgent.send(to="a@b", subject="hi")
        stub.send_many([{"to": "a@b", "subject": "1"}, {"to": "a@b", "subject": "2"}])
    assert [(item.row.priority, item.row.delay_s) for item in sent] == [(1, 5), (100, None), (100, None)]


def test_a_task_that_the_client_does_not_have(shop: Mapping[str, Any]) -> None:
    with pytest.raises(AttributeError, match="build the client again"):
        _ = shop["client"].nothing
    assert set(TASKS) <= set(dir(shop["client"]))


def test_a_stub_whose_contract_is_gone() -> None:
    class Broken(TaskStub[Any, None, str], task="gone", contracts="shop_contracts"):
        """A stub beside a module without its contract."""

    module = type(sys)("shop_contracts")
    module.LOCK = '{"format": 1, "tasks": {}, "types": {}, "tombstones": {}}'  # type: ignore[attr-defined]
    sys.modules["shop_contracts"] = module
    try:
        with pytest.raises(ContractMismatchError, match="gone"):
            Broken(Horsies())._send({})
    finally:
        del sys.modules["shop_contracts"]


_PRODUCER = """
import sys
sys.path.insert(0, {generated!r})
from horsies import Horsies
from shop_client import Client
client = Client(Horsies())
stub = client.place_order
heavy = {{"shop", "pydantic", "psycopg", "jsonschema_rs"}} & {{name.partition(".")[0] for name in sys.modules}}
assert not heavy, heavy
payload = stub._target.codec.encode_payload({{"order": {{
    "order_id": 1, "customer_email": "a@b", "currency": sys.modules["shop_client.models"].Currency.EUR,
    "lines": [{{"sku": "AB-1234", "quantity": 1, "unit_price": __import__("decimal").Decimal(1)}}],
    "ship_to": {{"street": "s", "city": "c"}},
}}}})
print(payload.decode())
assert "shop" not in sys.modules
"""


def test_a_producer_has_nothing_of_the_worker() -> None:
    code = _PRODUCER.format(generated=str(ROOT / "generated"))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith('{"order":{"order_id":1,')
