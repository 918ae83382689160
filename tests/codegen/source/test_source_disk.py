"""Trees on disk: links, what cannot be read, and where the user stands."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from horsies_codegen.source import ProblemKind, SourceFile, SourceTree, discover
from horsies_codegen.source import disk as disk_module
from horsies_codegen.source.storage import Refusal


def put(top: Path, *paths: str) -> None:
    """Writes files whose text is their own path."""
    for path in paths:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(path)


def found(tree: SourceTree) -> dict[str, str]:
    return {file.path: file.module for file in tree.files()}


def problems(tree: SourceTree) -> list[tuple[ProblemKind, str]]:
    return [(problem.kind, problem.path) for problem in tree.problems]


def test_paths_are_spelled_as_they_were_given(tmp_path: Path) -> None:
    put(tmp_path, "src/shop/tasks.py")
    for given, spelled in {
        "src": "src/shop/tasks.py",
        "./src/": "src/shop/tasks.py",
        ".": "src/shop/tasks.py",
        "src/../src": "src/shop/tasks.py",
        str(tmp_path / "src"): f"{tmp_path.as_posix()}/src/shop/tasks.py",
    }.items():
        assert found(discover([given], cwd=tmp_path)) == {spelled: "shop.tasks"}


def test_standing_inside_a_package(tmp_path: Path) -> None:
    put(tmp_path, "shop/__init__.py", "shop/email/__init__.py", "shop/email/tasks.py", "shop/models.py")
    tree = discover(["."], cwd=tmp_path / "shop" / "email")
    assert found(tree) == {"__init__.py": "shop.email", "tasks.py": "shop.email.tasks"}
    assert tree.roots == ("../..",)
    model = tree.module("shop.models")
    assert model is not None
    assert (model.path, model.text) == ("../../shop/models.py", "shop/models.py")


def test_the_process_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "tasks.py")
    monkeypatch.chdir(tmp_path)
    assert found(discover(["."])) == {"tasks.py": "tasks"}


def test_a_file_met_through_links_too_has_the_name_of_its_own_folder(tmp_path: Path) -> None:
    put(tmp_path, "app/zeta/tasks.py")
    (tmp_path / "app/alias").symlink_to("zeta")
    (tmp_path / "app/a_link.py").symlink_to("zeta/tasks.py")
    tree = discover(["app"], cwd=tmp_path)
    assert found(tree) == {"app/zeta/tasks.py": "zeta.tasks"}
    by_link = tree.module("alias.tasks")
    assert by_link is not None
    assert by_link.path == "app/zeta/tasks.py"


def test_links_out_of_the_given_folder_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path, "common/mail/tasks.py", "common/one.py")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/first").symlink_to(tmp_path / "common")
    (tmp_path / "app/second").symlink_to("../common")
    (tmp_path / "app/third.py").symlink_to("../common/one.py")
    assert found(discover(["app"], cwd=tmp_path)) == {
        "app/first/mail/tasks.py": "first.mail.tasks",
        "app/first/one.py": "first.one",
    }


def test_links_that_lead_back_up_are_not_walked(tmp_path: Path) -> None:
    put(tmp_path, "outside.py", "app/shop/tasks.py")
    (tmp_path / "app/shop/loop").symlink_to("..")
    (tmp_path / "app/shop/top").symlink_to("/")
    (tmp_path / "app/shop/project").symlink_to("../..")
    assert found(discover(["app"], cwd=tmp_path)) == {"app/shop/tasks.py": "shop.tasks"}


def test_a_given_path_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path, "real/shop/tasks.py")
    (tmp_path / "current").symlink_to("real")
    assert found(discover(["current"], cwd=tmp_path)) == {"current/shop/tasks.py": "shop.tasks"}


def test_links_to_nothing_and_to_themselves_are_problems_and_cost_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, "good.py")
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "self.py").symlink_to("self.py")
    (tmp_path / "ping").symlink_to("pong")
    (tmp_path / "pong").symlink_to("ping")
    (tmp_path / ".#lock.py").symlink_to("user@host")
    tree = discover(["."], cwd=tmp_path)
    assert found(tree) == {"good.py": "good"}
    assert problems(tree) == [
        (ProblemKind.DANGLING_LINK, "gone.py"),
        (ProblemKind.LINK_LOOP, "ping"),
        (ProblemKind.LINK_LOOP, "pong"),
        (ProblemKind.LINK_LOOP, "self.py"),
    ]
    assert "nowhere.py" in tree.problems[0].reason


def test_given_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to("nowhere")
    tree = discover(["gone", "never", "never/below.py", "nul\0l"], cwd=tmp_path)
    assert problems(tree) == [
        (ProblemKind.DANGLING_LINK, "gone"),
        (ProblemKind.MISSING, "never"),
        (ProblemKind.MISSING, "never/below.py"),
        (ProblemKind.MISSING, "nul\0l"),
    ]


def test_pipes_and_sockets_named_like_modules_do_not_hang_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "given")
    (tmp_path / "link.py").symlink_to("pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        old = Path.cwd()
        os.chdir(tmp_path)  # socket paths are short
        try:
            server.bind("sock.py")
        finally:
            os.chdir(old)
        tree = discover([".", "given"], cwd=tmp_path)
    assert problems(tree) == [(ProblemKind.NOT_A_FILE, path) for path in ("given", "link.py", "pipe.py", "sock.py")]


def test_a_file_that_became_a_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "b.py")
    tree = discover(["."], cwd=tmp_path)
    (tmp_path / "a.py").unlink()
    os.mkfifo(tmp_path / "a.py")
    first, second = tree.files()
    assert first.problem is not None
    assert first.problem.kind is ProblemKind.NOT_A_FILE
    assert second.text == "b.py"


def test_a_file_that_vanished_since_has_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "b.py")
    tree = discover(["."], cwd=tmp_path)
    (tmp_path / "a.py").unlink()
    first, second = tree.files()
    assert first.problem is not None
    assert (first.problem.kind, first.problem.path, first.data) == (ProblemKind.UNREADABLE, "a.py", b"")
    assert "no such file" in first.problem.reason
    assert tree.text("a.py") is None
    assert second.problem is None


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """An open folder, seen with the rights of an ordinary user: root may read everything."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        top.chmod(0o755)
        yield top
        for path in top.rglob("*"):
            path.chmod(0o700)


