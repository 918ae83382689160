"""What goes wrong is said, with the remedy, and leaves nothing half done."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from embedded_support import IS_ROOT, REPOSITORY, gone, kill_all, processes_of, query, stopped, within

from horsies_core.outcome.errors import HorsiesError
from horsies_core.store.embedded import EmbeddedPostgres, EmbeddedPostgresError
from horsies_core.store.embedded.binaries import installed
from horsies_core.store.embedded.keeper import layout


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_the_error_belongs_to_the_tree() -> None:
    assert issubclass(EmbeddedPostgresError, HorsiesError)


def test_without_any_postgres_both_remedies_are_named(scratch: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)pip install 'horsies\[embedded\]'.*database URL"):
        EmbeddedPostgres(scratch / "data", bin_dirs=()).acquire()


def test_broken_programs_are_named_with_what_they_say(scratch: Path) -> None:
    program(scratch / "bin", "postgres", "echo 'libz.so.1: cannot open shared object file' >&2; exit 127")
    program(scratch / "bin", "initdb", "exit 127")
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)bin does not work.*127.*libz\.so\.1"):
        EmbeddedPostgres(scratch / "data", bin_dirs=(scratch / "bin",)).acquire()


def test_broken_programs_are_passed_over_when_there_are_better_ones(scratch: Path) -> None:
    (scratch / "bin").mkdir()
    (scratch / "bin" / "postgres").write_bytes(b"no program at all")
    bin_dirs = (scratch / "nonexistent", scratch / "bin", next(installed()))
    with EmbeddedPostgres(scratch / "data", bin_dirs=bin_dirs).acquire() as lease:
        assert query(lease.url, "select 1") == 1


def test_a_too_old_postgres_is_refused(scratch: Path) -> None:
    program(scratch / "bin", "postgres", "echo 'postgres (PostgreSQL) 13.4'")
    program(scratch / "bin", "initdb", "exit 1")
    with pytest.raises(EmbeddedPostgresError, match="bin is version 13"):
        EmbeddedPostgres(scratch / "data", bin_dirs=(scratch / "bin",)).acquire()


def test_data_of_another_version_is_left_alone_and_the_ways_out_are_named(own_data_dir: Path) -> None:
    marker = own_data_dir / layout.CLUSTER / "PG_VERSION"
    marker.write_text("15\n")
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)made by Postgres 15.*version \d\d.*pg_upgrade.*delete"):
        EmbeddedPostgres(own_data_dir, bin_dirs=(next(installed()),)).acquire()
    assert marker.read_text() == "15\n"
    assert gone(own_data_dir)


def test_data_of_an_older_version_gets_the_programs_of_that_version(scratch: Path) -> None:
    found = {int(version_of(folder).split(".")[0]): folder for folder in installed()}
    if len(found) < 2:
        pytest.skip("needs two versions of Postgres")
    older = min(found)
    for bin_dirs in ((found[older],), tuple(found[major] for major in sorted(found, reverse=True))):
        with EmbeddedPostgres(scratch / "data", bin_dirs=bin_dirs).acquire() as lease:
            assert query(lease.url, "select current_setting('server_version')").startswith(f"{older}.")


def test_a_failing_initdb_is_quoted_and_leaves_no_cluster(scratch: Path) -> None:
    program(scratch / "bin", "postgres", "echo 'postgres (PostgreSQL) 17.1'")
    program(scratch / "bin", "initdb", "echo 'initdb: error: no room left for you' >&2; exit 3")
    data_dir = scratch / "data"
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)initdb failed with exit code 3.*no room left for you"):
        EmbeddedPostgres(data_dir, bin_dirs=(scratch / "bin",)).acquire()
    assert stopped(data_dir)
    assert {path.name for path in data_dir.iterdir()} == {layout.KEEPER_LOCK, layout.USERS_LOCK, layout.LOG}


def test_a_cluster_that_does_not_fit_is_not_begun(scratch: Path) -> None:
    """A limit on the size of files stands in for a full disk."""
    data_dir = scratch / "data"
    script = """
