"""Clients whose types are dataclasses or pydantic models: the gates they pass, and that they say the same on the wire."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from emit_samples import ENTRIES

from horsies_codegen.config import ModelStyle
from horsies_codegen.emit import ClientOptions, emit

ROOT = Path(__file__).resolve().parents[3]
STYLES: tuple[ModelStyle, ...] = ("dataclass", "pydantic")

USE = """
import datetime, decimal, uuid
from horsies import Horsies
from tasks_client import Client, models
from tasks_client.models import Currency, Node, OrderLine, ShopModelsOrder

client = Client(Horsies())
order = ShopModelsOrder(
    order_id=1, lines=[OrderLine(sku="a", list_=[])], from_="x", currency=Currency.EUR
)
codec = client.place_order._target.codec
print(codec.encode_payload({
    "order": order, "other": models.BillingModelsOrder(X="x", secret="s"),
    "at": datetime.datetime(2031, 1, 1, tzinfo=datetime.timezone.utc), "amount": decimal.Decimal(1), "id": uuid.UUID(int=1),
}).decode())
assert Node(value=1, next=Node(value=2)) == Node(value=1, next=Node(value=2))
try:
    codec.encode_payload({"order": ShopModelsOrder(order_id="1", lines=[], from_="x", currency=Currency.EUR)})
except Exception as error:
    print(type(error).__name__)
"""


@pytest.fixture(scope="module", params=STYLES)
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in one style."""
    out = tmp_path_factory.mktemp(str(request.param))
    options = ClientOptions(models=request.param)
    for path, text in emit(ENTRIES, package="tasks_client", options=options).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return out


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, run in a folder."""
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ}, capture_output=True, text=True, check=False
    )


def test_mypy_strict_finds_nothing(package: Path) -> None:
    done = run("mypy", "--strict", "--python-version=3.11", "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


def test_pyright_strict_finds_nothing(package: Path) -> None:
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "include": ["tasks_client"],
        "extraPaths": [str(ROOT), sysconfig.get_paths()["purelib"]],
    }
    (package / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = run("pyright", cwd=package)
    assert done.returncode == 0, done.stdout


def test_ruff_finds_nothing(package: Path) -> None:
    done = run("ruff", "check", "--isolated", "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("width", [79, 120, 320])
def test_a_formatter_changes_nothing_at_any_line_length(package: Path, width: int) -> None:
    done = run("ruff", "format", "--isolated", "--diff", f"--line-length={width}", "tasks_client", cwd=package)
    assert done.returncode == 0, done.stdout


def test_objects_say_what_is_given_and_are_checked_inside(package: Path) -> None:
    (package / "use.py").write_text(USE, encoding="utf-8")
    done = run(sys.executable, "use.py", cwd=package)
    assert done.returncode == 0, done.stderr
    payload, refused = done.stdout.splitlines()
    assert json.loads(payload)["order"] == {
        "order_id": 1,
        "lines": [{"sku": "a", "list": []}],
        "from": "x",
        "currency": "EUR",
    }
    assert refused in ("PayloadError", "ValidationError")


def test_results_come_back_as_objects_and_as_they_were(package: Path) -> None:
    program = """
from horsies import Horsies
from tasks_client import Client, models
codec = Client(Horsies()).größe_x._target.codec
node = models.Node(value=1, next=None)
assert codec._payload._adapter is not None
data = codec.encode_payload(dict(
    p=models.Point(1, 2), shadow=models.Shadow(1, 2), n=node, page=models.PageListNode(items=[node]), u=models.UserId(3),
    flag="f", ids=[], pay=models.PaymentByMethodNumber1(kind="m1"), m=models.Mixed.title, pri=models.Priority.LOW,
    loud=models.Shouting.upper, nothing=models.Empty(), odd=models.ShopModelsLiteral(class_="c")))
back = codec.decode_payload(data)
assert back["n"] == node and type(back["n"]) is models.Node, back
assert back["pay"] == models.PaymentByMethodNumber1(kind="m1")
assert back["odd"].class_ == "c"
assert b'"odd":{"class":"c"}' in data, data
"""
    done = run(sys.executable, "-c", program, cwd=package)
    assert done.returncode == 0, done.stderr
