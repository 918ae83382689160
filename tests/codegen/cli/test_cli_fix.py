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
        ("TaskError]:  # horsies: ignore[HC204, HC113] -- no more\n", "TaskError]:\n"),
    ],
)
def test_an_unused_suppression_goes(project: Project, before: str, after: str) -> None:
    project.tasks(SEND.replace("TaskError]:\n", before))
    assert project.run("lint", "src").code == 1
    ran = project.run("lint", "src", "--fix")
    assert (ran.code, ran.out) == (0, "")
    assert "1 repair in 1 file made" in ran.err or "HC113" in before
    assert project.read("src/shop/tasks.py") == HEADER + SEND.replace("TaskError]:\n", after)


def test_a_suppression_keeps_the_codes_that_silence_something(project: Project) -> None:
    source = SEND.replace("list[str] | None = None", "list[str] = []")
    comment = "TaskError]:  # horsies: ignore[HC204,HC118 , HC113] -- never changed\n"
    project.tasks(source.replace("TaskError]:\n", comment))
    assert project.run("lint", "src", "--fix").code == 0
    expected = source.replace("TaskError]:\n", "TaskError]:  # horsies: ignore[HC118] -- never changed\n")
    assert project.read("src/shop/tasks.py") == HEADER + expected


def test_one_that_has_a_line_of_its_own_goes_with_the_line(project: Project) -> None:
    project.tasks(SEND.replace("def send", "# horsies: ignore[HC204] -- no more\ndef send"))
    assert project.run("lint", "src", "--fix").code == 0
    assert project.read("src/shop/tasks.py") == HEADER + SEND


def test_an_unsafe_repair_is_made_only_when_asked_for(project: Project) -> None:
    project.tasks(POSITIONAL)
    project.write("src/shop/later.py", "from shop.tasks import ship\n\nSHIPPERS = [ship]\n")
    text = project.read("src/shop/tasks.py")
    ran = project.run("lint", "src", "--fix")
    assert ran.code == 1
    assert "with --fix --unsafe-fixes" in ran.err
    assert project.read("src/shop/tasks.py") == text
    assert project.run("lint", "src", "--fix", "--unsafe-fixes").code == 0
    assert project.read("src/shop/tasks.py") == text.replace("    order_id: int,", "    *, order_id: int,")


def test_what_a_repair_would_break_is_left_to_people(project: Project) -> None:
    """Two bare decorators whose functions share a name: naming both would make the name be taken twice."""
    source = "@app.task\ndef ship() -> TaskResult[None, TaskError]: ...\n"
    project.tasks(source, SEND.replace("*, to", "to"))
    project.tasks(source, module="more")
    ran = project.run("lint", "src", "--fix", "--format", "concise")
    assert ran.code == 1
    assert ran.out.count("HC111") >= 1
    assert "HC108" not in ran.out
    assert "*, to" in project.read("src/shop/tasks.py")


def test_repairs_go_on_until_nothing_is_left(project: Project) -> None:
    """A bare decorator hides the function: what is under it is found, and mended, in later rounds."""
    project.tasks('@app.task\ndef ship(order_id: int, note: str = None):\n    return TaskResult(ok="x")\n')
    project.write("src/shop/views.py", "from shop.tasks import ship\n\n\ndef view():\n    ship.send(1)\n")
    ran = project.run("lint", "src", "--fix")
    assert (ran.code, ran.out) == (0, "")
    assert project.read("src/shop/tasks.py") == HEADER + (
        '@app.task("ship")\ndef ship(*, order_id: int, note: str | None = None) -> TaskResult[str, TaskError]:\n'
        '    return TaskResult(ok="x")\n'
    )
    assert project.read("src/shop/views.py").endswith("ship.send(order_id=1)\n")


def test_repairs_are_written_all_or_none(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.tasks("@app.task\ndef ship(order_id: int) -> TaskResult[None, TaskError]: ...\n")
    project.write("src/shop/views.py", "from shop.tasks import ship\n\nship(1)\n")
    before = project.read("src/shop/tasks.py"), project.read("src/shop/views.py")
    write = Path.write_bytes

    def full_disk(path: Path, data: bytes) -> int:
        if ".views.py" in path.name:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    assert project.run("lint", "src", "--fix").code == 2
    assert (project.read("src/shop/tasks.py"), project.read("src/shop/views.py")) == before
    assert not list((project.folder / "src/shop").glob(".*.tmp"))


def test_diff_shows_repairs_and_writes_nothing(project: Project) -> None:
    project.tasks(POSITIONAL)
    text = project.read("src/shop/tasks.py")
    ran = project.run("lint", "src", "--diff")
    assert ran.code == 1
    assert "-    order_id: int,  # and me\n+    *, order_id: int,  # and me\n" in ran.out
    assert project.read("src/shop/tasks.py") == text
    project.tasks(SEND)
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


def test_arguments_of_sends_are_named_when_asked_for(project: Project) -> None:
    project.tasks(SEND)
    view = "from shop.tasks import send_email\n\n\ndef view(user):\n    send_email.send({})\n"
    project.write("src/shop/views.py", view.format("user.email, cc=None"))
    ran = project.run("lint", "src", "--fix")
    assert ran.code == 1
    assert project.read("src/shop/views.py") == view.format("user.email, cc=None")
    ran = project.run("lint", "src", "--unsafe-fixes")
    assert (ran.code, ran.out) == (0, "")
    assert project.read("src/shop/views.py") == view.format("to=user.email, cc=None")


def test_sends_that_a_repair_uncovers_do_not_stop_it(project: Project) -> None:
    """A task with positional parameters has no contract; once it has one, its sends are judged."""
    project.tasks(POSITIONAL)
    project.write("src/shop/views.py", "from shop.tasks import ship\n\n\ndef view():\n    ship.send(order_id='7')\n")
    ran = project.run("lint", "src", "--fix")
    assert ran.code == 1
    assert "error[HC131]" in ran.out
    assert "HC101" not in ran.out
    assert "def ship(\n    *," in project.read("src/shop/tasks.py")
