"""A cache changes how long a build takes, and nothing of what it writes, says or exits with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from codegen_commands import Project, Ran
from edited_trees import APP, CALLERS, FILES, MODELS, TASKS, edits, put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from horsies_codegen.cache import Cache, pack
from horsies_codegen.emit import Portion
from horsies_codegen.pipeline import work
from horsies_codegen.pipeline.ahead import CAN_FORK, Ahead
from horsies_codegen.pipeline.burial import Served
from horsies_codegen.pipeline.judged import Judged
from horsies_codegen.pipeline.plan import _Unit
from horsies_codegen.write import MANIFEST_NAME, Record, read_again, settled


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(pack, "LEAST", 2)  # so that small trees are packed as large ones are
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
            project.run("lint", "src")
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


def test_a_build_reads_what_it_knows_from_one_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    start(project)
    build(project)
    read: list[type[object]] = []
    get = Cache.get

    def noted(self: Cache, key: str, kind: type[Any]) -> Any:
        read.append(kind)
        return get(self, key, kind)

    monkeypatch.setattr(Cache, "get", noted)
    put(project.folder, "src/shop/new.py", TASKS.format(name="new"))
    assert build(project).code == 0
    assert read.count(Judged) == 1 + CALLERS  # of the new file, in vain; those of callers have no place in a build
    assert Portion not in read


def test_what_lint_knows_is_not_taken_for_a_build(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lint knows nothing of what a build prints, and leaves it where it is: before the first build and after."""
    start(project)
    with monkeypatch.context() as patch:
        patch.setattr(pack.Pack, "keep", lambda *_: pytest.fail("a lint has nothing to keep"))
        project.run("lint", "src")
        project.run("lint", "src")
    build(project)
    project.run("lint", "src")
    build(project)
    project.run("build", "src", "--no-cache", "--out", "fresh")
    assert texts(project.folder / "generated") == texts(project.folder / "fresh")


@pytest.mark.parametrize("lost", [pack.Packed, pack.Contents, Served])
def test_a_short_cut_that_is_gone_costs_nothing_but_time(
    project: Project, monkeypatch: pytest.MonkeyPatch, lost: type[object]
) -> None:
    start(project)
    build(project)
    get = Cache.get
    monkeypatch.setattr(Cache, "get", lambda self, key, kind: None if kind is lost else get(self, key, kind))
    put(project.folder, "src/shop/two.py", None)
    put(project.folder, "src/shop/one.py", TASKS.format(name="other"))
    assert build(project).code == 0
    shutil.copytree(project.folder / "generated", project.folder / "fresh")
    assert build(project, "--no-cache", "--out", "fresh").code == 0
    assert texts(project.folder / "generated") == texts(project.folder / "fresh")
    assert '"one"' in (project.folder / "generated/horsies.lock.json").read_text().partition('"tombstones"')[2]


def test_a_name_that_went_is_buried_though_the_lock_is_not_read_for_it(project: Project) -> None:
    start(project)
    build(project)
    put(project.folder, "src/shop/one.py", TASKS.format(name="other"))
    assert build(project).code == 0
    lock = (project.folder / "generated/horsies.lock.json").read_text()
    assert '"one"' in lock.partition('"tombstones"')[2]


def test_a_file_written_again_at_once_is_noticed(project: Project) -> None:
    """Nothing in what the system says of a file may tell two writes apart that follow each other this closely."""
    start(project)
    for _ in range(5):
        shutil.rmtree(project.folder / "generated", ignore_errors=True)
        build(project)
        victim = project.folder / "generated/tasks_client/tasks/shop_one.py"
        text = victim.read_text()
        status = victim.stat()
        victim.write_text(text.replace("e", "f"))
        os.utime(victim, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert build(project).code == 1
        victim.write_text(text)


def test_what_was_fresh_is_read_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    start(project)
    let_fresh_last(monkeypatch, 3600)
    build(project)
    let_fresh_last(monkeypatch, 0)
    asked: list[frozenset[str]] = []

    def noted(out: Path, record: Record) -> Record | None:
        asked.append(record.fresh)
        return read_again(out, record)

    monkeypatch.setattr("horsies_codegen.pipeline.building.read_again", noted)
    build(project)
    build(project)
    assert MANIFEST_NAME in asked[0]
    assert asked[1] == frozenset()


def let_fresh_last(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let files be fresh for so long after they were written, however long a build takes."""
    for tick in ("_TICK_NS", "_COARSE_TICK_NS"):
        monkeypatch.setattr(settled, tick, seconds * 10**9)


def test_a_forked_process_does_work_and_its_death_is_survived() -> None:
    assert Ahead(str.upper, "done").result() == "DONE"
    assert Ahead(os._exit, 3).result() is None
    assert Ahead(int, "no number").result() is None


def test_one_edit_in_a_larger_tree_is_worked_on_in_a_process_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, "src/shop/app.py", APP.partition("app.discover")[0])
    put(tmp_path, "src/shop/models.py", MODELS)
    for number in range(pack.LEAST):
        put(tmp_path, f"src/shop/m{number}.py", TASKS.format(name=f"n{number}"))
    command = (str(Path(sys.executable).parent / "horsies-codegen"), "build", "src", "-j", "2")
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    put(tmp_path, "src/shop/m1.py", TASKS.format(name="n1").replace("note: str", "note: int"))
    script = (
        "import sys; from horsies_codegen.cli import main\n"
        f"try: main({list(command[1:])!r})\n"
        "finally: sys.exit('libcst' in sys.modules)"
    )
    ran = subprocess.run((sys.executable, "-c", script), cwd=tmp_path, check=False, capture_output=True, text=True)
    assert "4 written" in ran.stderr
    assert ran.returncode == (not CAN_FORK)
    subprocess.run((*command, "--no-cache", "--out", "fresh"), cwd=tmp_path, check=True, capture_output=True)
    assert texts(tmp_path / "generated") == texts(tmp_path / "fresh")
