"""A superuser's server: run by another account, in places that account can reach, with nothing else touched."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from embedded_support import (
    IS_ROOT,
    PATIENCE_S,
    REPOSITORY,
    end_all,
    execute,
    family,
    gone,
    processes_of,
    query,
    server_pid,
    stopped,
    within,
)

from horsies_core.store.embedded import EmbeddedPostgres, EmbeddedPostgresError, superuser
from horsies_core.store.embedded.account import Account, service_account
from horsies_core.store.embedded.binaries import WHEEL, installed
from horsies_core.store.embedded.keeper import layout

pytestmark = pytest.mark.skipif(not IS_ROOT, reason="needs a superuser")

NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def state(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(superuser, "STATE_FOLDER", scratch / "state")
    return scratch / "state"


@pytest.fixture
def closed(scratch: Path) -> Path:
    """A folder like /root."""
    folder = scratch / "closed"
    folder.mkdir(mode=0o700)
    return folder


def owner_of_process(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, user="nobody", group=NOBODY.pw_gid, extra_groups=[], capture_output=True, text=True, check=False
    )


def test_every_process_runs_under_the_service_account_with_no_other_group(data_dir: Path) -> None:
    account = service_account()
    assert account.uid != 0
    with EmbeddedPostgres(data_dir).acquire():
        assert within(lambda: set(processes_of(data_dir)) == set(family(data_dir)))  # and nothing else
        for pid in family(data_dir):
            status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            assert set(status["Uid"].split()) == {str(account.uid)}
            assert set(status["Gid"].split()) == {str(account.gid)}
            assert status["Groups"].split() == []


def test_the_superusers_environment_does_not_reach_the_account(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_ROOT", "hunter2")
    with EmbeddedPostgres(data_dir).acquire():
        for pid in family(data_dir):
            assert b"hunter2" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_only_our_own_folder_changes_hands(scratch: Path) -> None:
    parent = scratch / "project"
    parent.mkdir(mode=0o751)
    before = (parent.stat().st_mode, parent.stat().st_uid)
    umask = os.umask(0o077)
    try:
        with EmbeddedPostgres(parent / "made" / "data").acquire() as lease:
            assert query(lease.url, "select 1") == 1
    finally:
        os.umask(umask)
    assert (parent.stat().st_mode, parent.stat().st_uid) == before
    assert (parent / "made").stat().st_uid == 0
    assert (parent / "made" / "data").stat().st_uid == service_account().uid
    assert stopped(parent / "made" / "data")


def test_an_empty_folder_of_root_is_taken(scratch: Path) -> None:
    data_dir = scratch / "data"
    data_dir.mkdir(mode=0o755)
    with EmbeddedPostgres(data_dir).acquire():
        assert data_dir.stat().st_uid == service_account().uid
        assert data_dir.stat().st_mode & 0o777 == 0o700


def test_other_accounts_can_neither_connect_nor_lock(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire() as lease:
        attempt = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        python = shutil.which("python3", path="/usr/bin:/bin")
        assert python is not None
        refused = as_nobody(python, "-c", attempt, layout.socket_path(str(data_dir)))
        assert "PermissionError" in refused.stderr
        assert as_nobody("flock", "-n", str(data_dir), "true").returncode != 0
        assert as_nobody("flock", "-n", str(data_dir / layout.USERS_LOCK), "true").returncode != 0
        assert query(lease.url, "select 1") == 1


def test_a_folder_out_of_the_accounts_reach_gets_one_elsewhere(closed: Path, state: Path) -> None:
    data_dir = closed / "shop" / ".horsies" / "postgres"
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as lease, manager.acquire() as other:
        assert query(lease.url, "select 1") == 1
        assert other.url == lease.url
        (target,) = state.iterdir()
        assert target.name.startswith("shop-")
        assert target.stat().st_uid == service_account().uid
        assert (data_dir / "elsewhere").readlink() == target
        assert data_dir.stat().st_uid == 0
    assert manager.wait_stopped(PATIENCE_S)
    assert gone(state)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert state.stat().st_mode & 0o777 == 0o711


def test_deleting_the_folder_deletes_what_is_elsewhere_and_nothing_else_does(closed: Path, state: Path) -> None:
    data_dir = closed / "shop" / ".horsies" / "postgres"
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as lease:
        execute(lease.url, "create table kept as select 7 as n")
    assert manager.wait_stopped(PATIENCE_S)
    with manager.acquire() as lease:
        assert query(lease.url, "select n from kept") == 7
    assert manager.wait_stopped(PATIENCE_S)
    shutil.rmtree(data_dir)
    with manager.acquire() as lease:
        assert query(lease.url, "select to_regclass('kept') is null") is True
    assert manager.wait_stopped(PATIENCE_S)
    assert len(list(state.iterdir())) == 1


def test_deleting_the_folder_under_a_running_server_does_not_delete_its_data(closed: Path, state: Path) -> None:
    data_dir = closed / "shop" / ".horsies" / "postgres"
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as first:
        shutil.rmtree(data_dir)
        with manager.acquire() as second:
            assert query(first.url, "select 1") == 1
            assert query(second.url, "select 1") == 1
    assert manager.wait_stopped(PATIENCE_S)


def test_what_is_elsewhere_is_made_anew_when_it_is_lost(closed: Path, state: Path) -> None:
    manager = EmbeddedPostgres(closed / "data")
    manager.acquire().release()
    assert manager.wait_stopped(PATIENCE_S)
    shutil.rmtree(state)
    with manager.acquire() as lease:
        assert query(lease.url, "select 1") == 1
    assert manager.wait_stopped(PATIENCE_S)


def test_a_project_that_is_moved_keeps_what_is_elsewhere(closed: Path, state: Path) -> None:
    with EmbeddedPostgres(closed / "old" / "data").acquire() as lease:
        execute(lease.url, "create table kept as select 7 as n")
    assert stopped(closed / "old" / "data")
    (closed / "old").rename(closed / "new")
    with EmbeddedPostgres(closed / "new" / "data").acquire() as lease:
        assert query(lease.url, "select n from kept") == 7
    assert stopped(closed / "new" / "data")


def test_a_state_folder_that_others_may_write_to_is_not_used(closed: Path, state: Path) -> None:
    state.mkdir()
    state.chmod(0o777)
    with pytest.raises(EmbeddedPostgresError, match="nobody else may write"):
        EmbeddedPostgres(closed / "data").acquire()


def test_programs_out_of_the_accounts_reach_are_copied_once(scratch: Path, closed: Path, state: Path) -> None:
    wheel_bin = next(installed())
    if wheel_bin.parent.parent.name != WHEEL:
        pytest.skip("needs the wheel")
    site_packages = wheel_bin.parents[2]
    for part in (f"{WHEEL}/{wheel_bin.parent.name}", f"{WHEEL}.libs"):
        subprocess.run(("mkdir", "-p", (closed / part).parent), check=True)
        subprocess.run(("cp", "-a", site_packages / part, closed / part), check=True)
    bin_dir = closed / WHEEL / wheel_bin.parent.name / "bin"
    copies = []
    for name in ("one", "two"):
        with EmbeddedPostgres(scratch / name, bin_dirs=(bin_dir,)).acquire() as lease:
            assert query(lease.url, "select 1") == 1
            program = Path(f"/proc/{server_pid(scratch / name)}/exe").readlink()
            assert program.is_relative_to(state)
            assert program.stat().st_uid == 0
            copies.append(program)
    assert copies[0] == copies[1]
    assert len(list(state.iterdir())) == 1


def test_other_programs_out_of_reach_are_an_error(scratch: Path, closed: Path) -> None:
    for name, script in (("postgres", "echo 'postgres (PostgreSQL) 17.1'"), ("initdb", "exit 1")):
        (closed / name).write_text(f"#!/bin/sh\n{script}\n")
        (closed / name).chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match="out of reach"):
        EmbeddedPostgres(scratch / "data", bin_dirs=(closed,)).acquire()


def test_a_superuser_uses_an_ordinary_users_folder_as_that_user(scratch: Path) -> None:
    home = scratch / "home"
    home.mkdir()
    data_dir = home / "data"
    data_dir.mkdir()
    os.chown(data_dir, NOBODY.pw_uid, NOBODY.pw_gid)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert {owner_of_process(pid) for pid in family(data_dir)} == {NOBODY.pw_uid}
        assert all(path.stat().st_uid == NOBODY.pw_uid for path in data_dir.iterdir())


def test_a_folder_that_another_one_made_in_a_public_place_is_refused(scratch: Path) -> None:
    scratch.chmod(0o1777)
    data_dir = scratch / "data"
    data_dir.mkdir(mode=0o700)
    os.chown(data_dir, 12345, 12345)
    with pytest.raises(EmbeddedPostgresError, match="belongs to user 12345"):
        EmbeddedPostgres(data_dir).acquire()
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("name", [layout.USERS_LOCK, layout.KEEPER_LOCK])
def test_a_link_planted_by_the_account_is_not_followed(own_data_dir: Path, scratch: Path, name: str) -> None:
    precious = scratch / "precious"
    precious.write_text("root's")
    precious.chmod(0o600)
    (own_data_dir / name).unlink()
    (own_data_dir / name).symlink_to(precious)
    with pytest.raises(EmbeddedPostgresError, match="symbolic link"):
        EmbeddedPostgres(own_data_dir).acquire()
    assert (precious.read_text(), precious.stat().st_uid) == ("root's", 0)


def test_reach_is_decided_by_the_mode_bits_that_apply(scratch: Path) -> None:
    folder = scratch / "folder"
    folder.mkdir()
    os.chown(folder, 1001, 1002)
    for mode, expected in ((0o100, (True, False, False)), (0o010, (False, True, False)), (0o001, (False, False, True))):
        folder.chmod(mode)
        accounts = (Account(1001, 5), Account(5, 1002), Account(5, 5))
        assert tuple(account.can_enter(folder) for account in accounts) == expected


_ORDINARY_USER = """
import sys
from pathlib import Path
from horsies_core.store.embedded import EmbeddedPostgres, EmbeddedPostgresError
manager = EmbeddedPostgres(Path(sys.argv[1]))
with manager.acquire() as lease, manager.acquire():
    print(lease.url)
