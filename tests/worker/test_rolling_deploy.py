"""Rolling deploys with real workers and producers of two versions of one module: nothing is lost, and nothing is burned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from store_support import query
from worker_support import PATIENCE_S, wait_until

from horsies_core.store.store import Store

MODULE = """\
import os
import sys

from horsies import AppConfig, Horsies, PostgresConfig, TaskError, TaskResult

app = Horsies(AppConfig(broker=PostgresConfig(database_url=os.environ["TEST_URL"], schema=os.environ["TEST_SCHEMA"])))


{task}


if __name__ == "__main__":
    for number in range(int(sys.argv[1])):
        ship.send({arguments})
    app.close()
"""
OLD = """@app.task("ship")
def ship(*, order_id: int) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"old {order_id}")"""
WIDER = """@app.task("ship")
def ship(*, order_id: int, note: str = "") -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"new {order_id}")"""
OTHER = """@app.task("ship")
def ship(*, order: str) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"new {order}")"""
RENAMED = """@app.task("dispatch", aliases=["ship"])
def ship(*, order_id: int) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"new {order_id}")"""

UPCAST = """from typing import TypedDict


class Ship(TypedDict):
    order: str


def from_number(*, order_id: int) -> Ship:
    return {"order": f"#{order_id}"}


@app.task("ship", upcasters=[from_number])
def ship(*, order: str) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"new {order}")"""
CENTS = """from typing import TypedDict


class Ship(TypedDict):
    order_id: float


def from_cents(*, order_id: int) -> Ship:
    return {"order_id": order_id / 100}


