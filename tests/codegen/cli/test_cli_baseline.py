"""``lint --baseline``: what is held back, what is not, and that a baseline only shrinks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from codegen_commands import SEND, Project

from horsies_codegen.lint.baseline import Baseline, Entry, read, written

OLD = """
@app.task("old")
def old(a, b: list[str] = []) -> TaskResult[None, TaskError]: ...
"""
WRITE = ("--baseline", "known.json", "--update-baseline")
USE = ("--baseline", "known.json")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def codes(text: str) -> list[str]:
    return re.findall(r"^(?:error|warning|note)\[(HC\d+)\]", text, re.MULTILINE)


def entries(project: Project) -> list[tuple[str, str, int]]:
    document = json.loads(project.read("known.json"))
    return [(path, item["code"], item["count"]) for path, items in document["findings"].items() for item in items]


def test_one_command_makes_an_old_code_base_clean(project: Project) -> None:
    project.tasks(OLD)
    assert project.run("lint", "src").code == 1
    made = project.run("lint", "src", *WRITE)
    assert (made.code, made.out) == (0, "")
    assert "known.json: holds back 4 findings; 0 removed" in made.err
    path = "src/shop/tasks.py"
    assert entries(project) == [(path, "HC101", 2), (path, "HC103", 1), (path, "HC118", 1)]
    used = project.run("lint", "src", *USE)
    assert (used.code, used.out) == (0, "")
    assert "4 findings held back by known.json" in used.err


def test_lines_may_move_and_what_is_new_is_reported(project: Project) -> None:
    project.tasks(OLD)
    project.run("lint", "src", *WRITE)
    before = project.read("known.json")
    project.tasks("\n\nX = 1\n", SEND.replace("*, to", "to"), OLD)
    ran = project.run("lint", "src", *USE)
    assert (ran.code, codes(ran.out)) == (1, ["HC101", "HC101"])
    again = project.run("lint", "src", *WRITE)
    assert (again.code, codes(again.out)) == (1, ["HC101", "HC101"])
    assert project.read("known.json") == before


def test_an_edited_line_is_new(project: Project) -> None:
    project.tasks(OLD)
    project.run("lint", "src", *WRITE)
    project.tasks(OLD.replace("def old(a,", "def old(a, c: int,"))
    assert set(codes(project.run("lint", "src", *USE).out)) == {"HC101", "HC103", "HC118", "HC913"}


def test_what_is_gone_is_said_and_then_removed(project: Project) -> None:
    project.tasks(OLD)
    project.run("lint", "src", *WRITE)
    project.tasks(OLD.replace("a, b: list[str] = []", "*, a"))
    stale = project.run("lint", "src", *USE)
    assert codes(stale.out) == ["HC913", "HC103"]
    assert "known.json:1:1" in stale.out
    project.tasks(SEND)
    stale = project.run("lint", "src", *USE)
    assert (stale.code, codes(stale.out)) == (0, ["HC913"])
    assert "4 entries of the baseline" in stale.out
    assert "0 findings; 4 removed" in project.run("lint", "src", *WRITE).err
    assert read(project.read("known.json")) == Baseline()
    project.tasks(OLD)
    assert project.run("lint", "src", *WRITE).code == 1
    assert read(project.read("known.json")) == Baseline()


def test_what_was_not_looked_at_stays(project: Project) -> None:
    project.tasks(OLD)
    project.tasks(OLD.replace("old", "older"), module="more")
    project.run("lint", "src", *WRITE)
    before = project.read("known.json")
    for arguments in (("src/shop/tasks.py",), ("src", "--select", "HC2"), ("src", "--ignore", "HC1")):
        ran = project.run("lint", *arguments, *WRITE)
        assert (ran.code, codes(ran.out)) == (0, [])
        assert project.read("known.json") == before
    (project.folder / "src/shop/more.py").unlink()
    assert codes(project.run("lint", "src/shop/tasks.py", *USE).out) == ["HC913"]
    project.run("lint", "src", *WRITE)
    assert {path for path, _, _ in entries(project)} == {"src/shop/tasks.py"}


def test_it_is_found_by_the_settings_from_any_folder(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("pyproject.toml", '[tool.horsies.codegen]\nbaseline = "known.json"\n')
    project.tasks(OLD)
    assert project.run("lint", "src", "--update-baseline").code == 0
    assert project.run("lint", "src").code == 0
    monkeypatch.chdir(project.folder / "src")
    assert project.run("lint", "shop").code == 0


def test_a_file_that_is_no_python_is_never_held_back(project: Project) -> None:
    project.write("src/shop/tasks.py", "from horsies import app.task\n")
    ran = project.run("lint", "src", *WRITE)
    assert (ran.code, codes(ran.out)) == (1, ["HC001"])


def test_a_build_does_not_heed_it(project: Project) -> None:
    project.tasks(OLD)
    project.write("pyproject.toml", '[tool.horsies.codegen]\nbaseline = "known.json"\n')
    project.run("lint", "src", "--update-baseline")
    assert project.run("build", "src").code == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "there is no such file"),
        ("<<<<<<< ours\n", "it is no JSON"),
        ("[]", "it is no object"),
        ('{"version": 9, "findings": {}}', "version 1"),
        ('{"version": 1, "findings": []}', "a list for each path"),
        ('{"version": 1, "findings": {"a.py": {}}}', "no list"),
        ('{"version": 1, "findings": {"a.py": [{"code": "HC101", "text": "x", "count": 0}]}}', "an entry of a.py"),
        ('{"version": 1, "findings": {"a.py": [{"code": "HC101", "text": "x", "count": 1, "line": 3}]}}', "an entry"),
    ],
)
def test_one_that_is_none_stops_everything(project: Project, text: str | None, why: str) -> None:
    project.tasks(SEND)
    if text is not None:
        project.write("known.json", text)
    ran = project.run("lint", "src", *USE)
    assert (ran.code, codes(ran.out)) == (2, ["HC914"])
    assert why in ran.out
    if text is not None:
        assert project.run("lint", "src", *WRITE).code == 2
        assert project.read("known.json") == text


@pytest.mark.parametrize(
    "arguments", [("--update-baseline",), (*WRITE, "--diff"), (*WRITE, "--stdin-filename", "src/shop/tasks.py")]
)
def test_what_makes_no_sense_together_is_refused(project: Project, arguments: tuple[str, ...]) -> None:
    project.tasks(OLD)
    assert project.run("lint", "src", *arguments).code == 2
    assert not (project.folder / "known.json").exists()


def test_it_is_not_updated_when_a_path_could_not_be_read(project: Project) -> None:
    project.tasks(OLD)
    assert project.run("lint", "src", "nowhere", *WRITE).code == 2
    assert not (project.folder / "known.json").exists()


def test_it_survives_its_own_file_format() -> None:
    baseline = Baseline({Entry("é/a.py", "HC101", "def f(a, b): # \x1b ü"): 2, Entry("b.py", "HC118", ""): 1})
    assert read(written(baseline)) == baseline
    assert written(read(written(baseline))) == written(baseline)