assert manager.wait_stopped(60)
"""


def test_an_ordinary_user_needs_nothing_special(scratch: Path) -> None:
    """All that the other tests show for whoever runs them, once more as somebody without rights."""
    python = shutil.which("python3", path="/usr/bin:/bin")
    version = subprocess.check_output((str(python), "-c", "import sys; print(sys.version_info >= (3, 11))"), text=True)
    if version.strip() != "True":
        pytest.skip("needs a Python that everybody may run")
    scratch.chmod(0o777)
    site_packages = next(installed()).parents[2]
    path = f"{REPOSITORY}:{site_packages}"
    answer = as_nobody("env", f"PYTHONPATH={path}", str(python), "-c", _ORDINARY_USER, str(scratch / "data"))
    assert answer.returncode == 0, answer.stderr
    assert "horsies@" in answer.stdout
    assert (scratch / "data").stat().st_uid == NOBODY.pw_uid
    end_all(scratch)


def test_an_ordinary_user_is_told_whose_folder_it_is(own_data_dir: Path) -> None:
    python = str(shutil.which("python3", path="/usr/bin:/bin"))
    answer = as_nobody("env", f"PYTHONPATH={REPOSITORY}", python, "-c", _ORDINARY_USER, str(own_data_dir))
    owner = pwd.getpwuid(own_data_dir.stat().st_uid).pw_name
    assert f"belongs to {owner}" in answer.stderr
    assert "HORSIES_DATA_DIR" in answer.stderr
