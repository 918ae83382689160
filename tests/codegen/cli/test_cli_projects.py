"""Several projects in one ``pyproject.toml``: built, checked and judged together, and each on its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from codegen_commands import APP, HEADER, SEND, SHIP, Project

SETTINGS = """
[tool.horsies.codegen]
python = "3.12"

[[tool.horsies.codegen.project]]
name = "shop"
paths = ["src", "more"]
out = "made/shop"
package = "shop_client"

[[tool.horsies.codegen.project]]
paths = ["billing"]
out = "made/billing"
package = "acme.billing"

[tool.horsies.codegen.project.types]
"acme.Money" = "str"
"""
CHARGE = """
from acme import Money

@app.task("charge")
def charge(*, amount: Money) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Project(tmp_path, capsys)
    made.write("pyproject.toml", SETTINGS)
    made.tasks(SEND)
    made.write("more/extra/tasks.py", HEADER + SHIP)
    billing(made, CHARGE)
    return made


def billing(project: Project, tasks: str) -> None:
    """The module of the second project, with an app of its own."""
    project.write("billing/billing/__init__.py", "")
    project.write("billing/billing/app.py", APP)
    project.write("billing/billing/tasks.py", HEADER.replace("shop.app", "billing.app") + tasks)


def codes(text: str) -> list[str]:
    """The codes of the findings in a printed report."""
    return re.findall(r"^(?:error|warning)\[(HC\d+)\]", text, re.MULTILINE)


def test_one_build_makes_every_client_from_every_root(project: Project) -> None:
    ran = project.run("build")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "shop: compiled 2 tasks in 2 modules: 14 written, 0 unchanged\n"
        "acme.billing: compiled 1 task in 1 module: 10 written, 0 unchanged\n"
    )
    assert "class SendEmail(" in project.read("made/shop/shop_client/tasks/shop_tasks.py")
    assert "class Ship(" in project.read("made/shop/shop_client/tasks/extra_tasks.py")
    assert "amount: str" in project.read("made/billing/acme/billing/tasks/billing_tasks.py")


def test_check_and_diff_look_at_all_of_them(project: Project) -> None:
    project.run("build")
    assert project.run("build", "--check").err.count("everything generated is up to date") == 2
    project.tasks(SEND.replace("to: str", "to: int"))
    billing(project, CHARGE.replace("amount", "sum"))
    ran = project.run("build", "--check")
    assert ran.code == 1
    assert "made/shop/schemas/send_email.params.json" in ran.out
    assert "made/billing/schemas/charge.params.json" in ran.out
    differed = project.run("build", "--diff")
    assert differed.code == 1
    subprocess.run(["git", "apply", "--check", "-p1"], input=differed.out, text=True, cwd=project.folder, check=True)


def test_a_name_may_stand_once_in_all_projects(project: Project) -> None:
    billing(project, SEND)
    for command in ("build", "lint"):
        ran = project.run(command)
        assert (ran.code, codes(ran.out)) == (1, ["HC108"])
        assert "billing/billing/tasks.py:5:11" in ran.out
        assert "src/shop/tasks.py:5:11" in ran.out
    assert not (project.folder / "made").exists()


def test_a_task_that_two_projects_read_is_one_task(project: Project) -> None:
    project.write("pyproject.toml", SETTINGS.replace('["billing"]', '["billing", "src"]'))
    assert project.run("build").code == 0


def test_an_error_in_one_keeps_all_from_being_written(project: Project) -> None:
    billing(project, CHARGE.replace("Money)", "Nothing)"))
    ran = project.run("build")
    assert ran.code == 1
    assert not (project.folder / "made").exists()


def test_a_file_edited_by_hand_in_one_keeps_all_from_being_written(project: Project) -> None:
    project.run("build")
    project.write("made/billing/acme/billing/models.py", "mine = 1\n")
    project.tasks(SEND.replace("to: str", "to: int"))
    before = project.read("made/shop/horsies.lock.json")
    ran = project.run("build")
    assert (ran.code, codes(ran.out)) == (1, ["HC904"])
    assert project.read("made/shop/horsies.lock.json") == before


def test_one_project_alone(project: Project) -> None:
    assert project.run("build", "--project", "shop").code == 0
    assert not (project.folder / "made/billing").exists()
    assert project.run("schema", "charge", "--project", "acme.billing").code == 0
    assert project.run("lint", "--project", "shop", "--statistics").code == 0
    ran = project.run("build", "--project", "acme.billing", "--out", "elsewhere", "--package", "other")
    assert ran.code == 0
    assert (project.folder / "elsewhere/other/__init__.py").exists()


def test_paths_choose_the_projects_that_they_lie_in(project: Project) -> None:
    ran = project.run("build", "billing/billing")
    assert ran.err == "acme.billing: compiled 1 task in 1 module: 10 written, 0 unchanged\n"
    assert project.run("build", ".").err.count("compiled") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "--project", "shopp"), "there is no project 'shopp'"),
        (("build", "elsewhere"), "'elsewhere' lies in no project"),
        (("schema", "charge"), "this command works on one project"),
        (("breaking", "--against", "main"), "this command works on one project"),
        (("lint", "--fix"), "this command works on one project"),
    ],
)
def test_what_cannot_be_told_apart_is_a_finding(project: Project, arguments: tuple[str, ...], said: str) -> None:
    ran = project.run(*arguments)
    assert (ran.code, codes(ran.out)) == (2, ["HC907"])
    assert said in ran.out


def test_out_and_package_need_one_project(project: Project) -> None:
    ran = project.run("build", "--out", "x")
    assert ran.code == 2
    assert "--project" in ran.err


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ('out = "made/billing"', 'out = "made/shop/x"', "both write to 'made/shop/x'", 13),
        ('paths = ["billing"]', 'paths = ["billing"]\nname = "shop"', "two projects are called 'shop'", 13),
        ('paths = ["billing"]', 'pahts = ["billing"]', "[[tool.horsies.codegen.project]] has no key 'pahts'", 12),
        ('"acme.Money" = "str"', '"acme.Money" = 1', "types.acme.Money must be a string", 17),
    ],
)
def test_what_is_wrong_in_a_block_is_shown_at_its_place(
    project: Project, old: str, new: str, said: str, line: int
) -> None:
    project.write("pyproject.toml", SETTINGS.replace(old, new))
    ran = project.run("build")
    assert (ran.code, codes(ran.out)) == (2, ["HC907"])
    assert said in ran.out
    assert f"--> pyproject.toml:{line}:" in ran.out


def test_a_project_without_tasks_is_no_success(project: Project) -> None:
    billing(project, "")
    ran = project.run("build")
    assert (ran.code, codes(ran.out)) == (2, ["HC912"])
    assert "'acme.billing'" in ran.out
