"""Findings about sends on the command line: settings, suppressions, baselines and the gate hold for callers as for tasks."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen_commands import SEND, Project

from horsies_codegen.compat.compiled import analysed
from horsies_codegen.config import Config
from horsies_codegen.source import discover

VIEW = "from shop.tasks import send_email\n\n\ndef view():\n    send_email.send(too='ada')\n"
CLEAN = VIEW.replace("too", "to")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Project(tmp_path, capsys)
    made.tasks(SEND)
    made.write("src/shop/web/__init__.py", "")
    made.write("src/shop/web/views.py", VIEW)
    return made


def test_the_finding_stands_at_the_call_and_shows_the_task(project: Project) -> None:
    ran = project.run("lint", "src")
    assert ran.code == 1
    assert "error[HC129]: argument 'too' of task 'send_email': there is no such key in the contract" in ran.out
    assert "src/shop/web/views.py:5:21" in ran.out
    assert "task 'send_email' is defined here" in ran.out
    assert "did you mean 'to'?" in ran.out


def test_a_build_stops_at_it_and_goes_on_once_it_is_mended(project: Project) -> None:
    assert project.run("build", "src", "--out", "generated").code == 1
    project.write("src/shop/web/views.py", CLEAN)
    assert project.run("build", "src", "--out", "generated").code == 0
    assert project.run("build", "src", "--out", "generated").code == 0
    project.write("src/shop/web/views.py", VIEW)  # a caller alone changes: nothing that tasks rest on does
    assert project.run("build", "src", "--out", "generated").code == 1
    project.write("src/shop/web/views.py", CLEAN)
    project.write("src/shop/web/more.py", VIEW)
    assert project.run("build", "src", "--out", "generated").code == 1


def test_it_is_no_part_of_a_contract(project: Project) -> None:
    """An old state of the sources may have sent what it liked: its contracts are there to be compared with."""
    assert project.run("schema", "send_email", "src").code == 0
    with discover(("src",)) as tree:
        assert not analysed(tree, Config()).has_errors


def test_a_change_of_the_task_is_seen_at_its_callers(project: Project) -> None:
    project.write("src/shop/web/views.py", CLEAN)
    assert project.run("lint", "src").code == 0
    project.tasks(SEND.replace("*, to: str", "*, to: str, subject: str"))
    ran = project.run("lint", "src")
    assert (ran.code, ran.out.count("error[HC130]")) == (1, 1)
    project.tasks(SEND.replace("*, to: str", "*, to: int"))
    ran = project.run("lint", "src")
    assert (ran.code, ran.out.count("error[HC131]")) == (1, 1)


def test_it_can_be_suppressed_with_a_reason(project: Project) -> None:
    project.write("src/shop/web/views.py", VIEW.replace("'ada')", "'ada')  # horsies: ignore[HC129] -- old clients"))
    assert project.run("lint", "src").code == 0
    assert project.run("build", "src", "--out", "generated").code == 0
    project.write("src/shop/web/views.py", CLEAN.replace("'ada')", "'ada')  # horsies: ignore[HC129] -- old clients"))
    assert "HC910" in project.run("lint", "src").out


def test_settings_hold_for_callers(project: Project) -> None:
    assert project.run("lint", "src", "--ignore", "HC129").code == 0
    assert project.run("lint", "src", "--select", "HC129").code == 1
    assert project.run("lint", "src", "--select", "HC101").code == 0
    settings = "[tool.horsies.codegen]\npaths = ['src']\n"
    for more in (
        "per-file-ignores = {'src/shop/web/*' = ['HC129']}",
        "exclude = ['web/']",
        "severity = {HC129 = 'note'}",
    ):
        project.write("pyproject.toml", f"{settings}{more}\n")
        assert project.run("lint").code == 0, more
    project.write("pyproject.toml", settings)
    assert project.run("lint").code == 1


def test_a_baseline_holds_it_back(project: Project) -> None:
    assert project.run("lint", "src", "--baseline", "known.json", "--update-baseline").code == 0
    assert project.run("lint", "src", "--baseline", "known.json").code == 0
    project.write("src/shop/web/more.py", VIEW)
    assert project.run("lint", "src", "--baseline", "known.json").code == 1


@pytest.mark.parametrize("head", ["from shop.tasks import send_email", "from shop.mail import send_email"])
def test_a_file_alone_is_judged_as_in_its_tree(project: Project, head: str) -> None:
    project.write("src/shop/mail.py", "from shop.tasks import send_email\n")
    project.write("src/shop/web/views.py", VIEW.replace("from shop.tasks import send_email", head))
    assert "HC129" in project.run("lint", "src/shop/web/views.py").out
    assert project.run("lint", "src/shop/mail.py").code == 0
