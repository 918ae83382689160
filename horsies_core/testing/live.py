"""A real database and a real worker for the time of a test run: `temporary_database` and `running_worker`."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from horsies_core.config import WORKER_URL_VARIABLE, PostgresConfig
from horsies_core.outcome.errors import HorsiesError
from horsies_core.store.embedded import EmbeddedPostgres
from horsies_core.store.migrate import drop_schema, migrate
from horsies_core.store.settings import StoreSettings

_READY = " INFO worker ready "
_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 60.0
_LOG_SHOWN = 4_000
_WORKER = """
from horsies_core.worker.parent_death import die_with_parent
die_with_parent({parent})
from horsies_core.cli import main
main()
"""


class WorkerFailedError(HorsiesError):
    """A worker for tests did not start, or did not end well; the message holds the end of its log."""


@contextmanager
def temporary_database(url: str | None = None) -> Generator[PostgresConfig]:
    """Tables of one's own, gone afterwards: in the database of ``url``, or on an embedded Postgres in a temporary folder.

    Raises `ConfigError` for a URL that is none, `StoreUnavailableError` if nobody answers there, `EmbeddedPostgresError` if no
    Postgres can be started here.
    """
    with ExitStack() as stack:
        broker = PostgresConfig(
            database_url=url or stack.enter_context(_embedded()), schema=f"horsies_test_{secrets.token_hex(4)}"
        )
        settings = StoreSettings(conninfo=broker.conninfo, schema=broker.schema)
        migrate(settings)
        if url is not None:
            stack.callback(drop_schema, settings)
        yield broker


@dataclass(frozen=True, slots=True)
class RunningWorker:
    """A worker in a process of its own. ``log_path`` is where its lines go."""

    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def log(self) -> str:
        """Everything it has logged, and its tasks have printed, so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_worker(
    app_path: str,
    broker: PostgresConfig,
    *,
    processes: int = 2,
    queues: Sequence[str] = (),
    folder: Path | None = None,
) -> Generator[RunningWorker]:
    """``horsies worker`` for an app (``MODULE:NAME``) on that database instead of the app's; ready now, stopped afterwards.

    It sees ``sys.path`` and the environment as they are here, and runs in ``folder`` (None: the current one). It does not
    outlive the thread that enters, not even one that is killed. Raises `WorkerFailedError` if it does not get ready, or does
    not end with exit code 0.
    """
    with tempfile.TemporaryDirectory(prefix="horsies-worker-") as scratch:
        log_path = Path(scratch) / "log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(
                _command(app_path, broker.schema, processes, queues),
                cwd=folder,
                env=_environment(broker),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        worker = RunningWorker(process, log_path)
        try:
            _await_ready(worker)
            yield worker
            _stop(worker)
        finally:
            process.kill()
            process.wait()


@contextmanager
def _embedded() -> Generator[str]:
    folder = Path(tempfile.mkdtemp(prefix="horsies-test-"))
    folder.chmod(0o755)  # a superuser's server runs under another account, which has to pass
    server = EmbeddedPostgres(folder / "postgres")
    try:
        with server.acquire() as lease:
            yield lease.url
        server.wait_stopped(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(app_path: str, schema: str, processes: int, queues: Sequence[str]) -> list[str]:
    command = [sys.executable, "-c", _WORKER.format(parent=os.getpid()), "worker", app_path]
    command += ["--schema", schema, "--processes", str(processes)]
    return [*command, "--queues", ",".join(queues)] if queues else command


def _environment(broker: PostgresConfig) -> dict[str, str]:
    paths = [path for path in sys.path if path]
    return {**os.environ, WORKER_URL_VARIABLE: broker.database_url, "PYTHONPATH": os.pathsep.join(paths)}


def _await_ready(worker: RunningWorker) -> None:
    give_up = time.monotonic() + _START_LIMIT_S
    while _READY not in worker.log:
        if worker.process.poll() is not None:
            raise _failed(worker, f"the worker ended with exit code {worker.process.returncode} before it was ready")
        if time.monotonic() > give_up:
            raise _failed(worker, f"the worker was not ready within {_START_LIMIT_S:g} s")
        time.sleep(0.02)


def _stop(worker: RunningWorker) -> None:
    if worker.process.poll() is None:
        worker.process.send_signal(signal.SIGTERM)
    try:
        code = worker.process.wait(_STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise _failed(worker, f"the worker did not end within {_STOP_LIMIT_S:g} s of SIGTERM") from None
    if code != 0:
        raise _failed(worker, f"the worker ended with exit code {code}")


def _failed(worker: RunningWorker, what: str) -> WorkerFailedError:
    return WorkerFailedError(f"{what}; its log ends:\n{worker.log[-_LOG_SHOWN:]}")
