"""What ``kill -9`` leaves behind: nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from embedded_support import (
    IS_ROOT,
    PATIENCE_S,
    User,
    alive,
    children_of,
    execute,
    files_of,
    gone,
    keeper_pid,
    kill_all,
    processes_of,
    query,
    server_pid,
    stopped,
    watcher_pid,
    within,
)

from horsies_core.store.embedded import EmbeddedPostgres, manager
from horsies_core.store.embedded.keeper import layout, pidfile, strangers

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal")


def answers(url: str) -> bool:
    try:
        return bool(query(url, "select 1") == 1)
    except psycopg.OperationalError:
        return False


def test_a_killed_user_does_not_leave_the_server_running(data_dir: Path) -> None:
    user = User(data_dir)
    assert user.url
    server, keeper, watcher = server_pid(data_dir), keeper_pid(data_dir), watcher_pid(data_dir)
    user.kill()
    assert within(lambda: not any(map(alive, (server, keeper, watcher))))


def test_a_killed_user_does_not_stop_the_server_of_the_others(data_dir: Path) -> None:
    starter, other = User(data_dir), User(data_dir)
    assert starter.url == other.url
    starter.kill()
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
    other.leave()


def test_a_killed_server_comes_back_under_the_same_lease(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire() as lease:
        execute(lease.url, "create table if not exists kept as select 7 as n")
        killed = server_pid(data_dir)
        os.kill(killed, signal.SIGKILL)
        assert within(lambda: answers(lease.url))
        assert query(lease.url, "select n from kept") == 7
        assert server_pid(data_dir) != killed


def test_no_dead_server_is_handed_out_after_a_crash(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire():
        for _ in range(3):
            os.kill(server_pid(data_dir), signal.SIGKILL)
            with manager.acquire() as lease:
                assert query(lease.url, "select 1") == 1


def test_a_server_that_crashes_again_and_again_is_given_up_until_the_next_user(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire():
        for _ in range(4):
            os.kill(server_pid(data_dir), signal.SIGKILL)
            manager.acquire().release()
        os.kill(server_pid(data_dir), signal.SIGKILL)
        assert manager.wait_stopped(PATIENCE_S)
        with manager.acquire() as lease:
            assert query(lease.url, "select 1") == 1


@linux_only
def test_the_server_does_not_outlive_a_killed_keeper(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire():
        server, watcher = server_pid(data_dir), watcher_pid(data_dir)
        os.kill(keeper_pid(data_dir), signal.SIGKILL)
        assert within(lambda: not alive(server) and not alive(watcher))
        with manager.acquire() as lease:
            assert query(lease.url, "select 1") == 1


def test_keeper_and_server_killed_together_recover(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as lease:
        execute(lease.url, "create table if not exists kept as select 7 as n")
        keeper, server = keeper_pid(data_dir), server_pid(data_dir)
        os.kill(keeper, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
        os.kill(keeper, signal.SIGKILL)
        with manager.acquire() as again:
            assert query(again.url, "select n from kept") == 7


@linux_only
def test_a_watcher_is_not_taken_for_a_keeper(data_dir: Path) -> None:
    """Where nothing ends it together with the keeper, it must not hold the keeper's lock after it."""
    with EmbeddedPostgres(data_dir).acquire():
        watcher = watcher_pid(data_dir)
        assert layout.USERS_LOCK in {file.name for file in files_of(watcher)}
        assert within(lambda: layout.KEEPER_LOCK not in {file.name for file in files_of(watcher)})


