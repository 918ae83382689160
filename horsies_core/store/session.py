"""`Session`: one connection that is kept, and made again when it is lost."""

from __future__ import annotations

from typing import TypeVar

from horsies_core.store.connection import StoreConnection
from horsies_core.store.operation import Operation, Underway, run
from horsies_core.store.settings import StoreSettings
from horsies_core.store.translation import translated

T = TypeVar("T")


class Session:
    """A connection of one thread. Connects at the first use, and again at the first use after a loss."""

    def __init__(self, settings: StoreSettings, purpose: str) -> None:
        self._settings = settings
        self._purpose = purpose
        self._connection: StoreConnection | None = None

    def run(self, operation: Operation[T]) -> T:
        """Do an operation. Raises the store's errors; after a lost connection the next call makes a new one."""
        with translated(self._settings.schema):
            connection = self._connected()
            try:
                return run(connection, self._settings.schema, operation)
            finally:
                if connection.closed or connection.broken:
                    self.close()

    def begin(self, operation: Operation[T]) -> Underway[T] | None:
        """Begin an operation of one exchange without a wait; None where that needs one: there is no good connection.

        The session must be left alone until it is complete. Raises as `run`.
        """
        connection = self._connection
        if connection is None or not connection.is_fresh:
            return None
        return Underway(connection, self._settings.schema, operation)

    def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> StoreConnection:
        if self._connection is None or self._connection.closed:
            self._connection = StoreConnection.connect(**self._settings.connect_arguments(self._purpose))
        return self._connection
