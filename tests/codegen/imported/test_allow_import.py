"""``--allow-import``: live modules are asked from a safe distance, and only when the user says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from codegen_commands import Project

from horsies_codegen.imported import Answer, Limits, ask
from horsies_core.contract.lock import read_lock
from horsies_core.contract.types import NumberType, Ref

MADE = """import os
from pydantic import create_model
from horsies import Horsies, TaskError, TaskResult

print("noise")
open("imported.txt", "a").write("x")
app = Horsies()
Row = create_model("Row", a=(int, ...))

@app.task("store")
def store(*, row: Row, note: str = "") -> TaskResult[list[Row], TaskError]:
    return TaskResult(ok=[row])
"""
PLAIN = """from horsies import Horsies, TaskError, TaskResult

open("plain.txt", "a").write("x")
app = Horsies()

@app.task("plain")
def plain(*, a: int) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""
DECORATED = """from pydantic import BaseModel

def register(kind):
    return kind

@register
class Row(BaseModel):
    a: int
"""
CALLED = """from typing import Annotated
from pydantic import Field

def positive():
    return Field(gt=0)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/made.py").write_text(MADE)
    (tmp_path / "src/plain.py").write_text(PLAIN)
    return Project(tmp_path, capsys)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(folder: Path, body: str, limits: Limits | None = None) -> Answer:
    """What a module of that body says when it is asked."""
    (folder / "asked.py").write_text(body)
    return ask([str(folder)], ["asked"], limits or Limits())


def test_without_the_option_nothing_is_imported(project: Project) -> None:
    ran = project.run("build", "src")
    assert ran.code == 1
    assert "--allow-import" in ran.out
    assert not (project.folder / "imported.txt").exists()


def test_the_lock_says_which_contract_was_imported(project: Project) -> None:
    ran = project.run("build", "src", "--allow-import")
    assert (ran.code, ran.out) == (0, "")
    assert "importing made to ask" in ran.err
    lock = read_lock((project.folder / "generated/horsies.lock.json").read_text(encoding="utf-8"))
    assert {entry.contract.name: entry.provenance for entry in lock.entries} == {"plain": "source", "store": "imported"}
    entry = lock.entry("store")
    assert entry is not None
    assert entry.contract.parameters[0].type == Ref("made:Row")
    assert project.run("build", "src", "--allow-import", "--check").code == 0


def test_only_what_cannot_be_read_is_imported(project: Project) -> None:
    project.run("build", "src", "--allow-import")
    assert (project.folder / "imported.txt").exists()
    assert not (project.folder / "plain.txt").exists()


def test_a_class_with_an_unknown_decorator_is_asked_for(project: Project) -> None:
    body = PLAIN.replace("a: int", "a: Row").replace('open("plain.txt", "a").write("x")', DECORATED)
    (project.folder / "src/plain.py").write_text(body)
    assert "the decorator register" in project.run("lint", "src/plain.py").out
    assert project.run("build", "src", "--allow-import").code == 0


def test_a_constraint_that_a_call_makes_is_asked_for(project: Project) -> None:
    body = PLAIN.replace("a: int", "a: Annotated[int, positive()]")
    (project.folder / "src/plain.py").write_text(body.replace('open("plain.txt", "a").write("x")', CALLED))
    assert "build with --allow-import" in project.run("lint", "src/plain.py").out
    assert project.run("build", "src", "--allow-import").code == 0
    lock = read_lock((project.folder / "generated/horsies.lock.json").read_text(encoding="utf-8"))
    entry = lock.entry("plain")
    assert entry is not None
    assert entry.contract.parameters[0].type == NumberType(kind="int", gt=0)


GENERATED = """from pydantic import BaseModel, ConfigDict

class Row(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.upper())
    a: int
"""
CONFIGURED = """from pydantic import BaseModel, ConfigDict

def settings():
    return ConfigDict(extra="forbid")

class Row(BaseModel):
    model_config = settings()
    a: int
"""
LISTED = """from typing import Literal

LEVEL = "".join(["h", "igh"])
Row = Literal[LEVEL]
"""


@pytest.mark.parametrize("text", [GENERATED, CONFIGURED, LISTED], ids=["generator", "configuration", "literal"])
def test_what_code_makes_of_a_class_is_asked_for(project: Project, text: str) -> None:
    (project.folder / "src/made.py").write_text(MADE.replace('Row = create_model("Row", a=(int, ...))\n', text))
    refused = project.run("build", "src")
    assert refused.code == 1
    assert "error[HC004]" in refused.out
    assert "build with --allow-import" in refused.out
    assert project.run("build", "src", "--allow-import").code == 0


def test_what_the_runtime_refuses_stays_refused(project: Project) -> None:
    (project.folder / "src/made.py").write_text(MADE.replace("note: str", "note: object"))
    ran = project.run("build", "src", "--allow-import")
    assert ran.code == 1
    assert "when imported: TaskDefinitionError: HC202" in ran.out


def test_a_module_that_raises_says_so(tmp_path: Path) -> None:
    assert asked(tmp_path, "1 / 0\n").reason("asked:task") == "ZeroDivisionError: division by zero"
    assert asked(tmp_path, "import sys\nsys.exit(3)\n").reason("asked:task") == "SystemExit: 3"


def test_a_process_that_dies_says_so(tmp_path: Path) -> None:
    answer = asked(tmp_path, "import os, sys\nprint('out of luck', file=sys.stderr, flush=True)\nos._exit(7)\n")
    assert answer.reason("asked:task") == "the process ended with 7: out of luck"


def test_importing_has_a_limit_in_time(tmp_path: Path) -> None:
    answer = asked(tmp_path, "import time\ntime.sleep(600)\n", Limits(seconds=8))
    assert answer.reason("asked:task") == "importing took longer than 8 s"


def test_importing_has_a_limit_in_memory(tmp_path: Path) -> None:
    answer = asked(tmp_path, "hoard = bytearray(8 * 1024**3)\n", Limits(megabytes=2048))
    assert answer.reason("asked:task") == "MemoryError: "


def test_what_a_module_leaves_running_holds_nothing_up(tmp_path: Path) -> None:
    body = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n" + PLAIN
    assert list(asked(tmp_path, body, Limits(seconds=50)).contracts) == ["asked:plain"]


def test_a_send_is_refused_meanwhile(tmp_path: Path) -> None:
    answer = asked(tmp_path, PLAIN + "\nplain.send(a=1)\n")
    assert answer.reason("asked:plain").startswith("SendDuringDiscoveryError")


def test_the_environment_of_python_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "horsies.py").write_text("raise RuntimeError('shadowed')\n")
    monkeypatch.setenv("PYTHONPATH", str(shadow))
    monkeypatch.chdir(shadow)
    assert asked(tmp_path, PLAIN).errors == {}
