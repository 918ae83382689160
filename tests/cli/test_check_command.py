"""``horsies check`` and the loading of ``MODULE:NAME``, as a user calls them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from case_modules import imported

from horsies_core.cli.worker import is_as_locked

APP = """\
from horsies import Horsies

app = Horsies()
app.discover_tasks(["shop.orders", "shop.email"])
other = 5
"""
TASK = """\
from horsies import TaskError, TaskResult
from shop.app import app


@app.task("{name}")
def {name}(*, number: {type}) -> TaskResult[str, TaskError]:
    return TaskResult(ok=str(number))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text(APP)
    for module, name in (("orders", "place_order"), ("email", "send_email")):
        (tmp_path / "shop" / f"{module}.py").write_text(TASK.format(name=name, type="int"))
    return tmp_path


def horsies(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["horsies", *arguments], cwd=project, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_good_app_has_no_problems(project: Path) -> None:
    done = horsies(project, "check", "shop.app:app")
    assert (done.returncode, done.stdout) == (0, "shop.app:app: 2 tasks, 0 problems\n")


def test_every_broken_module_is_reported_in_one_run(project: Path) -> None:
    (project / "shop" / "orders.py").write_text("import a_package_that_is_not_there\n")
    broken = TASK.format(name="send_email", type="int").replace("*, ", "")
    (project / "shop" / "email.py").write_text(broken)
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 1
    assert "shop.orders cannot be imported: ModuleNotFoundError" in done.stdout
    assert "HC101" in done.stdout
    assert done.stdout.endswith("0 tasks, 2 problems\n")


def test_the_lock_is_compared_with_the_code(project: Path) -> None:
    build = ["horsies-codegen", "build", "."]
    subprocess.run(build, cwd=project, capture_output=True, text=True, timeout=120, check=True)
    assert horsies(project, "check", "shop.app:app").returncode == 0
    (project / "shop" / "orders.py").write_text(TASK.format(name="place_order", type="str"))
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 1
    assert "task 'place_order': parameter 'number' is int in the lock, str in the code" in done.stdout
    assert "run horsies-codegen build" in done.stdout


def test_a_worker_starts_only_with_the_contracts_of_the_lock_it_is_given(project: Path) -> None:
    subprocess.run(["horsies-codegen", "build", "."], cwd=project, capture_output=True, timeout=120, check=True)
    (project / "shop" / "orders.py").write_text(TASK.format(name="place_order", type="str"))
    done = horsies(project, "worker", "shop.app:app", "--lock", "generated/horsies.lock.json")
    assert done.returncode == 1
    assert "task 'place_order': parameter 'number' is int in the lock, str in the code" in done.stderr
    assert "run horsies-codegen build" in done.stderr


def test_a_worker_warns_of_a_lock_that_lies_there_and_differs(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subprocess.run(["horsies-codegen", "build", "."], cwd=project, capture_output=True, timeout=120, check=True)
    (project / "shop" / "orders.py").write_text(TASK.format(name="place_order", type="str"))
    (project / "shop" / "email.py").write_text("")  # a worker may serve but a part of what the lock holds
    monkeypatch.chdir(project)
    with imported(project) as apps, caplog.at_level("WARNING", "horsies.worker"):
        assert is_as_locked(apps[0], None)
        said = [record.getMessage() for record in caplog.records]
        (project / "generated/horsies.lock.json").write_text("{")
        assert is_as_locked(apps[0], None)
    assert said == [
        "task 'place_order': parameter 'number' is int in the lock, str in the code",
        "generated/horsies.lock.json and the code differ: run horsies-codegen build, and commit what it writes",
    ]
    assert "is no lock" in caplog.records[-1].getMessage()


def test_a_damaged_lock_is_named(project: Path) -> None:
    (project / "horsies.lock.json").write_text("{")
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 2
    assert "horsies.lock.json is no lock" in done.stderr


def test_a_module_that_exits_is_a_problem_and_not_the_end_of_the_check(project: Path) -> None:
    (project / "shop" / "orders.py").write_text("import sys\n\nsys.exit(0)\n")
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 1
    assert "shop.orders cannot be imported: SystemExit" in done.stdout


def test_a_broken_task_in_the_apps_own_module_is_a_finding(project: Path) -> None:
    task = TASK.format(name="place", type="int").replace("*, ", "").replace("from shop.app import app\n", "")
    (project / "shop" / "app.py").write_text("from horsies import Horsies\n\napp = Horsies()\n" + task)
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 1
    assert "HC101" in done.stdout


@pytest.mark.parametrize(
    ("app_path", "message"),
    [
        ("shop.app", "is not MODULE:NAME; write for example shop.app:app"),
        ("shop/app.py", "is a path; write the module with dots: shop.app:app"),
        ("shop.nothing:app", "there is no module 'shop.nothing'"),
        ("shop.app:missing", "holds no 'missing'; did you mean shop.app:app?"),
        ("shop.app:other", "holds as 'other' no Horsies app but 5; did you mean shop.app:app?"),
        ("shop.app:app()", "is not MODULE:NAME"),
        (".shop:app", "is not MODULE:NAME"),
        ("shop..app:app", "is not MODULE:NAME"),
        ("json:app", "no Horsies app stands in json"),
    ],
)
def test_each_misuse_of_the_app_path_is_told_apart(project: Path, app_path: str, message: str) -> None:
    done = horsies(project, "check", app_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_app_that_raises_is_told_with_its_reason(project: Path) -> None:
    (project / "shop" / "app.py").write_text("raise RuntimeError('no settings')\n")
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 2
    place = f"{project}/shop/app.py, line 1"
    assert f"shop.app cannot be imported: RuntimeError: no settings ({place})" in done.stderr
    traced = horsies(project, "--traceback", "check", "shop.app:app")
    assert "Traceback" in traced.stderr


def test_an_error_in_a_task_module_is_told_with_its_line(project: Path) -> None:
    (project / "shop" / "helpers.py").write_text("def load():\n    return {}['missing']\n")
    (project / "shop" / "orders.py").write_text("from shop.helpers import load\n\nSETTINGS = load()\n")
    done = horsies(project, "check", "shop.app:app")
    assert f"KeyError: 'missing' ({project}/shop/helpers.py, line 2)" in done.stdout


def test_an_app_without_tasks_is_worth_a_word(project: Path) -> None:
    (project / "shop" / "app.py").write_text("from horsies import Horsies\n\napp = Horsies()\n")
    done = horsies(project, "check", "shop.app:app")
    assert done.returncode == 0
    assert "warning: the app has no tasks" in done.stdout
