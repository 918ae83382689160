"""`Wire`: the way from one worker to the server, which can be cut in the middle of an answer, or stand still for a while."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

_CHUNK = 16 * 1024


class Wires:
    """The thread in which all wires are served."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Do something there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


class Wire:
    """Takes connections on a loopback port and passes them on to the server's socket."""

    def __init__(self, wires: Wires, server: Path) -> None:
        self._wires, self._server_path = wires, server
        self._open: set[asyncio.StreamWriter] = set()
        self._left: int | None = None
        """How many bytes of answers still pass before the cut."""
        self._flows = asyncio.Event()
        self._flows.set()
        self._stalls = 0
        self.port: int = wires.run(self._start()).result(10)

    def cut(self, after_bytes: int) -> None:
        """Drop every connection without a word, after so many more bytes from the server."""
        self._wires.run(self._cut_after(after_bytes)).result(10)

    def stall(self, seconds: float) -> None:
        """Let nothing pass for so long. Does not wait for it."""
        self._wires.run(self._stall(seconds))

    def await_flow(self) -> None:
        """Wait until it does not stand still any more."""
        self._wires.run(self._flows.wait()).result(60)

    def close(self) -> None:
        """Drop everything and take no more."""
        self._wires.run(self._close()).result(10)

    async def _start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_unix_connection(self._server_path)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, back}
        to_server = asyncio.ensure_future(self._pump(reader, back, counts=False))
        to_worker = asyncio.ensure_future(self._pump(there, writer, counts=True))
        await asyncio.wait({to_server, to_worker}, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, back):
            end.transport.abort()
            self._open.discard(end)
        for pump in (to_server, to_worker):
            pump.cancel()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._flows.wait()
                if counts and self._left is not None:
                    data, self._left = data[: self._left], self._left - len(data)
                sink.write(data)
                await sink.drain()
                if self._left is not None and self._left <= 0:
                    self._drop()

    async def _cut_after(self, after_bytes: int) -> None:
        if after_bytes:
            self._left = after_bytes
        else:
            self._drop()

    def _drop(self) -> None:
        self._left = None
        for end in self._open:
            end.transport.abort()

    async def _stall(self, seconds: float) -> None:
        self._stalls += 1
        self._flows.clear()
        await asyncio.sleep(seconds)
        self._stalls -= 1
        if not self._stalls:
            self._flows.set()

    async def _close(self) -> None:
        self._server.close()
        self._drop()
