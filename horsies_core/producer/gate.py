"""`StoreGate`: the store of one app, opened at its first use, by whichever thread comes first."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from horsies_core.store.store import Store


T = TypeVar("T")


class StoreGate:
    """Opens a store once. Threads may share it; a forked child goes on with a store of fresh connections."""

    def __init__(self, connect: Callable[[], Store]) -> None:
        self._connect = connect
        self._store: Store | None = None
        self._lock = threading.Lock()
        own: weakref.ref[StoreGate] = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _renew_lock(own))

    def open(self) -> Store:
        """The store. Raises what connecting raises, and may then be asked again."""
        store = self._store
        if store is not None:
            return store
        with self._lock:
            if self._store is None:
                self._store = self._connect()
            return self._store

    async def open_async(self) -> Store:
        """Like `open`, without blocking the event loop: the first time may load modules and start a server."""
        store = self._store
        if store is not None:
            return store
        return await _in_thread(self.open)

    def close(self) -> None:
        """Close the store's connections; the next use opens it anew."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    async def close_async(self) -> None:
        """Close also what belongs to the running event loop."""
        store = self._store
        if store is not None:
            await store.close_async()
        await _in_thread(self.close)


async def _in_thread(function: Callable[[], T]) -> T:
    import asyncio

    return await asyncio.to_thread(function)


def _renew_lock(reference: weakref.ref[StoreGate]) -> None:
    """Another thread of the parent may have held the lock at the fork; in the child nobody would ever let it go."""
    gate = reference()
    if gate is not None:
        gate._lock = threading.Lock()
