"""Starting a keeper and hearing from it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

from .errors import EmbeddedPostgresError
from .folder import DataFolder
from .keeper import layout

_BOOTSTRAP = "import sys; sys.path.append(sys.argv[1]); from keeper.main import main; sys.exit(main(sys.argv[2:]))"
_ATTEMPTS = 3
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""All of the environment that the server gets: no ``PG*`` settings, and none of the caller's secrets."""


def launch_keeper(folder: DataFolder, bin_dir: Path, timeout_s: float) -> bool:
    """Start the keeper of ``folder`` and return True when its server takes connections; False if there is another keeper.

    That one was started by a user who was killed before it had the folder's lock, and was not to be seen until then.

    The keeper is nobody's child and holds none of this process's files. One that says nothing was killed (or is
    broken), and gets successors. Raises :class:`EmbeddedPostgresError` with the keeper's report, or when there is
    none within ``timeout_s``.
    """
    deadline = time.monotonic() + timeout_s
    log = folder.path / layout.LOG
    for _ in range(_ATTEMPTS):
        report = _launch(folder, bin_dir, deadline)
        if report is None:
            raise EmbeddedPostgresError(f"Postgres in {folder.path} was not ready within {timeout_s:g} s; see {log}.")
        if report.endswith((layout.READY, layout.HELD)):
            return report.endswith(layout.READY)
        if said := report.decode(errors="replace").strip():
            raise EmbeddedPostgresError(f"The embedded Postgres in {folder.path} did not start: {said}")
    raise EmbeddedPostgresError(f"The keeper of {folder.path} ended {_ATTEMPTS} times without a word; see {log}.")


def _launch(folder: DataFolder, bin_dir: Path, deadline: float) -> bytes | None:
    """Start a keeper; return its report, or ``None`` if the deadline passed before."""
    code_folder = str(Path(__file__).parent)
    account = folder.account
    arguments = (code_folder, str(folder.path), str(bin_dir), str(account.uid), str(account.gid))
    starter = subprocess.Popen(
        (_interpreter(), "-I", "-S", "-c", _BOOTSTRAP, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"LC_ALL": "C", **{name: os.environ[name] for name in _PASSED_ON if name in os.environ}},
        start_new_session=True,
    )
    assert starter.stdout is not None
    with starter.stdout as output:
        report = _read_until_closed(output.fileno(), deadline)
    starter.wait()
    return report


def _read_until_closed(fd: int, deadline: float) -> bytes | None:
    """Return all that is written to the pipe, or ``None`` if it is not closed before the deadline."""
    report = b""
    while select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(fd, 65536)
        if not part:
            return report
        report += part
    return None


def _interpreter() -> str:
    """Return a Python program; inside an application server ``sys.executable`` may be that server."""
    if Path(sys.executable).name.startswith(("python", "pypy")):
        return sys.executable
    return str(Path(sys.base_exec_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
