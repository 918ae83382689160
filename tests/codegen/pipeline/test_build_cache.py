"""A cache changes how long a build takes, and nothing of what it writes, says or exits with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from codegen_commands import Project, Ran
from edited_trees import FILES, MODELS, TASKS, edits, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from horsies_codegen.pipeline import work
from horsies_codegen.pipeline.plan import _Unit


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return Project(tmp_path, capsys)


def texts(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def start(project: Project) -> None:
    """A tree that builds, and no cache."""
    for name in ("src", "generated", "fresh", ".horsies-cache"):
        shutil.rmtree(project.folder / name, ignore_errors=True)
    for path, text in FILES.items():
        put(project.folder, path, text)


def build(project: Project, *more: str) -> Ran:
    """A build with the cache."""
    return project.run("build", "src", *more)


damage = st.sampled_from([None, "delete", "edit", "same size", "touch", "cache"])


def harm(project: Project, kind: str | None) -> None:
    """Do something to what a build left."""
    victims = sorted(path for path in (project.folder / "generated").rglob("*.json"))
    if kind == "cache":
        shutil.rmtree(project.folder / ".horsies-cache", ignore_errors=True)
    if not victims or kind in (None, "cache"):
        return
    victim = victims[len(victims) // 2]
    status = victim.stat()
    if kind == "delete":
        victim.unlink()
    elif kind == "edit":
        victim.write_text(victim.read_text() + " ")
    elif kind == "same size":
        victim.write_text(victim.read_text().replace("e", "f"))
        os.utime(victim, ns=(status.st_atime_ns, status.st_mtime_ns))
    else:
        victim.touch()


@given(st.lists(st.tuples(edits, damage), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_edited_a_build_comes_to_the_same(
    project: Project, rounds: list[tuple[list[tuple[str, str | None]], str | None]]
) -> None:
    start(project)
    build(project)
    for edited, harmed in rounds:
        for path, text in edited:
            put(project.folder, path, text)
        harm(project, harmed)
        shutil.rmtree(project.folder / "fresh", ignore_errors=True)
        if (project.folder / "generated").exists():
            shutil.copytree(project.folder / "generated", project.folder / "fresh")
        for _ in range(2):
            cached = build(project)
            fresh = build(project, "--no-cache", "--out", "fresh")
            assert (cached.code, cached.out) == (fresh.code, fresh.out.replace("fresh/", "generated/"))
            assert cached.err == fresh.err.replace("fresh", "generated")
            assert texts(project.folder / "generated") == texts(project.folder / "fresh")


def test_a_build_with_nothing_to_do_parses_and_prints_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(project)
    first = build(project)
    assert first.code == 0

    def refuse(*_: object) -> None:
        raise AssertionError("this was done before")

    monkeypatch.setattr(work._Job, "work", refuse)
    monkeypatch.setattr(_Unit, "printed", refuse)
    written = first.err.partition(": ")[2].split()[0]
    said, _, warned = build(project).err.partition("\n")
    assert said == f"compiled 2 tasks in 2 modules: 0 written, {written} unchanged"
    assert warned == first.err.partition("\n")[2]


def test_an_edit_prints_the_modules_that_it_changes(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    start(project)
    build(project)
    printed: list[str | None] = []
    whole = _Unit.printed

    def noted(self: _Unit) -> dict[str, str]:
        printed.append(self.module)
        return whole(self)

    monkeypatch.setattr(_Unit, "printed", noted)
    put(project.folder, "src/shop/one.py", TASKS.format(name="one").replace("note: str", "note: int"))
    assert build(project).code == 0
    assert printed == ["shop.one"]
    printed.clear()
    put(project.folder, "src/shop/models.py", MODELS.replace("int", "str"))
    assert build(project).code == 0
    assert printed == [None, "shop.one", "shop.two"]


def test_check_reads_every_file_whatever_is_recorded(project: Project) -> None:
    start(project)
    build(project)
    assert build(project, "--check").code == 0
    harm(project, "edit")
    assert build(project, "--check").code == 1


def test_a_folder_of_another_project_is_not_taken_for_this_ones(project: Project) -> None:
    start(project)
    build(project)
    shutil.move(project.folder / "generated", project.folder / "moved")
    assert build(project).code == 0
    assert texts(project.folder / "generated") == texts(project.folder / "moved")


def test_a_path_that_is_gone_is_told_though_no_file_went_with_it(project: Project) -> None:
    start(project)
    (project.folder / "more").mkdir()
    assert build(project, "more").code == 0
    assert build(project, "more").code == 0
    (project.folder / "more").rmdir()
    again = build(project, "more")
    assert again.code == 2
    assert "more does not exist" in again.out
