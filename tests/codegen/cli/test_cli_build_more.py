"""``build --watch``, ``--typecheck``, ``--json``, and progress."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
from codegen_commands import HEADER, SEND, SHIP, Project

from horsies_codegen.diagnostic.render.machine import REPORT_SCHEMA_FILE

CODEGEN = str(Path(sys.executable).parent / "horsies-codegen")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def until(holds: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait for something that another process does."""
    end_s = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.05)


def edit(project: Project, *tasks: str) -> None:
    """Put another module of tasks in the place of the one there is, at once: who watches must not see half of it."""
    written = project.write("edited", HEADER + "".join(tasks))
    written.replace(project.folder / "src/shop/tasks.py")


def test_watch_builds_after_an_edit_and_ends_with_ctrl_c(project: Project) -> None:
    project.tasks(SEND)
    said = project.folder / "said"
    with said.open("w") as output:
        watching = subprocess.Popen(
            (CODEGEN, "build", "src", "--watch"),
            cwd=project.folder,
            stderr=output,
            stdout=output,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background ignores it
        )
    try:
        until(lambda: "watching for changes" in said.read_text())
        edit(project, SEND, SHIP)
        until(lambda: (project.folder / "generated/schemas/ship.params.json").exists())
        edit(project, SEND.replace("*, ", ""))
        until(lambda: "HC101" in said.read_text())
        assert (project.folder / "generated/schemas/ship.params.json").exists()
        edit(project, SEND)
        until(lambda: not (project.folder / "generated/schemas/ship.params.json").exists())
        assert watching.poll() is None
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=60) == 0
        assert "Traceback" not in said.read_text()
    finally:
        watching.kill()
        watching.wait()


def test_typecheck_accepts_what_is_written(project: Project) -> None:
    project.tasks(SEND, SHIP)
    ran = project.run("build", "src", "--typecheck")
    assert (ran.code, ran.out) == (0, "")


def test_typecheck_reports_what_mypy_says(project: Project) -> None:
    project.tasks(SEND)
    built_in = Path(__file__).parents[3] / "templates/client/package.py.j2"
    text = "{# horsies view 1 #}" + built_in.read_text() + 'broken: int = "no"\n'
    project.write("templates/client/package.py.j2", text)
    ran = project.run("build", "src", "--typecheck", "--templates", "templates", "--format", "concise")
    assert ran.code == 1
    assert "HC931" in ran.out
    assert "Incompatible types in assignment" in ran.out
    assert "generated/tasks_client/tasks/__init__.py" in ran.out


def test_typecheck_says_that_there_is_no_mypy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.tasks(SEND)
    project.write("elsewhere/mypy/__init__.py", "raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(project.folder / "elsewhere"))
    ran = project.run("build", "src", "--typecheck", "--format", "concise")
    assert ran.code == 2
    assert "HC932" in ran.out


def test_json_says_what_was_built(project: Project) -> None:
    project.tasks(SEND)
    project.tasks(SHIP, module="shipping")
    report = json.loads(project.run("build", "src", "--json").out)
    assert report["summary"]["built"] == {"modules": 2, "written": 14, "unchanged": 0, "deleted": 0}
    assert report["summary"]["tasks"] == 2
    again = json.loads(project.run("build", "src", "--json").out)
    assert again["summary"]["built"] == {"modules": 2, "written": 0, "unchanged": 14, "deleted": 0}
    schema = json.loads(REPORT_SCHEMA_FILE.read_text())
    jsonschema_rs.validator_for(schema).validate(again)


@pytest.mark.parametrize("option", ["--watch", "--typecheck"])
def test_what_writes_nothing_cannot_be_watched_or_checked(project: Project, option: str) -> None:
    project.tasks(SEND)
    assert project.run("build", "src", "--check", option).code == 2


def test_progress_is_told_on_a_terminal_only(project: Project) -> None:
    for number in range(25):
        tasks = [SEND.replace("send_email", f"send_{number}_{task}") for task in range(12)]
        project.tasks(*tasks, module=f"tasks_{number}")
    master, slave = pty.openpty()
    hasty = "from horsies_codegen.cli import main, progress; progress.PATIENCE_S = 0.0; main()"
    command = (sys.executable, "-c", hasty, "build", "src", "--no-cache", "-j", "1")
    ran = subprocess.Popen(command, cwd=project.folder, stderr=slave, stdout=subprocess.DEVNULL)
    os.close(slave)
    told = b""
    try:
        while chunk := os.read(master, 65536):
            told += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(master)
    assert ran.wait(timeout=120) == 0
    assert b"compiling: " in told
    assert b" of 25 files" in told
    piped = subprocess.run((*command, "--check"), cwd=project.folder, capture_output=True, check=True)
    assert b"compiling" not in piped.stderr
