"""`horsies worker` and `horsies status` as people run them: in a process of their own, misuse included."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from store_support import Hand, a_task, query
from store_support import send as store_tasks
from worker_support import wait_until

from horsies_core.cli.worker import command as worker_command
from horsies_core.cli.worker import elsewhere
from horsies_core.config import PostgresConfig, WorkerConfig
from horsies_core.store.store import Store

Run = Callable[..., subprocess.CompletedProcess[str]]

APP = """
import os
from horsies import AppConfig, Horsies, PostgresConfig, TaskError, TaskResult

app = Horsies(AppConfig(broker=PostgresConfig(database_url=os.environ["URL"], schema=os.environ["SCHEMA"])))
app.discover_tasks(["shop.tasks", "extra.py"])
"""
TASKS = """
from shop.app import app
from horsies import TaskError, TaskResult

@app.task("greet")
def greet(*, name: str) -> TaskResult[str, TaskError]:
    print("greeting", name)
    return TaskResult(ok=f"hello {name}")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "app.py").write_text(APP)
    (tmp_path / "shop" / "tasks.py").write_text(TASKS)
    (tmp_path / "extra.py").write_text("")
    return tmp_path


@pytest.fixture
def environment(postgres_url: str, schema: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HORSIES")}
    return {**kept, "URL": postgres_url, "SCHEMA": schema}


@pytest.fixture
def run(project: Path, environment: dict[str, str]) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("horsies")), *arguments]
        return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["worker", "shop.app"], "MODULE:NAME"),
        (["worker"], "Missing argument 'APP'"),
        (["worker", "shop.app:app", "extra"], "unexpected extra argument"),
        (["worker", "shop.app:app", "--processes", "0"], "--processes is 0; it must be a whole number from 1"),
        (["worker", "shop.app:app", "--processes", "many"], "'many' is not a valid integer"),
        (["worker", "shop.app:app", "--lease", "0.5"], "--lease is 0.5; it must be a number from 1"),
        (["worker", "shop.app:app", "--drain-timeout", "-1"], "--drain-timeout is -1.0"),
        (["worker", "shop.app:app", "--max-tasks-per-child", "0"], "--max-tasks-per-child is 0"),
        (
            ["worker", "shop.app:app", "--max-child-memory", "1"],
            "--max-child-memory is 1; it must be a whole number from 16",
        ),
        (["worker", "shop.app:app", "--log-format", "xml"], "'text', 'json'"),
        (["worker", "shop.app:app", "--url", "mysql://x/y"], "postgresql://"),
        (["worker", "shop.app:app", "--schema", "mine"], "--schema goes with --url"),
        (["wrker"], "No such command 'wrker'. Did you mean 'worker'?"),
        (["worker", "shop.app:app", "--queues", "nope"], "no queue 'nope'"),
        (["worker", "shop.app:app", "--queues", ","], "names no queue"),
        (["status"], "which database"),
        (["status", "shop.app:app", "--url", "postgresql://x/y"], "not both"),
    ],
)
def test_misuse_is_named(run: Run, arguments: list[str], message: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_status_before_migrate_names_the_remedy(run: Run) -> None:
    ended = run("status", "shop.app:app")
    assert ended.returncode == 2
    assert "horsies migrate" in ended.stderr


def test_status_counts_and_names_what_nobody_serves(run: Run, store: Store) -> None:
    store_tasks(store, a_task(), a_task(), a_task(delay_s=60.0), a_task(name="orphan"))
    hand = Hand(store)
    hand.claim(1, direct=1)
    seen = json.loads(run("status", "shop.app:app", "--json").stdout)
    assert seen["queues"] == [{"queue": "default", "ready": 2, "delayed": 1, "claimed": 0, "running": 1, "ended": {}}]
    assert [(each["name"], each["count"]) for each in seen["unserved"]] == [("orphan", 1)]
    text = run("status", "shop.app:app").stdout
    assert "waiting for a capable worker" in text
    assert "no worker has this task in this queue" in text
    assert "1 worker, 1 processes" in text
    assert "\x1b" not in text


def test_another_url_leaves_what_the_app_says_of_its_database() -> None:
    url = "postgresql://worker@db/jobs"
    of_app = PostgresConfig(
        database_url="postgresql://app@pooler/jobs",
        schema="mine",
        pool_size=7,
        prepare=False,
        listen_url="postgresql://app@db/jobs",
    )
    expected = dataclasses.replace(of_app, database_url=url, listen_url=None)
    assert elsewhere(of_app, url, None) == expected
    assert elsewhere(of_app, url, "other") == dataclasses.replace(expected, schema="other")
    assert elsewhere(None, url, None) == PostgresConfig(database_url=url, schema="horsies")


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_worker_serves_until_told_to_stop(
    project: Path, environment: dict[str, str], store: Store, postgres_url: str, is_elsewhere: bool
) -> None:
    command = [str(Path(sys.executable).with_name("horsies")), "worker", "shop.app:app", "-p", "1"]
    if is_elsewhere:
        environment["URL"] = "postgresql://nobody@localhost:1/nothing"
        command += ["--url", postgres_url]
    worker = subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        store_tasks(store, a_task(name="greet", payload=b'{"name":"Ada"}'))
        wait_until(lambda: query(store, "SELECT count(*) FROM {s}.history") == [(1,)], "it is done")
        assert query(store, "SELECT result FROM {s}.history") == [('{"ok":"hello Ada"}',)]
        worker.send_signal(signal.SIGTERM)
        output, log = worker.communicate(timeout=120)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert output == "greeting Ada\n"
    assert "worker ready" in log
    assert "\x1b" not in log


@pytest.mark.parametrize(
    ("app_text", "options", "event"),
    [
        ("", [], "the app has no tasks, so nothing will be claimed"),
        ("\nimport shop.tasks", ["--queues", "other"], "no task goes to a queue that is served here"),
    ],
)
def test_worker_that_has_nothing_to_do_says_so(
    project: Path, environment: dict[str, str], store: Store, app_text: str, options: list[str], event: str
) -> None:
    custom = "queue_mode='CUSTOM', queues=[QueueConfig(name='default'), QueueConfig(name='other')], broker="
    app = APP.replace("broker=", custom).replace("Horsies, P", "Horsies, QueueConfig, P")
    app = app.replace('app.discover_tasks(["shop.tasks", "extra.py"])', "")
    (project / "shop" / "app.py").write_text(app + app_text)
    (project / "shop" / "tasks.py").write_text(
        TASKS.replace('@app.task("greet")', '@app.task("greet", queue_name="default")')
    )
    command = [str(Path(sys.executable).with_name("horsies")), "worker", "shop.app:app", *options]
    worker = subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: query(store, "SELECT count(*) FROM {s}.worker") == [(1,)], "it is ready")
    finally:
        worker.terminate()
    _, log = worker.communicate(timeout=120)
    assert f"WARNING {event}" in log


