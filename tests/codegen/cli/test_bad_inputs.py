"""Files that are odd or broken: each gets its own clear finding or is handled, and never costs the findings of others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from codegen_commands import Project

GOOD = """from horsies import Horsies, TaskError, TaskResult

app = Horsies()


@app.task("good")
def good(*, a: object) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""
TASK = GOOD.replace('"good"', '"odd"').replace("def good", "def odd").replace("a: object", "a: int")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Project(tmp_path, capsys)
    made.write("src/good.py", GOOD)
    return made


def odd(project: Project, data: bytes) -> Path:
    path = project.folder / "src/odd.py"
    path.write_bytes(data)
    return path


def found(project: Project) -> tuple[str, ...]:
    """The findings besides the one that a good file has in every case."""
    lines = project.run("lint", "src", "--format", "concise", "--no-cache").out.splitlines()
    own = "src/good.py:7:16: HC202 parameter 'a' of task 'good': object says nothing about the wire"
    assert own in lines
    return tuple(line for line in lines if line != own)


@pytest.mark.parametrize(
    ("data", "finding"),
    [
        (TASK.replace("None)", "'\u00e9')").encode("latin-1"), "HC001"),
        (TASK.encode() + b"def broken(:\n", "HC001"),
        (TASK.encode().replace(b"    return", b"\treturn\n    return"), "HC001"),
        (TASK.encode() + b"x = 1\0\n", "HC001"),
        (b"# coding: no-such-thing\n" + TASK.encode(), "HC001"),
    ],
    ids=["not-utf8", "syntax", "mixed-tabs", "null-byte", "unknown-coding"],
)
def test_a_broken_file_is_one_finding(project: Project, data: bytes, finding: str) -> None:
    odd(project, data)
    [line] = found(project)
    assert line.startswith("src/odd.py:")
    assert finding in line


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf" + TASK.encode(),
        TASK.replace("\n", "\r\n").encode(),
        TASK.replace("    return", "\treturn").encode(),
        b"# -*- coding: latin-1 -*-\n# \xe9\n" + TASK.encode(),
        TASK.encode() + b"\f\n# the end, without a newline",
        TASK.encode() + b"x = [\n" + b"    'a long table',\n" * 260_000 + b"]\n",
    ],
    ids=["empty", "blank", "bom", "crlf", "tabs", "latin-1", "form-feed", "5-megabytes"],
)
def test_an_odd_file_is_read(project: Project, data: bytes) -> None:
    odd(project, data)
    assert found(project) == ()


def _link(path: Path) -> None:
    path.symlink_to("nowhere.py")


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [_link, _circle, _folder, _pipe])
def test_what_is_no_file_costs_nothing_else(project: Project, make: Callable[[Path], None]) -> None:
    make(project.folder / "src/odd.py")
    lines = found(project)
    assert all(line.startswith(("src/odd.py", "HC908")) for line in lines)
    assert len(lines) <= 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_finding(project: Project) -> None:
    odd(project, TASK.encode()).chmod(0)
    [line] = found(project)
    assert "src/odd.py" in line


def test_modules_that_import_each_other_are_read(project: Project) -> None:
    project.write("src/pack/__init__.py", "from pack.a import *\n")
    project.write("src/pack/a.py", "from pack.b import B\nclass A:\n    pass\n")
    project.write("src/pack/b.py", "from pack.a import A, nothing\nclass B(A):\n    pass\nLoop = Again\nAgain = Loop\n")
    odd(project, TASK.replace("a: int", "a: nothing").replace("app =", "from pack.b import nothing\napp =").encode())
    [line] = found(project)
    assert "HC003" in line


@pytest.mark.parametrize(
    "classes",
    [
        "from pydantic import BaseModel\nclass A(A, BaseModel):\n    a: int\n",
        "class A(B):\n    a: int\nclass B(A):\n    b: int\n",
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass A(Generic[T], 'A'):\n    a: T\n",
        "A = A\n",
        "type A = A\n",
        "type A = int | B\ntype B = A | None\n",
        "A = list['A']\n",
    ],
)
def test_a_class_or_alias_in_its_own_way_is_a_finding(project: Project, classes: str) -> None:
    odd(project, TASK.replace("a: int", "a: A").replace("app =", f"{classes}app =").encode())
    lines = found(project)
    assert lines
    assert all("HC909" not in line for line in lines)


def test_namespace_packages_and_several_roots_are_followed(project: Project) -> None:
    project.write("src/space/shop/models.py", "from enum import Enum\nclass Level(Enum):\n    LOW = 1\n")
    project.write("libs/common/kinds.py", "from typing import NewType\nSku = NewType('Sku', str)\n")
    project.write("pyproject.toml", "[tool.horsies.codegen]\nroots = ['src', 'libs']\n")
    odd(
        project,
        TASK.replace("a: int", "a: Level, b: Sku")
        .replace("app =", "from space.shop.models import Level\nfrom common.kinds import Sku\napp =")
        .encode(),
    )
    lines = project.run("lint", "src", "libs", "--format", "concise", "--no-cache").out.splitlines()
    assert [line for line in lines if "odd.py" in line] == []


def test_a_finding_beside_a_long_sum_is_told_without_a_repair(project: Project) -> None:
    long_sum = "TEXT = " + " + ".join(["'a'"] * 1_000)
    odd(project, f"{TASK.replace('*, ', '')}\n{long_sum}\n".encode())
    assert found(project) == ("src/odd.py:7:9: HC101 parameter 'a' of task 'odd' can be passed by position",)
    assert project.run("lint", "src", "--no-cache", "--fix").code == 1
