"""A wire between a store and its server that can be cut, frozen and mended: an outage, without hurting a server that others use."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Relay:
    """Passes bytes between a port of its own and a server."""

    def __init__(self, conninfo: str) -> None:
        self._target = conninfo_to_dict(conninfo)
        self._frozen = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self.conninfo = make_conninfo(
            conninfo, host="127.0.0.1", hostaddr=None, port=self._port, sslmode="disable", gssencmode="disable"
        )
        self._accept_on(self._listening)

    def cut(self) -> None:
        """Lose every connection, and refuse new ones."""
        with suppress(OSError):  # it wakes the thread that accepts, which a close alone does not
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def freeze(self) -> None:
        """Keep every connection, take new ones, and pass nothing on."""
        self._frozen.set()

    def mend(self) -> None:
        """Be a wire again."""
        if self._frozen.is_set():
            self._frozen.clear()
            return
        self._listening = socket.create_server(("127.0.0.1", self._port))
        self._accept_on(self._listening)

    def _accept_on(self, listening: socket.socket) -> None:
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:  # it was cut
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, self._far_end() as far, selectors.DefaultSelector() as selector:
            self._open += near, far
            selector.register(near, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, near)
            with suppress(OSError):
                while self._pass_on(selector):
                    pass

    def _pass_on(self, selector: selectors.BaseSelector) -> bool:
        for key, _ in selector.select(0.05):
            if self._frozen.is_set():
                threading.Event().wait(0.02)
                continue
            assert isinstance(key.fileobj, socket.socket)
            data = key.fileobj.recv(65536)
            if not data:
                return False
            key.data.sendall(data)
        return True

    def _far_end(self) -> socket.socket:
        host, port = str(self._target["host"]), int(self._target.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far


@contextmanager
def relayed(conninfo: str) -> Generator[Relay]:
    """A relay to a server; afterwards nothing of it is left open."""
    relay = Relay(conninfo)
    try:
        yield relay
    finally:
        relay.cut()
