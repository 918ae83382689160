"""Trees at a git ref: the same files, names and problems as on disk, with no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from horsies_codegen.source import (
    GitFailedError,
    GitNotFoundError,
    NotARepositoryError,
    OutsideRepositoryError,
    ProblemKind,
    SourceTree,
    UnknownRefError,
    discover,
)
from horsies_codegen.source.git import discover_at


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git without the settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for person in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{person}_NAME", "tester")
        monkeypatch.setenv(f"GIT_{person}_EMAIL", "tester@example.org")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout.strip()


def repository(top: Path, files: dict[str, str]) -> Path:
    top.mkdir(parents=True, exist_ok=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top, files)
    return top


def commit(top: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "-m", "state")


def found(tree: SourceTree) -> dict[str, tuple[str, str]]:
    return {file.path: (file.module, file.text) for file in tree.files()}


def test_a_ref_is_read_and_the_work_tree_left_alone(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"pyproject.toml": "", "src/shop/__init__.py": "", "src/shop/tasks.py": "old"})
    git(top, "tag", "v1")
    (top / "src/shop/tasks.py").write_text("new, not committed")
    (top / "src/shop/more.py").write_text("untracked")
    before = {path: path.stat().st_mtime_ns for path in top.rglob("*") if path.is_file()}
    with discover_at("v1", ["src"], cwd=top) as tree:
        assert found(tree) == {"src/shop/__init__.py": ("shop", ""), "src/shop/tasks.py": ("shop.tasks", "old")}
        assert tree.module("shop.more") is None
        tasks = tree.module("shop.tasks")
        assert tasks is not None
        assert tasks.text == "old"
    assert {path: path.stat().st_mtime_ns for path in top.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("ref", ["main", "HEAD", "HEAD~0", "v1", "refs/heads/main", "main^{tree}"])
def test_anything_that_names_a_tree_is_a_ref(tmp_path: Path, ref: str) -> None:
    top = repository(tmp_path / "r", {"tasks.py": "x"})
    git(top, "tag", "-a", "v1", "-m", "annotated")
    with discover_at(ref, ["."], cwd=top) as tree:
        assert found(tree) == {"tasks.py": ("tasks", "x")}


def test_paths_are_spelled_from_where_the_user_stands(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"app/shop/__init__.py": "", "app/shop/tasks.py": "", "lib/a.py": ""})
    for cwd, given in (
        (top, "app"),
        (top / "app", "."),
        (top / "app/shop", "."),
        (top / "app", "../lib"),
        (tmp_path, "r/app"),
        (tmp_path, str(top / "app")),
        (top / "app/shop", "tasks.py"),
    ):
        with discover_at("HEAD", [given], cwd=cwd) as tree:
            on_disk = discover([given], cwd=cwd)
            assert found(tree) == found(on_disk)
            assert tree.roots == on_disk.roots
            assert len(tree.files()) > 0


def test_a_path_that_is_gone_from_the_work_tree_is_still_at_the_ref(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"old/tasks.py": "x"})
    shutil.rmtree(top / "old")
    with discover_at("HEAD", ["old"], cwd=top) as tree:
        assert found(tree) == {"old/tasks.py": ("tasks", "x")}


def test_a_path_that_is_new_since_the_ref_is_missing_there(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"tasks.py": ""})
    (top / "new").mkdir()
    with discover_at("HEAD", ["new"], cwd=top) as tree:
        assert [(problem.kind, problem.path) for problem in tree.problems] == [(ProblemKind.MISSING, "new")]


def test_links_are_followed_within_the_tree(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"app/zeta/tasks.py": "x", "common/one.py": "y"})
    (top / "app/alias").symlink_to("zeta")
    (top / "app/common").symlink_to("../common")
    (top / "app/up").symlink_to("..")
    (top / "app/gone.py").symlink_to("nowhere.py")
    (top / "app/self.py").symlink_to("self.py")
    (top / "app/out.py").symlink_to("../../../common/one.py")
    (top / "app/root.py").symlink_to("/common/one.py")
    commit(top, {})
    with discover_at("HEAD", ["app"], cwd=top) as tree:
        assert found(tree) == {"app/zeta/tasks.py": ("zeta.tasks", "x"), "app/common/one.py": ("common.one", "y")}
        assert [(problem.kind, problem.path) for problem in tree.problems] == [
            (ProblemKind.DANGLING_LINK, "app/gone.py"),
            (ProblemKind.DANGLING_LINK, "app/out.py"),
            (ProblemKind.DANGLING_LINK, "app/root.py"),
            (ProblemKind.LINK_LOOP, "app/self.py"),
        ]


def test_a_submodule_is_named_as_not_read(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"tasks.py": ""})
    top = repository(tmp_path / "r", {"a.py": ""})
    git(top, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendor")
    commit(top, {})
    with discover_at("HEAD", ["."], cwd=top) as tree:
        assert [(problem.kind, problem.path) for problem in tree.problems] == [(ProblemKind.SUBMODULE, "vendor")]
        assert list(found(tree)) == ["a.py"]


def test_names_and_contents_of_any_bytes(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"with space.py": "a", "new\nline.py": "b", "é.py": "é\n", "empty.py": ""})
    (top / "raw.py").write_bytes(b"\xff\n\0\r\n")
    commit(top, {})
    with discover_at("HEAD", ["."], cwd=top) as tree:
        on_disk = discover(["."], cwd=top)
        assert [(file.path, file.data) for file in tree.files()] == [(file.path, file.data) for file in on_disk.files()]


def test_reading_goes_on_after_close(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.py": "a", "b.py": "b"})
    tree = discover_at("HEAD", ["."], cwd=top)
    assert tree.text("a.py") == "a"
    tree.close()
    assert tree.text("b.py") == "b"
    tree.close()
    tree.close()


def test_a_lost_object_is_a_problem_of_its_file(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.py": "a", "b.py": "b"})
    blob = git(top, "rev-parse", "HEAD:a.py")
    (top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with discover_at("HEAD", ["."], cwd=top) as tree:
        first, second = tree.files()
        assert first.problem is not None
        assert first.problem.kind is ProblemKind.UNREADABLE
        assert blob in first.problem.reason
        assert second.text == "b"


def test_a_hook_of_another_repository_does_not_mislead_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repository(tmp_path / "other", {"wrong.py": ""})
    top = repository(tmp_path / "r", {"right.py": ""})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    with discover_at("HEAD", ["."], cwd=top) as tree:
        assert list(found(tree)) == ["right.py"]


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(NotARepositoryError, match="in no git work tree") as caught:
        discover_at("main", ["."], cwd=tmp_path)
    assert "--against-lock" in caught.value.help[0]


def test_a_path_outside_the_repository(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"a.py": ""})
    with pytest.raises(OutsideRepositoryError, match="elsewhere"):
        discover_at("main", ["a.py", "../elsewhere"], cwd=top)


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitNotFoundError):
        discover_at("main", ["."], cwd=tmp_path)


def test_a_broken_repository(tmp_path: Path) -> None:
    top = repository(tmp_path / "r", {"shop/a.py": ""})
    subtree = git(top, "rev-parse", "HEAD:shop")
    (top / ".git/objects" / subtree[:2] / subtree[2:]).unlink()
    with pytest.raises(GitFailedError, match="could not list"):
        discover_at("main", ["."], cwd=top)


def remedy(top: Path, ref: str) -> tuple[str, ...]:
    with pytest.raises(UnknownRefError, match="has no ref") as caught:
        discover_at(ref, ["."], cwd=top)
    return caught.value.help


def run_remedy(top: Path, line: str) -> None:
    """Runs the git command that a help line names."""
    _, _, command = line.partition("git ")
    git(top, *command.split())


def test_the_remedy_for_a_remote_branch_works(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"a.py": "then"})
    git(tmp_path, "clone", "--quiet", str(origin), "clone")
    git(origin, "branch", "release/2")
    (line,) = remedy(tmp_path / "clone", "origin/release/2")
    assert line == "run: git fetch origin +refs/heads/release/2:refs/remotes/origin/release/2"
    run_remedy(tmp_path / "clone", line)
    with discover_at("origin/release/2", ["."], cwd=tmp_path / "clone") as tree:
        assert found(tree) == {"a.py": ("a", "then")}


def test_the_remedy_in_a_shallow_clone_of_one_branch_works(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"a.py": "then"})
    git(origin, "checkout", "--quiet", "-b", "feature")
    commit(origin, {"a.py": "now"})
    url = origin.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--single-branch", "--branch=feature", url, "clone")
    clone = tmp_path / "clone"
    (line,) = remedy(clone, "origin/main")
    assert "--depth=1" in line
    run_remedy(clone, line)
    with discover_at("origin/main", ["."], cwd=clone) as tree:
        assert found(tree) == {"a.py": ("a", "then")}
    (line,) = remedy(clone, "HEAD~1")
    run_remedy(clone, line)
    with discover_at("HEAD~1", ["."], cwd=clone) as tree:
        assert found(tree) == {"a.py": ("a", "then")}


def test_the_remedies_for_a_plain_name_work(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"a.py": ""})
    git(tmp_path, "clone", "--quiet", "--no-tags", str(origin), "clone")
    git(origin, "branch", "next")
    git(origin, "tag", "v9")
    branch, _ = remedy(tmp_path / "clone", "next")
    run_remedy(tmp_path / "clone", branch)
    _, tag = remedy(tmp_path / "clone", "v9")
    run_remedy(tmp_path / "clone", tag)
    for ref in ("next", "v9"):
        with discover_at(ref, ["."], cwd=tmp_path / "clone") as tree:
            assert list(found(tree)) == ["a.py"]


def test_the_remedy_for_a_commit_works(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"a.py": ""})
    git(tmp_path, "clone", "--quiet", str(origin), "clone")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    commit(origin, {"b.py": ""})
    commit_id = git(origin, "rev-parse", "HEAD")
    (line,) = remedy(tmp_path / "clone", commit_id)
    run_remedy(tmp_path / "clone", line)
    with discover_at(commit_id, ["."], cwd=tmp_path / "clone") as tree:
        assert list(found(tree)) == ["a.py", "b.py"]


@pytest.mark.parametrize("ref", ["", "--upload-pack=evil", "no such ref", "HEAD:a.py", "a\0b"])
def test_what_is_no_ref_is_refused_without_a_command_made_of_it(tmp_path: Path, ref: str) -> None:
    top = repository(tmp_path / "r", {"a.py": ""})
    assert all(ref not in line or not ref for line in remedy(top, ref))
