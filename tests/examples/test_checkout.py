"""The example service with the published client: built, installed into an empty environment, and used over HTTP.

Nothing of the shop can be imported where the service runs; a worker with the shop's code runs beside it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).parents[2]
CHECKOUT = ROOT / "examples" / "checkout" / "checkout.py"
START_LIMIT_S = 120

CUSTOMER = """
import importlib.util, json, sys
from fastapi.testclient import TestClient
import shop_client
assert importlib.util.find_spec("shop") is None
assert "site-packages" in shop_client.__file__, shop_client.__file__
from checkout import service

def order(number, sku="AB-0001", quantity=2):
    return {
        "order_id": number, "customer_email": "ada@example.org", "currency": "EUR", "wanted_on": "2031-05-01",
        "lines": [{"sku": sku, "quantity": quantity, "unit_price": "19.90"}],
        "ship_to": {"street": "Werderstr. 1", "city": "Bremen"},
    }

with TestClient(service) as shop:
    placed = shop.post("/orders", json=order(1))
    again = shop.post("/orders", json=order(1))
    declined = shop.post("/orders", json=order(2, quantity=99))
    letters = shop.post("/newsletter?subject=Hello", json=["ada@example.org", "bob@example.org"])
    print(json.dumps({
        "placed": placed.status_code, "same": placed.json() == again.json(),
        "receipt": shop.get(f"/orders/{placed.json()['task_id']}").json(),
        "declined": (answer := shop.get(f"/orders/{declined.json()['task_id']}")).status_code, "why": answer.json(),
        "contract": (answer := shop.post("/orders", json=order(3, sku="nothing"))).status_code, "where": answer.json(),
        "fastapi": shop.post("/orders", json={**order(4), "currency": "DEM"}).status_code,
        "letters": len(letters.json()),
        "worker_code": sorted({"shop", "libcst", "jinja2", "mypy", "horsies_codegen"} & set(sys.modules)),
    }))
"""


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """The output of a command that succeeds."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shop's client with what makes it a distribution."""
    out = tmp_path_factory.mktemp("client")
    build = ("horsies-codegen", "build", "examples/shop", "--out", out, "--package", "shop_client")
    run(*build, "--package-metadata", cwd=ROOT)
    run(*build, "--package-metadata", "--check", cwd=ROOT)
    return out


@pytest.fixture(scope="module")
def python(client: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an empty environment in which only the client's wheel and FastAPI were installed."""
    folder = tmp_path_factory.mktemp("service")
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", folder / "dist", client, ROOT, cwd=folder)
    assert (folder / "dist" / "shop_client-0.1.0-py3-none-any.whl").is_file()
    venv.create(folder / "env", with_pip=True)
    made = folder / "env" / "bin" / "python"
    wheels = sorted((folder / "dist").glob("*.whl"))  # by file: by name an index may have other ones
    run(made, *pip, "install", "--constraint", ROOT / "constraints.txt", *wheels, "fastapi", "httpx", cwd=folder)
    return made


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    name = f"checkout_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(postgres_url)._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def worker(database: str, tmp_path: Path) -> Iterator[None]:
    """A worker with the shop's code."""
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["horsies", "worker", "shop.app:app", "--processes", "2"],
            cwd=ROOT / "examples" / "shop",
            env={**os.environ, "HORSIES_DATABASE_URL": database},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        give_up = time.monotonic() + START_LIMIT_S
        while "ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.1)
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("worker")
def test_the_published_client_serves_another_service(python: Path, database: str, tmp_path: Path) -> None:
    (tmp_path / "checkout.py").write_bytes(CHECKOUT.read_bytes())
    (tmp_path / "customer.py").write_text(CUSTOMER, encoding="utf-8")
    told = json.loads(run(python, "customer.py", cwd=tmp_path, HORSIES_DATABASE_URL=database, PYTHONPATH=""))
    receipt = told.pop("receipt")
    assert (receipt["order_id"], receipt["total"], receipt["currency"]) == (1, "39.80", "EUR")
    assert told == {
        "placed": 202,
        "same": True,
        "declined": 402,
        "why": {"detail": "1970.10 EUR is over the card's limit"},
        "contract": 422,
        "where": {"detail": ['/order/lines/0/sku: the value does not match "^[A-Z]{2}-[0-9]{4}$"']},
        "fastapi": 422,
        "letters": 2,
        "worker_code": [],
    }


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_the_services_types_are_checked_against_the_client_alone(checker: str, client: Path, tmp_path: Path) -> None:
    (tmp_path / "checkout.py").write_bytes(CHECKOUT.read_bytes())
    wrong = CHECKOUT.read_text(encoding="utf-8").replace("subject=subject)", "topic=subject)")
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(client), str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = {"mypy": ["mypy", "--strict"], "pyright": ["pyright", "--pythonpath", sys.executable]}[checker]
    for name, code in (("checkout.py", 0), ("wrong.py", 1)):
        done = subprocess.run(
            [*command, name],
            cwd=tmp_path,
            env={**os.environ, "MYPYPATH": f"{client}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        assert ("topic" in done.stdout) == (name == "wrong.py"), done.stdout
