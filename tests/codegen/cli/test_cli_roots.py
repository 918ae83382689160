"""Several import roots in one build."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen_commands import Project

ORDER = "from pydantic import BaseModel\n\n\nclass Order(BaseModel):\n    {field}\n"
ORDER_TASK = """\
from horsies import Horsies, TaskError, TaskResult
from shop.models import Order

app = Horsies()


@app.task("{name}")
def {name}(*, order: Order) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def two_roots(project: Project, *fields: str) -> None:
    """Two import roots, each with a module ``shop.models`` and a task of its own."""
    for folder, field in zip(("one", "two"), fields, strict=True):
        project.write(f"{folder}/shop/models.py", ORDER.format(field=field))
        project.write(f"{folder}/shop/{folder}_tasks.py", ORDER_TASK.format(name=folder))


@pytest.mark.parametrize("more", [(), ("--no-cache",), ("-j", "2")])
def test_two_classes_of_one_name_are_no_client(project: Project, more: tuple[str, ...]) -> None:
    two_roots(project, "sku: str", "cents: int")
    for _ in range(2):
        ran = project.run("build", "one", "two", "--format", "concise", *more)
        assert ran.code == 1
        assert ran.out.startswith("two/shop/two_tasks.py:8:5: HC010 "), ran.out
        assert not (project.folder / "generated").exists()


def test_two_classes_of_one_name_cannot_be_silenced(project: Project) -> None:
    two_roots(project, "sku: str", "cents: int")
    project.write("pyproject.toml", '[tool.horsies.codegen]\nignore = ["HC010"]\n')
    ran = project.run("build", "one", "two")
    assert (ran.code, "error[HC010]" in ran.out) == (1, True)
    assert not (project.folder / "generated").exists()


def test_two_classes_that_say_the_same_are_one(project: Project) -> None:
    two_roots(project, "sku: str", "sku: str")
    assert project.run("build", "one", "two").code == 0