def test_a_killed_watcher_is_replaced(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire() as lease:
        killed = watcher_pid(data_dir)
        os.kill(killed, signal.SIGKILL)
        assert within(lambda: not alive(killed) and watcher_pid(data_dir) != killed)
        assert query(lease.url, "select 1") == 1
    assert stopped(data_dir)


def test_a_server_without_a_keeper_is_stopped_by_the_next_one(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire():
        command = Path(f"/proc/{server_pid(data_dir)}/cmdline").read_bytes().decode().split("\0")[:-1]
    assert stopped(data_dir)
    orphan = start_as_owner(data_dir, command)
    assert within(lambda: pidfile.is_ready(str(data_dir / layout.CLUSTER), orphan.pid))
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert orphan.wait(timeout=PATIENCE_S) == 0
        assert server_pid(data_dir) != orphan.pid
        assert query(lease.url, "select 1") == 1


@pytest.mark.parametrize("where", ["elsewhere", "in the cluster"])
def test_a_stranger_named_in_a_stale_pid_file_survives(data_dir: Path, where: str) -> None:
    """A stranger of the same account: Postgres itself would refuse to start, believing the file."""
    with EmbeddedPostgres(data_dir).acquire():
        stale = (data_dir / layout.CLUSTER / "postmaster.pid").read_text()
        owner_pid = stale.splitlines()[0]
    assert stopped(data_dir)
    folder = data_dir / layout.CLUSTER if where == "in the cluster" else Path("/")
    stranger = start_as_owner(data_dir, ["sleep", "600"], folder)
    for path in (data_dir / layout.CLUSTER / "postmaster.pid", Path(layout.socket_path(str(data_dir)) + ".lock")):
        path.write_text(stale.replace(owner_pid, str(stranger.pid), 1))
        shutil.chown(path, data_dir.stat().st_uid, data_dir.stat().st_gid)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert stranger.poll() is None
    assert stopped(data_dir)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("line", ["", "nonsense", "0", "-1", "99999999"])
def test_nonsense_in_a_pid_file_hurts_nobody(data_dir: Path, line: str) -> None:
    path = data_dir / layout.CLUSTER / "postmaster.pid"
    path.write_text(f"{line}\n{data_dir}\n")
    shutil.chown(path, data_dir.stat().st_uid, data_dir.stat().st_gid)
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1


def test_without_proc_a_server_is_known_by_its_command_line(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_PROC", "/nonexistent")
    cluster = str(data_dir / layout.CLUSTER)
    with EmbeddedPostgres(data_dir).acquire():
        assert strangers.is_server_of(server_pid(data_dir), cluster)
        assert not strangers.is_server_of(server_pid(data_dir), cluster[:-1])
        assert not strangers.is_server_of(os.getpid(), cluster)
    impostor = subprocess.Popen(("tail", "-f", "/dev/null", "-D", cluster), stderr=subprocess.DEVNULL)
    assert not strangers.is_server_of(impostor.pid, cluster)
    impostor.kill()
    impostor.wait()
    assert not strangers.is_server_of(impostor.pid, cluster)


def test_a_cluster_whose_making_was_killed_is_made_again(scratch: Path) -> None:
    data_dir, user = caught_at_making(scratch, f"{layout.UNFINISHED}*/base")
    making = processes_of(data_dir)
    kill_all(making)
    assert making
    user.kill()
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
        assert [path.name for path in data_dir.glob(f"{layout.UNFINISHED}*")] == []


def test_a_first_user_killed_while_the_cluster_is_made_leaves_nothing_behind(scratch: Path) -> None:
    data_dir, user = caught_at_making(scratch, f"{layout.UNFINISHED}*")
    user.kill()
    assert stopped(data_dir)
    assert gone(data_dir)


def test_a_keeper_that_was_not_to_be_seen_yet_is_waited_for(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its user was killed before it had locked the folder, so the next one starts another, which comes too late."""
    keeper_lives = manager._keeper_lives
    blind = iter([True])
    with EmbeddedPostgres(data_dir).acquire() as first:
        keeper = keeper_pid(data_dir)
        monkeypatch.setattr(manager, "_keeper_lives", lambda home: not next(blind, False) and keeper_lives(home))
        with EmbeddedPostgres(data_dir).acquire() as second:
            assert not next(blind, False), "it was looked for"
            assert first.url == second.url
            assert query(second.url, "select 1") == 1
        assert keeper_pid(data_dir) == keeper


def caught_at_making(scratch: Path, sign: str) -> tuple[Path, User]:
    """A first user while its cluster is made; once more with another folder if that was over before anybody looked."""
    for number in range(20):
        data_dir = scratch / f"data{number}"
        user = User(data_dir)
        assert within(lambda: (data_dir / layout.CLUSTER).exists() or seen(data_dir, sign))  # noqa: B023 - waited for here
        if seen(data_dir, sign):
            return data_dir, user
        user.leave()
    raise AssertionError("making a cluster is never seen")


def seen(data_dir: Path, sign: str) -> bool:
    try:
        return any(data_dir.glob(sign))
    except FileNotFoundError:
        return False


def test_a_folder_deleted_under_a_running_server_is_made_anew(own_data_dir: Path) -> None:
    manager = EmbeddedPostgres(own_data_dir)
    old = manager.acquire()
    old_keeper, old_server = keeper_pid(own_data_dir), server_pid(own_data_dir)
    writers = [old_server, *children_of(old_server)]
    for pid in writers:  # so that none writes anything into the folder while it is deleted
        os.kill(pid, signal.SIGSTOP)
    shutil.rmtree(own_data_dir)
    for pid in writers:
        os.kill(pid, signal.SIGCONT)
    with manager.acquire() as lease:
        assert server_pid(own_data_dir) != old_server
        os.kill(old_server, signal.SIGKILL)
        assert within(lambda: not alive(old_keeper))
        assert query(lease.url, "select 1") == 1
        old.release()
        assert query(lease.url, "select 1") == 1


def start_as_owner(data_dir: Path, command: list[str], folder: Path = Path("/")) -> subprocess.Popen[bytes]:
    """Start a program under the account that runs the server of ``data_dir``."""
    if not IS_ROOT:
        return subprocess.Popen(command, cwd=folder)
    found = data_dir.stat()
    wrapped = ["setpriv", f"--reuid={found.st_uid}", f"--regid={found.st_gid}", "--clear-groups", *command]
    return subprocess.Popen(wrapped, cwd=folder)
