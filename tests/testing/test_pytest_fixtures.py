"""The fixtures of the pytest plugin, in a user's project, run as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from worker_support import is_alive, wait_until

from horsies_core.store.settings import StoreSettings
from horsies_core.testing import WorkerFailedError, running_worker, temporary_database

TASKS = """
from horsies import AppConfig, Horsies, PostgresConfig, TaskError, TaskResult

app = Horsies(AppConfig(broker=PostgresConfig(database_url="postgresql://nobody@127.0.0.1:1/production")))


@app.task("greet")
def greet(*, name: str) -> TaskResult[str, TaskError]:
    print("greeting", name)
    return TaskResult(ok=f"Hello, {name}")


@app.task("chain")
def chain(*, name: str) -> TaskResult[str, TaskError]:
    return TaskResult(ok=str(greet.send(name=name).task_id))
"""
TESTS = """
from shop.tasks import app, chain, greet


def test_a_real_worker_runs_it(horsies_worker):
    handle = greet.send(name="Ada")
    assert handle.get(timeout_ms=120_000).ok == "Hello, Ada"
    assert handle.info().attempt == 1
    assert "greeting Ada" in horsies_worker.log


def test_tasks_send_to_the_same_place(horsies_worker):
    inner = greet.handle(chain.send(name="Bob").get(timeout_ms=120_000).ok)
    assert inner.get(timeout_ms=120_000).ok == "Hello, Bob"


def test_inline_beside_it(horsies_inline):
    assert greet.send(name="Eve").get().ok == "Hello, Eve"
    assert [sent.name for sent in horsies_inline] == ["greet"]


def test_the_database_alone(horsies_database):
    assert horsies_database.schema.startswith("horsies_test_")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "tasks.py").write_text(TASKS)
    (tmp_path / "test_shop.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nhorsies_app = shop.tasks:app\n")
    return tmp_path


def run_pytest(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HORSIES", "PYTEST"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=500, check=False
    )


@pytest.mark.slow
def test_a_project_tests_its_tasks_with_a_real_worker(project: Path) -> None:
    done = run_pytest(project)
    assert "4 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.slow
def test_on_a_database_of_ones_own_nothing_is_left(project: Path, postgres_url: str) -> None:
    (project / "pytest.ini").write_text(
        f"[pytest]\nhorsies_app = shop.tasks:app\nhorsies_database_url = {postgres_url}\nhorsies_processes = 1\n"
    )
    done = run_pytest(project)
    assert "4 passed" in done.stdout, done.stdout + done.stderr
    with psycopg.connect(postgres_url) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'horsies\\_test\\_%'").fetchall()
    assert left == []


def test_a_missing_setting_is_named(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\n")
    done = run_pytest(project, "-k", "inline")
    assert done.returncode == 1
    assert 'which app? Set horsies_app = "MODULE:NAME"' in done.stdout


@pytest.mark.parametrize(
    ("setting", "message"), [("shop.tasks:nope", "holds no 'nope'"), ("shop:app", "holds no 'app'")]
)
def test_a_wrong_app_is_named(project: Path, setting: str, message: str) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\nhorsies_app = {setting}\n")
    done = run_pytest(project, "-k", "inline")
    assert done.returncode == 1
    assert message in done.stdout


def test_a_worker_that_does_not_start_says_why(project: Path) -> None:
    (project / "broken.py").write_text(
        "from horsies import Horsies\napp = Horsies()\napp.discover_tasks(['nowhere'])\n"
    )
    with (
        temporary_database() as broker,
        pytest.raises(WorkerFailedError, match="nowhere cannot be imported"),
        running_worker("broken:app", broker, folder=project),
    ):
        pass


def test_a_worker_ends_with_a_test_run_that_is_killed(project: Path, store_settings: StoreSettings) -> None:
    script = (
        "import os\n"
        "from horsies import PostgresConfig\n"
        "from horsies_core.testing import running_worker\n"
        f"broker = PostgresConfig(database_url={store_settings.conninfo!r}, schema={store_settings.schema!r})\n"
        "with running_worker('shop.tasks:app', broker, processes=1) as worker:\n"
        "    print(worker.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=project, capture_output=True, timeout=300, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    pid = int(killed.stdout)
    wait_until(lambda: not is_alive(pid), "the worker to end")


def test_the_plugin_costs_nothing_until_it_is_used() -> None:
    script = "import sys, horsies_core.pytest_plugin; print([m for m in ('psycopg', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"
