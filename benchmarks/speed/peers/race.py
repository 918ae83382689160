"""The race: the same number of no-op tasks for everybody, and the rate from a tenth done to all done."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.speed.figure import Figure, interleaved, ratios
from benchmarks.speed.peers.redis import Redis, own_redis
from benchmarks.speed.processes import ROOT, worker
from benchmarks.speed.scale import Scale
from benchmarks.speed.stage import stage

APPS = Path(__file__).parent / "apps"
PROCESSES = 2
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another queue. ``work`` is what one worker process is started with, ``workers`` how many of them are started."""

    name: str
    bar: float | None
    aim: float | None
    work: Sequence[str]
    workers: int
    done: str
    """Redis command with the database's number in front, or an SQL query; ``{count}`` is the number of tasks."""
    about: str
    """What is stored, checked and isolated."""
    count: int = 20_000

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return ROOT / ".venv-peers" / self.name / "bin" / "python"

    @property
    def is_installed(self) -> bool:
        """Whether its environment is there."""
        return self.python.exists()


PEERS = (
    Peer(
        name="huey", bar=2, aim=4, workers=1, done="0 HLEN huey.results.bench",
        work=["bin/huey_consumer", "huey_app.huey", "-k", "process", "-w", "2", "-n"],
        about="Redis, append-only file synced each second · result stored · nothing checked · processes, forked once",
    ),
    Peer(
        name="celery", bar=2, aim=4, workers=1, done="2 DBSIZE", count=5_000,
        work=["bin/celery", "-A", "celery_app", "worker", "-P", "prefork", "-c", "2", "--without-gossip",
              "--without-mingle", "--without-heartbeat", "-l", "ERROR"],
        about="Redis, the same · result stored · nothing checked · prefork; acknowledged before the task runs",
    ),
    Peer(
        name="chancy", bar=2, aim=4, workers=1, count=1_500,
        work=["bin/python", "chancy_app.py", "work"],
        done="SELECT count(*) FROM chancy_jobs WHERE state = 'succeeded'",
        about="Postgres · state stored, no result · nothing checked · ProcessPoolExecutor",
    ),
    Peer(
        name="pgqueuer", bar=None, aim=1, workers=2,
        work=["bin/python", "pgqueuer_app.py", "work"],
        done="SELECT {count} - count(*) FROM pgqueuer",
        about="Postgres · state logged, no result · nothing checked · event loop, no isolation",
    ),
    Peer(
        name="oban", bar=1, aim=1, workers=2, count=10_000,
        work=["bin/python", "oban_app.py", "work"],
        done="SELECT count(*) FROM oban_jobs WHERE state = 'completed'",
        about="Postgres · state stored, no result · nothing checked · event loop, no isolation",
    ),
    Peer(
        name="procrastinate", bar=2, aim=2, workers=2, count=5_000,
        work=["bin/python", "procrastinate_app.py", "work"],
        done="SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'",
        about="Postgres · state and events stored, no result · nothing checked · event loop, no isolation",
    ),
)  # fmt: skip


def race(url: str, scale: Scale) -> list[Figure]:
    """Everybody in turn, ``scale.repeats`` times (at most three)."""
    with tempfile.TemporaryDirectory(prefix="horsies-redis-") as folder, own_redis(Path(folder)) as redis:
        present = [peer for peer in PEERS if peer.is_installed]
        contestants: dict[str, Callable[[], float]] = {"horsies": lambda: _our_rate(url, scale.drain)}
        for peer in present:
            contestants[peer.name] = partial(_rate, peer, url, redis, min(peer.count, scale.drain))
        measured = interleaved(contestants, min(scale.repeats, 3))
    return [
        Figure(
            name=f"peer-{peer.name}",
            title=f"drain with {PROCESSES} processes, against {peer.name}",
            against=f"{peer.name} {_version(peer)}: {peer.about}",
            samples=ratios(measured["horsies"], measured[peer.name]),
            bar=peer.bar,
            aim=peer.aim,
            measured={"horsies": measured["horsies"], peer.name: measured[peer.name]},
        )
        for peer in present
    ]


def _our_rate(url: str, count: int) -> float:
    with stage(url) as made:
        made.send_noops(count)
        with worker(made.given, PROCESSES):
            return _from_a_tenth(lambda: int(made.ask("SELECT count(*) FROM {s}.history")), count)


def _rate(peer: Peer, url: str, redis: Redis, count: int) -> float:
    redis.flush()
    database = f"peer_{peer.name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {database}".encode())
    theirs = url.replace("/postgres?", f"/{database}?")
    environment = {**os.environ, "DATABASE_URL": theirs, "REDIS_URL": redis.url}
    enqueuing = [str(peer.python), f"{peer.name}_app.py", str(count)]
    subprocess.run(enqueuing, cwd=APPS, env=environment, check=True, stdout=subprocess.DEVNULL)
    with psycopg.connect(theirs, autocommit=True) as watch:
        return _raced(peer, environment, lambda: _done(peer, redis, watch, count), count)


def _raced(peer: Peer, environment: Mapping[str, str], done: Callable[[], int], count: int) -> float:
    command = [str(peer.python.parent.parent / peer.work[0]), *peer.work[1:]]
    with tempfile.TemporaryFile() as log:
        started = [
            subprocess.Popen(command, cwd=APPS, env=environment, stdout=log, stderr=log, start_new_session=True)
            for _ in range(peer.workers)
        ]
        try:
            return _from_a_tenth(done, count)
        except TimeoutError as error:
            log.seek(0)
            raise RuntimeError(f"{peer.name} did not finish: {log.read()[-2000:].decode()}") from error
        finally:
            for process in started:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _from_a_tenth(done: Callable[[], int], count: int) -> float:
    deadline = time.monotonic() + _PATIENCE_S
    began: tuple[float, int] | None = None
    while time.monotonic() < deadline:
        finished, now = done(), time.monotonic()
        if began is None and finished >= count / 10:
            began = now, finished
        if finished >= count:
            if began is None or began[1] >= count:
                raise RuntimeError("too few tasks: all were done between two looks")
            return (finished - began[1]) / (now - began[0])
        time.sleep(0.02)
    raise TimeoutError(f"{done()} of {count} tasks are done")


def _done(peer: Peer, redis: Redis, watch: psycopg.Connection[tuple[int]], count: int) -> int:
    if peer.done.startswith("SELECT"):
        row = watch.execute(peer.done.format(count=count).encode()).fetchone()
        assert row is not None
        return row[0]
    database, *words = peer.done.split()
    return redis.ask(int(database), *words)


def _version(peer: Peer) -> str:
    question = f"from importlib.metadata import version; print(version({peer.name!r}))"
    return subprocess.run(
        [peer.python, "-c", question], check=True, capture_output=True, text=True
    ).stdout.strip()  # fmt: skip
