"""Which folder is used, and sockets for folders whose path cannot hold one."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from embedded_support import IS_ROOT, end_all, query, stopped

from horsies_core.store.embedded import EmbeddedPostgres, default_data_dir
from horsies_core.store.embedded.keeper import layout

Place = Callable[[str], Path]


@pytest.fixture
def place(data_dir: Path, scratch: Path) -> Generator[Place, None, None]:
    """A function that moves a finished data folder to a name of the test's choice."""
    now_at = data_dir

    def move(name: str) -> Path:
        nonlocal now_at
        now_at = now_at.rename(scratch / name)
        return now_at

    yield move
    end_all(scratch)
    now_at.rename(data_dir)


@pytest.fixture
def no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HORSIES_DATA_DIR", raising=False)


def test_the_environment_decides_first(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    monkeypatch.setenv("HORSIES_DATA_DIR", "queue/data")
    assert default_data_dir() == scratch / "queue" / "data"
    monkeypatch.setenv("HORSIES_DATA_DIR", "")
    assert default_data_dir() == scratch / ".horsies" / "postgres"


@pytest.mark.usefixtures("no_choice")
@pytest.mark.parametrize("marker", [".horsies", ".git", "pyproject.toml"])
def test_a_project_has_one_folder_wherever_in_it_one_stands(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, marker: str
) -> None:
    project = scratch / "shop"
    (project / "tools" / "deep").mkdir(parents=True)
    (project / marker).mkdir()
    for place in (project, project / "tools", project / "tools" / "deep"):
        monkeypatch.chdir(place)
        assert default_data_dir() == project / ".horsies" / "postgres"


@pytest.mark.usefixtures("no_choice")
def test_the_nearest_project_counts(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch / "inner").mkdir()
    (scratch / "pyproject.toml").touch()
    (scratch / "inner" / "pyproject.toml").touch()
    monkeypatch.chdir(scratch / "inner")
    assert default_data_dir() == scratch / "inner" / ".horsies" / "postgres"


@pytest.mark.usefixtures("no_choice")
def test_a_marker_in_a_folder_that_everybody_may_write_to_says_nothing(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch / "mine").mkdir()
    (scratch / "pyproject.toml").touch()
    scratch.chmod(0o1777)
    monkeypatch.chdir(scratch / "mine")
    assert default_data_dir() == scratch / "mine" / ".horsies" / "postgres"


@pytest.mark.usefixtures("no_choice")
@pytest.mark.skipif(not IS_ROOT, reason="only a superuser can make another one's folder")
def test_a_marker_in_another_ones_folder_says_nothing(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch / "mine").mkdir()
    (scratch / "pyproject.toml").touch()
    os.chown(scratch, 65534, 65534)
    monkeypatch.chdir(scratch / "mine")
    assert default_data_dir() == scratch / "mine" / ".horsies" / "postgres"


@pytest.mark.usefixtures("no_choice")
def test_the_default_folder_hides_from_git(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    with EmbeddedPostgres().acquire() as lease:
        assert query(lease.url, "select 1") == 1
    assert (scratch / ".horsies" / ".gitignore").read_text() == "*\n"
    assert stopped(scratch / ".horsies" / "postgres")


def test_a_relative_folder_means_the_place_where_it_was_named(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    manager = EmbeddedPostgres(Path("data"))
    monkeypatch.chdir("/")
    assert manager.data_dir == scratch / "data"


def test_the_socket_stands_in_the_data_folder(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire():
        assert Path(layout.socket_path(str(data_dir))).is_socket()
        assert not (data_dir / layout.SOCKET_LINK).is_symlink()
        assert data_dir.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["with space", "käse-チーズ", "100%", "it's", "a&b=c?d#e", "x" * 40])
def test_unusual_paths_work(place: Place, name: str) -> None:
    data_dir = place(name)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert not (data_dir / layout.SOCKET_LINK).is_symlink()
    assert stopped(data_dir)


@pytest.mark.parametrize("name", ["long" * 40, "a,b", 'quo"te', "trailing ", "new\nline"])
def test_a_path_that_cannot_hold_a_socket_gets_a_private_short_one(place: Place, name: str) -> None:
    data_dir = place(name)
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as lease, manager.acquire() as other:
        assert query(lease.url, "select 1") == 1
        assert other.url == lease.url
        socket_folder = (data_dir / layout.SOCKET_LINK).readlink()
        found = socket_folder.lstat()
        assert found.st_mode & 0o777 == 0o700
        assert found.st_uid == data_dir.stat().st_uid
        assert len(str(socket_folder)) < 60
    assert stopped(data_dir)
    assert not socket_folder.exists()
    assert not (data_dir / layout.SOCKET_LINK).is_symlink()


def test_a_socket_folder_left_by_a_killed_keeper_is_used_again(place: Place, scratch: Path) -> None:
    data_dir = place("long" * 40)
    left = scratch / "left"
    left.mkdir(mode=0o700)
    os.chown(left, data_dir.stat().st_uid, data_dir.stat().st_gid)
    (data_dir / layout.SOCKET_LINK).symlink_to(left)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert (data_dir / layout.SOCKET_LINK).readlink() == left


def test_a_published_socket_folder_that_others_may_enter_is_not_used(place: Place, scratch: Path) -> None:
    data_dir = place("long" * 40)
    open_to_all = scratch / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (data_dir / layout.SOCKET_LINK).symlink_to(open_to_all)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert (data_dir / layout.SOCKET_LINK).readlink() != open_to_all
    assert open_to_all.exists()


def test_a_folder_that_others_may_read_is_closed(data_dir: Path) -> None:
    data_dir.chmod(0o755)
    with EmbeddedPostgres(data_dir).acquire():
        assert data_dir.stat().st_mode & 0o777 == 0o700


def test_a_project_that_moves_takes_its_data_along(place: Place) -> None:
    data_dir = place("before")
    with EmbeddedPostgres(data_dir).acquire():
        moved = place("after")
        with EmbeddedPostgres(moved).acquire() as other:
            assert query(other.url, "select 1") == 1
    assert stopped(moved)
    with EmbeddedPostgres(moved).acquire() as lease:
        assert query(lease.url, "select 1") == 1