@pytest.mark.parametrize(
    ("first_line", "sign"),
    [
        ("import sys, time; print('importing', file=sys.stderr, flush=True); time.sleep(60)", "importing"),
        ("", "waiting for the database"),
    ],
)
def test_worker_that_is_not_ready_yet_stops_in_order_too(tmp_path: Path, first_line: str, sign: str) -> None:
    """As the first process of a container, where an unhandled SIGTERM does nothing."""
    (tmp_path / "slow.py").write_text(f"{first_line}\nfrom horsies import Horsies\napp = Horsies()\n")
    command = ["horsies", "worker", "slow:app", "--url", "postgresql://nobody@127.0.0.1:1/none"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert any(sign in line for line in worker.stderr)
        worker.terminate()
        assert worker.wait(30) == 0
        assert "stopped before it was ready" in worker.stderr.read()


@pytest.mark.parametrize("command", ["worker", "check"])
def test_send_at_import_of_the_app_is_refused_and_stores_nothing(
    run: Run, project: Path, store: Store, command: str
) -> None:
    task = TASKS.replace("from shop.app import app\n", "")
    (project / "shop" / "app.py").write_text(APP + task + '\ngreet.send(name="Ada")\n')
    ended = run(command, "shop.app:app")
    assert ended.returncode != 0
    assert "is sent while task modules are being imported" in ended.stdout + ended.stderr
    assert query(store, "SELECT count(*) FROM {s}.task") == [(0,)]


def test_the_page_lists_every_option_and_setting() -> None:
    page = (Path(__file__).parents[2] / "docs" / "workers.md").read_text()
    for parameter in worker_command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[-1]}`" in page
    for setting in dataclasses.fields(WorkerConfig):
        shown = "" if setting.default is None else f" ({setting.default:g})"
        assert f"| `{setting.name}`{shown} |" in page, setting.name
