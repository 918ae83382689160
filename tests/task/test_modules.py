"""Modules of tasks: discovered, imported under two names, reloaded, broken."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from horsies import DiscoveryError, DuplicateTaskError, Horsies, SendDuringDiscoveryError, TaskDefinitionError

APP = """
from horsies import Horsies, TaskResult, TaskError
app = Horsies()
"""

MAIN = """
if __name__ == "__main__":
    import disc_main

    print(app.registry.names())
"""

TASK = """
from {app} import app
from horsies import TaskResult, TaskError

@app.task("{name}")
def {name}() -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


class Project:
    """A folder on the search path, whose modules are forgotten afterwards."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str, **values: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text.format(**values) if values else text))
        importlib.invalidate_caches()
        return target

    def app(self, module: str = "disc_app") -> Horsies:
        app = importlib.import_module(module).app
        assert isinstance(app, Horsies)
        return app


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    made = Project(tmp_path)
    made.write("disc_app.py", APP)
    yield made
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_nothing_is_imported_before_a_worker_asks(project: Project) -> None:
    project.write("disc_a.py", TASK, app="disc_app", name="a")
    app = project.app()
    app.discover_tasks(["disc_a"])
    assert "disc_a" not in sys.modules
    app.import_discovered()
    assert app.registry.names() == ("a",)


def test_calls_add_up_and_repeat_harmlessly(project: Project) -> None:
    for name in ("a", "b"):
        project.write(f"disc_{name}.py", TASK, app="disc_app", name=name)
    app = project.app()
    app.discover_tasks(["disc_a"])
    app.discover_tasks(["disc_b"])
    app.discover_tasks(["disc_a"])
    assert app.discovered == ("disc_a", "disc_b")
    app.import_discovered()
    app.import_discovered()
    assert app.registry.names() == ("a", "b")


def test_exactly_the_entries_and_nothing_below(project: Project) -> None:
    project.write("disc_pkg/__init__.py", TASK, app="disc_app", name="top")
    project.write("disc_pkg/scraping.py", TASK, app="disc_app", name="scrape")
    app = project.app()
    app.discover_tasks(["disc_pkg"])
    app.import_discovered()
    assert app.registry.names() == ("top",)
    app.discover_tasks(["disc_pkg.scraping"])
    app.import_discovered()
    assert app.registry.names() == ("scrape", "top")


def test_paths_are_imported_by_file(project: Project) -> None:
    project.write("disc_tasks.py", TASK, app="disc_app", name="here")
    project.write("elsewhere/disc_more.py", TASK, app="disc_app", name="there")
    app = project.app()
    app.discover_tasks(["disc_tasks.py", "elsewhere/disc_more.py"])
    app.import_discovered()
    assert app.registry.names() == ("here", "there")


def test_a_path_and_a_dotted_name_of_one_file_are_one_module(project: Project) -> None:
    project.write("disc_pkg/__init__.py", "")
    project.write("disc_pkg/jobs.py", TASK, app="disc_app", name="job")
    app = project.app()
    app.discover_tasks(["disc_pkg/jobs.py", "disc_pkg.jobs"])
    app.import_discovered()
    assert app.registry.names() == ("job",)
    assert sum(str(getattr(item, "__file__", "")).endswith("jobs.py") for item in tuple(sys.modules.values())) == 1


def test_relative_imports_work_in_a_file_of_a_package(project: Project) -> None:
    project.write("disc_pkg/__init__.py", "")
    project.write("disc_pkg/names.py", "NAME = 'job'")
    project.write("disc_pkg/jobs.py", "from .names import NAME\n" + TASK.format(app="disc_app", name="job"))
    app = project.app()
    app.discover_tasks(["disc_pkg/jobs.py"])
    app.import_discovered()
    assert app.registry.names() == ("job",)


@pytest.mark.parametrize("entry", ["", "a b", "pkg/tasks", "tasks.", "*.py/x"])
def test_an_entry_must_be_a_module_or_a_path(project: Project, entry: str) -> None:
    with pytest.raises(DiscoveryError, match="dotted module"):
        project.app().discover_tasks([entry])


def test_a_string_is_no_list(project: Project) -> None:
    with pytest.raises(DiscoveryError, match=r"discover_tasks\(\['tasks'\]\)"):
        project.app().discover_tasks("tasks")


@pytest.mark.parametrize(
    ("entry", "says"),
    [("disc_missing", "No module named"), ("disc_missing.py", "no file"), ("disc_broken", "ZeroDivision")],
)
def test_what_cannot_be_imported_is_named(project: Project, entry: str, says: str) -> None:
    project.write("disc_broken.py", "1 / 0")
    app = project.app()
    app.discover_tasks([entry])
    with pytest.raises(DiscoveryError, match=says) as raised:
        app.import_discovered()
    assert entry in str(raised.value)
    assert isinstance(raised.value, ImportError)


def test_a_broken_task_keeps_its_own_error(project: Project) -> None:
    project.write("disc_bad.py", TASK.replace("()", "(x: int)", 1), app="disc_app", name="bad")
    app = project.app()
    app.discover_tasks(["disc_bad"])
    with pytest.raises(TaskDefinitionError, match="by position"):
        app.import_discovered()


def test_a_send_while_importing_is_refused(project: Project) -> None:
    project.write("disc_eager.py", TASK.format(app="disc_app", name="eager") + "\neager.send()\n")
    app = project.app()
    app.discover_tasks(["disc_eager"])
    with pytest.raises(SendDuringDiscoveryError, match="eager"):
        app.import_discovered()


def test_a_reload_replaces_the_task(project: Project) -> None:
    project.write("disc_re.py", TASK, app="disc_app", name="again")
    app = project.app()
    module = importlib.import_module("disc_re")
    first = app.registry.get("again")
    project.write("disc_re.py", "\n\n" + TASK, app="disc_app", name="again")
    importlib.reload(module)
    second = app.registry.get("again")
    assert first is not second
    assert second is module.again.definition


def test_two_modules_with_the_same_function_name_are_two(project: Project) -> None:
    project.write("disc_a.py", TASK, app="disc_app", name="a")
    project.write("disc_b.py", TASK, app="disc_app", name="a")
    app = project.app()
    app.discover_tasks(["disc_a", "disc_b"])
    with pytest.raises(DuplicateTaskError, match=r"disc_a\.py"):
        app.import_discovered()


def test_the_same_name_twice_in_one_module_is_a_duplicate(project: Project) -> None:
    project.write("disc_twice.py", TASK.format(app="disc_app", name="a") + TASK.format(app="disc_app", name="a"))
    app = project.app()
    app.discover_tasks(["disc_twice"])
    with pytest.raises(DuplicateTaskError):
        app.import_discovered()


def test_a_program_that_imports_itself_has_each_task_once(project: Project) -> None:
    project.write(
        "disc_main.py",
        TASK.format(app="disc_app", name="a") + MAIN,
    )
    for how in (["disc_main.py"], ["-m", "disc_main"]):
        ran = subprocess.run([sys.executable, *how], capture_output=True, text=True, timeout=120, cwd=project.root)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.strip() == "('a',)"