import resource, sys
from pathlib import Path
from horsies_core.store.embedded import EmbeddedPostgres
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
EmbeddedPostgres(Path(sys.argv[1])).acquire()
"""
    command = (sys.executable, "-c", script, str(data_dir))
    answer = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert "initdb failed" in answer.stderr
    assert "File too large" in answer.stderr
    assert stopped(data_dir)
    assert not (data_dir / layout.CLUSTER).exists()
    with EmbeddedPostgres(data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1


def test_a_server_that_does_not_start_is_quoted_and_starts_once_it_is_mended(own_data_dir: Path) -> None:
    settings = own_data_dir / layout.CLUSTER / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(f"{good}\nno_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)did not start.*exit code 1.*no_such_setting"):
        EmbeddedPostgres(own_data_dir).acquire()
    assert stopped(own_data_dir)
    settings.write_text(good)
    with EmbeddedPostgres(own_data_dir).acquire() as lease:
        assert query(lease.url, "select 1") == 1


def test_a_nearly_full_disk_is_mentioned(own_data_dir: Path, tmp_path: Path) -> None:
    """In a mount of its own, where the machine lets us make one."""
    if not IS_ROOT or shutil.which("unshare") is None:
        pytest.skip("needs a superuser's mount")
    inside = f"""
mount -t tmpfs -o size=20m,mode=755 none {own_data_dir.parent} || exit 77
exec {sys.executable} -c '
from pathlib import Path
from horsies_core.store.embedded import EmbeddedPostgres
EmbeddedPostgres(Path("{own_data_dir}")).acquire()'
"""
    command = ("unshare", "--mount", "sh", "-c", inside)
    answer = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    if answer.returncode == 77:
        pytest.skip("cannot mount")
    assert "No space left on device" in answer.stderr
    assert "MB are free on the disk of" in answer.stderr


def test_a_folder_with_something_else_in_it_is_left_alone(scratch: Path) -> None:
    (scratch / "letter.txt").write_text("dear")
    before = scratch.stat()
    with pytest.raises(EmbeddedPostgresError, match=r"holds something else \(letter.txt\)"):
        EmbeddedPostgres(scratch).acquire()
    assert [path.name for path in scratch.iterdir()] == ["letter.txt"]
    assert (scratch.stat().st_mode, scratch.stat().st_uid) == (before.st_mode, before.st_uid)


def test_a_path_that_cannot_be_a_folder_is_an_error_with_a_remedy(scratch: Path) -> None:
    (scratch / "file").write_text("")
    for path in (scratch / "file", scratch / "file" / "data"):
        with pytest.raises(EmbeddedPostgresError, match="HORSIES_DATA_DIR"):
            EmbeddedPostgres(path).acquire()


def test_a_start_that_takes_too_long_is_given_up(own_data_dir: Path, scratch: Path) -> None:
    program(scratch / "bin", "postgres", f"[ $# = 1 ] && exec {next(installed())}/postgres $1; exec sleep 30")
    program(scratch / "bin", "initdb", "exit 1")
    with pytest.raises(EmbeddedPostgresError, match=r"not ready within 0\.5 s"):
        EmbeddedPostgres(own_data_dir, bin_dirs=(scratch / "bin",), start_timeout_s=0.5).acquire()
    assert within(lambda: bool(keepers(own_data_dir)))
    kill_all(keepers(own_data_dir))
    assert stopped(own_data_dir)


def keepers(data_dir: Path) -> list[int]:
    return [pid for pid, command in processes_of(data_dir).items() if "keeper.main" in command]


def test_a_failed_acquire_holds_nothing(own_data_dir: Path) -> None:
    settings = own_data_dir / layout.CLUSTER / "postgresql.conf"
    settings.write_text("no_such_setting = 1\n")
    before = open_files()
    for _ in range(3):
        with pytest.raises(EmbeddedPostgresError):
            EmbeddedPostgres(own_data_dir).acquire()
    assert not open_files() - before


def test_a_released_lease_holds_nothing(data_dir: Path) -> None:
    before = open_files()
    for _ in range(3):
        EmbeddedPostgres(data_dir).acquire().release()
    assert not open_files() - before


def open_files() -> set[tuple[str, str]]:
    """Each with what it is open on: what an earlier test left behind may be closed by the collector at any moment."""
    gc.collect()
    links = Path("/dev/fd").iterdir()
    return {(link.name, str(link.readlink())) for link in links if link.is_symlink() and link.exists()}


def version_of(folder: Path) -> str:
    command = (folder / "postgres", "--version")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(") ")[1]