def seen_by_nobody(top: Path) -> tuple[SourceTree, list[SourceFile]]:
    """The tree and its files, read, as a user without special rights sees them."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        tree = discover(["."], cwd=top)
        return tree, list(tree.files())
    finally:
        if is_root:
            os.seteuid(0)


def test_unreadable_files_and_folders_are_problems(ordinary_user: Path) -> None:
    put(ordinary_user, "good.py", "closed.py", "shut/inner.py")
    (ordinary_user / "closed.py").chmod(0)
    (ordinary_user / "shut").chmod(0)
    tree, (closed, good) = seen_by_nobody(ordinary_user)
    assert problems(tree) == [(ProblemKind.UNREADABLE, "shut")]
    assert good.text == "good.py"
    assert closed.problem is not None
    assert closed.problem.kind is ProblemKind.UNREADABLE
    assert "permission denied" in closed.problem.reason


def test_a_file_beyond_all_measure_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "big.py").open("wb") as file:
        file.truncate(disk_module.MAX_FILE_BYTES + 1)
    (file_read,) = discover(["."], cwd=tmp_path).files()
    assert file_read.problem is not None
    assert str(disk_module.MAX_FILE_BYTES) in file_read.problem.reason
    assert file_read.data == b""


def test_a_file_that_grows_while_it_is_read_comes_whole(tmp_path: Path) -> None:
    """A pipe gives its bytes in pieces, as a growing file does."""
    reader, writer = os.pipe()
    text = b"x = 1\n" * 40_000

    def write() -> None:
        with os.fdopen(writer, "wb", buffering=0) as file:
            file.write(text[:3])
            file.write(text[3:])

    thread = threading.Thread(target=write)
    thread.start()
    assert disk_module._read_on(reader, b"# ") == b"# " + text
    thread.join()
    os.close(reader)


def test_a_file_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "MAX_FILE_BYTES", 1 << 21)
    endless = os.open("/dev/zero", os.O_RDONLY)
    try:
        refusal = disk_module._read_on(endless, b"")
    finally:
        os.close(endless)
    assert isinstance(refusal, Refusal)
    assert "does not end" in refusal.reason


def test_contents_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "a.py")
    tree = discover(["."], cwd=tmp_path)
    (tmp_path / "a.py").write_text("changed")
    assert tree.text("a.py") == "changed"


def test_memory_holds_text_in_place_of_a_file(tmp_path: Path) -> None:
    put(tmp_path, "shop/__init__.py", "shop/tasks.py")
    tree = discover(["shop/tasks.py"], cwd=tmp_path, overlay={"shop/tasks.py": b"unsaved"})
    assert tree.text("shop/tasks.py") == "unsaved"
    package = tree.module("shop")
    assert package is not None
    assert package.text == "shop/__init__.py"


def test_memory_holds_a_file_that_was_never_saved(tmp_path: Path) -> None:
    put(tmp_path, "shop/__init__.py")
    tree = discover(["shop/new.py"], cwd=tmp_path, overlay={"./shop/new.py": b"new"})
    assert found(tree) == {"shop/new.py": "shop.new"}
    assert tree.text("shop/new.py") == "new"


def test_memory_text_is_read_through_links(tmp_path: Path) -> None:
    put(tmp_path, "real.py")
    (tmp_path / "link.py").symlink_to("real.py")
    tree = discover(["real.py"], cwd=tmp_path, overlay={"link.py": b"unsaved"})
    assert tree.text("real.py") == "unsaved"


@pytest.mark.skipif(os.sep != "/", reason="posix file names")
def test_names_that_are_not_utf8_and_names_with_a_backslash(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.py")).write_text("a")
    (tmp_path / "back\\slash.py").write_text("b")
    tree = discover(["."], cwd=tmp_path)
    assert [file.text for file in tree.files()] == ["b", "a"]
    assert tree.module("back\\slash") is not None


def test_reading_a_tree_keeps_none_of_its_contents(tmp_path: Path) -> None:
    size = 200_000
    for number in range(50):
        (tmp_path / f"m{number}.py").write_bytes(b"#" * size)
    tracemalloc.start()
    try:
        tree = discover(["."], cwd=tmp_path)
        assert sum(len(file.data) for file in tree.files()) == 50 * size
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * size
