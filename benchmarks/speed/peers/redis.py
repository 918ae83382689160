"""A Redis server of the benchmark's own, as durable as its documentation's advice: an append-only file synced every second."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.speed.processes import wait_until


class Redis:
    """A running server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.url = f"redis://127.0.0.1:{port}"

    def ask(self, database: int, *words: str) -> int:
        """The integer that a command answers with."""
        with socket.create_connection(("127.0.0.1", self._port), 10) as connection, connection.makefile("rb") as lines:
            connection.sendall(_command("SELECT", str(database)) + _command(*words))
            lines.readline()
            answer = lines.readline()
            if not answer.startswith(b":"):
                raise RuntimeError(f"redis answered {answer!r} to {words}")
            return int(answer[1:])

    def flush(self) -> None:
        """Forget everything."""
        with socket.create_connection(("127.0.0.1", self._port), 10) as connection:
            connection.sendall(_command("FLUSHALL"))
            connection.recv(64)


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    """A server for the block, on the loopback interface. Raises RuntimeError where Redis is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("there is no redis-server: install the system's package (apt-get install redis-server)")
    port = _free_port()
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "yes"]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port), "redis answers", 10)
        yield Redis(port)
    finally:
        process.terminate()
        process.wait(20)


def _command(*words: str) -> bytes:
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
