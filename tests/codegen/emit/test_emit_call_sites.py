"""Call sites of a generated client as mypy and pyright judge them: right ones pass, each wrong one is an error."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from emit_samples import ENTRIES

from horsies_codegen.emit import emit

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent

HEADER = """\
import datetime
import decimal
import uuid
from typing import assert_type

from horsies import Horsies
from horsies.client import OtherErrorCode, TaskHandle
from tasks_client import Client, models
from tasks_client.tasks.shop_tasks_email import SendEmailCodes, SendEmailErrorCode, SendEmailPayload
from tasks_client.tasks.shop_tasks_orders import PlaceOrderErrorCode

client = Client(Horsies())
order: models.ShopModelsOrder = {
    "order_id": 1,
    "lines": [{"sku": "a", "list": []}],
    "from": "x",
    "currency": models.Currency.EUR,
}
"""
RIGHT = """\
handle = client.send_email.send(to="a@b", subject="s")
assert_type(handle, TaskHandle[None, SendEmailErrorCode])
client.send_email.send(to="a@b", subject="s", template="shipped", cc=None)
client.send_email.send_many([{"to": "a", "subject": "s"}, {"to": "b", "subject": "s", "cc": ["c"]}])
client.send_email.with_options(delay=5).send(to="a@b", subject="s")
client.send_email.send_many([client.send_email.payload(to="a", subject="s"), {"to": "b", "subject": "s"}])
assert_type(client.send_email.payload(to="a", subject="s"), SendEmailPayload)
placed = client.place_order.send(
    order=order,
    other={"X": "x", "secret": "s"},
    at=datetime.datetime.now(datetime.UTC),
    amount=decimal.Decimal(1),
    id=uuid.uuid4(),
)
assert_type(placed, TaskHandle[models.InvoiceOut, PlaceOrderErrorCode])
client.class_.send(self=1, arg_x=2)
client.import_.send()
assert_type(client.str.send(), TaskHandle[None, OtherErrorCode])
client.größe_x.send(
    p=models.Point(1, 2),
    shadow=models.Shadow(1, 2),
    n={"value": 1, "next": {"value": 2}},
    page={"items": []},
    u=models.UserId(3),
    flag="f",
    ids=[models.UserId(1)],
    pay={"kind": "m1"},
    m=models.Mixed.title,
    pri=models.Priority.LOW,
    loud=models.Shouting.upper,
    nothing={},
    odd={"class": "c"},
)
result = handle.get(timeout_ms=1)
if result.is_err():
    match result.err.error_code:
        case SendEmailCodes.BAD_ADDRESS:
            pass
        case other:
            print(other)
"""
WRONG = (
    'client.send_email.send("a@b", "s")',
    'client.send_email.send(to="a@b")',
    'client.send_email.send(to="a@b", subject="s", bcc=[])',
    'client.send_email.send(to=1, subject="s")',
    'client.send_email.send(to="a@b", subject="s", template="nope")',
    'client.send_email.send_many([{"to": "a"}])',
    'client.send_email.payload(to="a@b")',
    'await client.send_email.send_async(to=1, subject="s")',
    'client.send_email.with_options(delay=1).send("a@b")',
    "client.send_email.with_options(retries=1)",
    "client.send_emial",
    'client.place_order.send(order={"order_id": "1"})',
    'color: models.Currency = "EUR"',
    "client.größe_x.send(u=3)",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client, and two programs that use it."""
    out = tmp_path_factory.mktemp("call_sites")
    for path, text in emit(ENTRIES, package="tasks_client").items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    (out / "right.py").write_text(HEADER + RIGHT, encoding="utf-8")
    (out / "wrong.py").write_text(HEADER + "".join(f"{line}\n" for line in WRONG), encoding="utf-8")
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(ROOT), sysconfig.get_paths()["purelib"]],
        "reportUnusedImport": False,
        "reportUnusedExpression": False,
    }
    (out / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return out


def errors(folder: Path, checker: str, program: str) -> list[int]:
    """The lines on which a checker reports errors."""
    command = {
        "mypy": ["mypy", "--strict", "--python-version=3.11", "--no-error-summary", program],
        "pyright": ["pyright", program],
    }[checker]
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    found = {int(line) for line in re.findall(rf"{program}:(\d+):(?:\d+ -)? error", done.stdout)}
    assert found or done.returncode == 0, done.stdout + done.stderr
    return sorted(found)


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_right_calls_pass(folder: Path, checker: str) -> None:
    assert errors(folder, checker, "right.py") == []


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_every_wrong_call_is_an_error_on_its_line(folder: Path, checker: str) -> None:
    first = HEADER.count("\n") + 1
    assert errors(folder, checker, "wrong.py") == list(range(first, first + len(WRONG)))
