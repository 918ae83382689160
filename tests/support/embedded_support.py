"""What the tests of the embedded server share: folders, users in other processes, and a look at the processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.embedded.keeper import layout, pidfile

REPOSITORY = Path(__file__).parents[2]
PATIENCE_S = 60.0
"""How long anything is waited for that must come; only a failure takes so long."""
IS_ROOT = os.geteuid() == 0

_USER = """
import sys
from pathlib import Path
from horsies_core.store.embedded import EmbeddedPostgres
lease = EmbeddedPostgres(Path(sys.argv[1])).acquire()
print(lease.url, flush=True)
sys.stdin.readline()
lease.release()
"""


class User:
    """A process that holds a lease of a folder until it leaves or is killed."""

    def __init__(self, data_dir: Path) -> None:
        command = (sys.executable, "-c", _USER, str(data_dir))
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
        )

    @property
    def url(self) -> str:
        """Wait until it has its lease."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, f"the user ended with {self.process.wait()}"
        return line

    def leave(self) -> None:
        self.process.communicate("\n", timeout=PATIENCE_S)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_S)


@pytest.fixture
def scratch() -> Generator[Path, None, None]:
    """An empty folder that the server's account can reach."""
    with scratch_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def template() -> Generator[Path, None, None]:
    """A data folder with a finished cluster, whose making takes a second."""
    with scratch_folder() as folder:
        data_dir = folder / "template"
        EmbeddedPostgres(data_dir).acquire().release()
        assert stopped(data_dir)
        yield data_dir


@pytest.fixture
def data_dir(template: Path) -> Generator[Path, None, None]:
    """A data folder with a finished cluster, shared by tests that leave it as whole as a crash does."""
    yield template
    end_all(template)


@pytest.fixture
def own_data_dir(scratch: Path, template: Path) -> Path:
    """A data folder with a finished cluster, to spoil."""
    copy = scratch / "data"
    subprocess.run(("cp", "-a", template, copy), check=True)
    return copy


@contextmanager
def scratch_folder() -> Generator[Path, None, None]:
    """Yield a folder that every account can reach (pytest's own is closed when root runs the tests), then prove
    that no process of it is left."""
    folder = Path(tempfile.mkdtemp(prefix="horsies-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
        end_all(folder)
    finally:
        shutil.rmtree(folder)


def end_all(folder: Path) -> None:
    """Fail if a server of the folder stays, and end it, so that the next test is not to blame."""
    if not gone(folder):
        left = processes_of(folder)
        kill_all(left)
        pytest.fail(f"still running: {left}")


def query(url: str, statement: str) -> Any:
    """Return the first column of the statement's first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def processes_of(folder: Path) -> dict[int, str]:
    """Return the server processes whose command line names the folder, by id."""
    listing = subprocess.run(("ps", "-eww", "-o", "pid=,stat=,args="), capture_output=True, text=True, check=True)
    rows = (line.split(None, 2) for line in listing.stdout.splitlines())
    return {
        int(row[0]): row[2]
        for row in rows
        if len(row) == 3 and not row[1].startswith("Z") and str(folder) in row[2] and _is_server(row[2])
    }


def server_pid(data_dir: Path) -> int:
    claim = pidfile.read(str(data_dir / layout.CLUSTER))
    assert claim is not None
    return claim[0]


def keeper_pid(data_dir: Path) -> int:
    return int(_ps("-o", "ppid=", "-p", str(server_pid(data_dir))))


def watcher_pid(data_dir: Path) -> int:
    """Wait until there is one: the keeper says that the server is ready before it forks it."""
    assert within(lambda: len(_watchers(data_dir)) == 1)
    (watcher,) = _watchers(data_dir)
    return watcher


def _watchers(data_dir: Path) -> set[int]:
    return children_of(keeper_pid(data_dir)) - {server_pid(data_dir)}


def children_of(pid: int) -> set[int]:
    """The living ones."""
    rows = (line.split() for line in _ps("-o", "pid=,stat=", "--ppid", str(pid), check=False).splitlines())
    return {int(child) for child, state in rows if not state.startswith("Z")}


def family(data_dir: Path) -> tuple[int, int, int]:
    """Keeper, watcher and server: what is there for as long as the server runs."""
    return keeper_pid(data_dir), watcher_pid(data_dir), server_pid(data_dir)


def alive(pid: int) -> bool:
    """Return whether the process exists and is no zombie."""
    state = _ps("-o", "stat=", "-p", str(pid), check=False).strip()
    return bool(state) and not state.startswith("Z")


def stopped(data_dir: Path) -> bool:
    return EmbeddedPostgres(data_dir).wait_stopped(PATIENCE_S)


def gone(folder: Path) -> bool:
    """Whether its last process ends; a keeper that has let go of its locks is still about to."""
    return within(lambda: not processes_of(folder))


def kill_all(pids: Iterable[int]) -> None:
    """Kill processes of which one may end because another one does."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def files_of(pid: int) -> set[Path]:
    """What a process has open; it may just close one."""
    found: set[Path] = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(descriptor.readlink())
    return found


def within(condition: Callable[[], bool]) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def _is_server(command: str) -> bool:
    return "/postgres -D" in command or "keeper.main" in command or "initdb" in command


def _ps(*options: str, check: bool = True) -> str:
    return subprocess.run(("ps", *options), capture_output=True, text=True, check=check).stdout