@app.task("ship", upcasters=[from_cents])
def ship(*, order_id: float) -> TaskResult[str, TaskError]:
    return TaskResult(ok=f"new {order_id:.2f}")"""

EACH = 12


@dataclass
class Version:
    """One version of the module, in a folder of its own."""

    folder: Path
    environment: dict[str, str]

    def produce(self, count: int = EACH) -> None:
        """Send so many payloads from a process of this version."""
        command = [sys.executable, "shop.py", str(count)]
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True, timeout=PATIENCE_S)

    def worker(self) -> subprocess.Popen[bytes]:
        """A running worker of this version."""
        command = [str(Path(sys.executable).with_name("horsies")), "worker", "shop:app", "-p", "2", "--lease", "60"]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=log, stdout=log)


class Fleet:
    """Two versions over one queue."""

    def __init__(self, store: Store, folder: Path, new_task: str, new_arguments: str) -> None:
        self.store = store
        environment = {**os.environ, "TEST_URL": store.settings.conninfo, "TEST_SCHEMA": store.settings.schema}
        versions: list[Version] = []
        for name, task, arguments in (("v1", OLD, "order_id=number"), ("v2", new_task, new_arguments)):
            (folder / name).mkdir()
            (folder / name / "shop.py").write_text(MODULE.format(task=task, arguments=arguments), "utf-8")
            versions.append(Version(folder / name, environment))
        self.old, self.new = versions
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, version: Version) -> subprocess.Popen[bytes]:
        """A worker of a version, once it is registered."""
        before = query(self.store, "SELECT max(id) FROM {s}.worker")
        worker = version.worker()
        self._started.append(worker)
        wait_until(lambda: query(self.store, "SELECT max(id) FROM {s}.worker") != before, "the worker is ready")
        return worker

    def stop(self, worker: subprocess.Popen[bytes]) -> None:
        """Let a worker end in order."""
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_S) == 0

    def end(self) -> None:
        """Kill what still runs."""
        for worker in self._started:
            worker.kill()
            worker.wait()

    def count(self, table: str) -> int:
        [(found,)] = query(self.store, f"SELECT count(*) FROM {{s}}.{table}")
        assert isinstance(found, int)
        return found

    def wait_done(self, count: int) -> None:
        """All of so many tasks ended well, each at its first attempt."""
        wait_until(lambda: self.count("history") == count, f"{count} tasks are done")
        assert query(self.store, "SELECT DISTINCT state::text, attempt FROM {s}.history") == [("COMPLETED", 1)]
        assert self.count("task") == 0

    def unserved(self) -> list[tuple[str, int]]:
        """What ``horsies status`` says that waits for a capable worker."""
        settings = self.store.settings
        command = ["horsies", "status", "--url", settings.conninfo, "--schema", settings.schema, "--json"]
        seen = json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE_S).stdout
        )
        return [(each["name"], each["count"]) for each in seen["unserved"]]


CHANGES = [
    pytest.param(WIDER, "order_id=number, note='x'", id="an optional parameter added"),
    pytest.param(OTHER, "order=str(number)", id="a change that no order makes safe"),
    pytest.param(UPCAST, "order=str(number)", id="another parameter, the old one upcast"),
    pytest.param(RENAMED, "order_id=number", id="a task renamed, the old name an alias"),
]


@pytest.fixture
def fleet(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Fleet]:
    """Both versions; the parameter is the new one."""
    made = Fleet(store, tmp_path, *request.param)
    yield made
    made.end()


PARAMETERS = [pytest.param(change.values, id=str(change.id)) for change in CHANGES]


@pytest.mark.parametrize("fleet", PARAMETERS, indirect=True)
def test_workers_first(fleet: Fleet) -> None:
    """New workers join, then new producers; at last the old workers leave."""
    fleet.old.produce()
    old = fleet.start(fleet.old)
    fleet.start(fleet.new)
    fleet.old.produce()
    fleet.new.produce()
    fleet.old.produce()
    fleet.wait_done(4 * EACH)
    fleet.stop(old)
    fleet.new.produce()
    fleet.wait_done(5 * EACH)


@pytest.mark.parametrize("fleet", PARAMETERS, indirect=True)
def test_producers_first(fleet: Fleet) -> None:
    """New producers send while only old workers run: what those cannot read waits, and is shown, until new ones come."""
    old = fleet.start(fleet.old)
    fleet.old.produce()
    fleet.new.produce()
    wait_until(lambda: fleet.count("history") == EACH, "the old payloads are done")
    wait_until(lambda: sum(count for _, count in fleet.unserved()) == EACH, "the others are shown")
    assert query(fleet.store, "SELECT DISTINCT state::text FROM {s}.history") == [("COMPLETED",)]
    fleet.new.produce()
    fleet.start(fleet.new)
    fleet.old.produce()
    fleet.wait_done(4 * EACH)
    fleet.stop(old)


@pytest.mark.parametrize("fleet", [PARAMETERS[1]], indirect=True)
def test_what_no_worker_reads_any_more_is_kept_and_shown(fleet: Fleet) -> None:
    """The old workers are gone too early: their payloads wait for one of them to come back."""
    fleet.stop(fleet.start(fleet.old))
    fleet.old.produce()
    new = fleet.start(fleet.new)
    fleet.new.produce()
    wait_until(lambda: fleet.count("history") == EACH, "the new payloads are done")
    wait_until(lambda: fleet.unserved() == [("ship", EACH)], "the old ones are shown")
    fleet.stop(new)
    fleet.start(fleet.old)
    fleet.wait_done(2 * EACH)


@pytest.mark.parametrize(
    ("fleet", "results"),
    [
        pytest.param(
            (UPCAST, "order=str(number)"), {"new #0", "new #1", "new 0", "new 1"}, id="a signature of its own"
        ),
        pytest.param(
            (CENTS, "order_id=float(number)"), {"new 0.00", "new 0.01", "new 1.00"}, id="the same name and more"
        ),
    ],
    indirect=["fleet"],
)
def test_an_upcaster_lets_new_workers_do_what_old_producers_sent(fleet: Fleet, results: set[str]) -> None:
    """The old workers are gone for good; a renamed, retyped or differently meant parameter needs no downtime."""
    fleet.stop(fleet.start(fleet.old))
    fleet.old.produce(2)
    fleet.start(fleet.new)
    fleet.new.produce(2)
    fleet.wait_done(4)
    found = {str(result) for (result,) in query(fleet.store, "SELECT result FROM {s}.history")}
    assert found == {json.dumps({"ok": result}, separators=(",", ":")) for result in results}
