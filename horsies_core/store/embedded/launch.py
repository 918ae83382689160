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
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""All of the environment that the server gets: no ``PG*`` settings, and none of the caller's secrets."""


def launch_keeper(folder: DataFolder, bin_dir: Path, timeout_s: float) -> None:
    """Start the keeper of ``folder`` and return when its server takes connections.

    The keeper is nobody's child and holds none of this process's files. Raises :class:`EmbeddedPostgresError` with
    the keeper's report, or when there is none within ``timeout_s``.
    """
    starter = _start(folder, bin_dir)
    assert starter.stdout is not None
    with starter.stdout as output:
        report = _read_until_closed(output.fileno(), timeout_s)
    starter.wait()
    log = folder.path / layout.LOG
    if report is None:
        raise EmbeddedPostgresError(f"Postgres in {folder.path} was not ready within {timeout_s:g} s; see {log}.")
    if not report.endswith(layout.READY):
        said = report.decode(errors="replace").strip() or f"its keeper broke, see {log}."
        raise EmbeddedPostgresError(f"The embedded Postgres in {folder.path} did not start: {said}")


def _start(folder: DataFolder, bin_dir: Path) -> subprocess.Popen[bytes]:
    code_folder = str(Path(__file__).parent)
    account = folder.account
    arguments = (code_folder, str(folder.path), str(bin_dir), str(account.uid), str(account.gid))
    try:
        return subprocess.Popen(
            (_interpreter(), "-I", "-S", "-c", _BOOTSTRAP, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"LC_ALL": "C", **{name: os.environ[name] for name in _PASSED_ON if name in os.environ}},
            start_new_session=True,
        )
    except OSError as error:
        raise EmbeddedPostgresError(f"The keeper of the embedded Postgres cannot be started: {error}") from error


def _read_until_closed(fd: int, timeout_s: float) -> bytes | None:
    """Return all that is written to the pipe, or ``None`` if it is not closed within ``timeout_s``."""
    deadline = time.monotonic() + timeout_s
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
