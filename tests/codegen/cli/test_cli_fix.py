"""``lint --fix``: what it changes, what it leaves, and that it never makes things worse."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen_commands import HEADER, SEND, Project

POSITIONAL = """
@app.task("ship")  # keep me
def ship(
    order_id: int,  # and me
    note: str = "é",
) -> TaskResult[None, TaskError]: ...
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("TaskError]:  # horsies: ignore[HC204] -- no more\n", "TaskError]:\n"),
        ("TaskError]:  # a word  # horsies: ignore[HC204] -- no more\n", "TaskError]:  # a word\n"),
    ],
)
def test_an_unused_suppression_goes(project: Project, before: str, after: str) -> None:
    project.tasks(SEND.replace("TaskError]:\n", before))
    assert project.run("lint", "src").code == 1
    ran = project.run("lint", "src", "--fix")
    assert (ran.code, ran.out) == (0, "")
    assert "1 repair in 1 file made" in ran.err
    assert project.read("src/shop/tasks.py") == HEADER + SEND.replace("TaskError]:\n", after)


def test_one_that_has_a_line_of_its_own_goes_with_the_line(project: Project) -> None:
    project.tasks(SEND.replace("def send", "# horsies: ignore[HC204] -- no more\ndef send"))
    assert project.run("lint", "src", "--fix").code == 0
    assert project.read("src/shop/tasks.py") == HEADER + SEND


def test_an_unsafe_repair_is_made_only_when_asked_for(project: Project) -> None:
    project.tasks(POSITIONAL)
    text = project.read("src/shop/tasks.py")
    ran = project.run("lint", "src", "--fix")
    assert ran.code == 1
    assert "with --fix --unsafe-fixes" in ran.err
    assert project.read("src/shop/tasks.py") == text
    assert project.run("lint", "src", "--fix", "--unsafe-fixes").code == 0
    assert project.read("src/shop/tasks.py") == text.replace("    order_id: int,", "    *, order_id: int,")


@pytest.mark.parametrize("signature", ["a: int, /, b: int", "a: int, *, b: int", "a: int, *rest: int"])
def test_a_signature_that_has_stars_or_slashes_is_left_to_people(project: Project, signature: str) -> None:
    project.tasks(f'@app.task("x")\ndef x({signature}) -> TaskResult[None, TaskError]: ...\n')
    text = project.read("src/shop/tasks.py")
    assert project.run("lint", "src", "--fix", "--unsafe-fixes").code == 1
    assert project.read("src/shop/tasks.py") == text


def test_diff_shows_repairs_and_writes_nothing(project: Project) -> None:
    project.tasks(POSITIONAL)
    text = project.read("src/shop/tasks.py")
    ran = project.run("lint", "src", "--unsafe-fixes", "--diff")
    assert ran.code == 1
    assert "-    order_id: int,  # and me\n+    *, order_id: int,  # and me\n" in ran.out
    assert project.read("src/shop/tasks.py") == text
    assert project.run("lint", "src", "--diff").out == ""


def test_bytes_that_are_not_part_of_a_repair_stay(project: Project) -> None:
    """A byte order mark, CRLF line breaks, an old encoding, the mode of the file."""
    source = "# -*- coding: latin-1 -*-\n" + HEADER + POSITIONAL
    path = project.folder / "src/shop/tasks.py"
    path.write_bytes(source.replace("\n", "\r\n").encode("latin-1"))
    path.chmod(0o640)
    assert project.run("lint", "src", "--fix", "--unsafe-fixes").code == 0
    expected = source.replace("    order_id: int,", "    *, order_id: int,").replace("\n", "\r\n").encode("latin-1")
    assert path.read_bytes() == expected
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_repair_is_not_made_on_what_an_editor_holds(project: Project) -> None:
    project.tasks(SEND)
    assert project.run("lint", "--stdin-filename", "src/shop/tasks.py", "--fix").code == 2
