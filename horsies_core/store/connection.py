"""`StoreConnection`: a connection that is used for one short statement after another."""

from __future__ import annotations

import select
from functools import cached_property
from typing import Any

import psycopg

from horsies_core.store.exchange import Exchange


class StoreConnection(psycopg.Connection[Any]):
    """One of the store's own connections. Used by one thread at a time."""

    @cached_property
    def exchange(self) -> Exchange:
        """What is asked of the server goes through it.

        psycopg itself is to prepare nothing here: after a rollback it would forget all that is prepared, not only its own.
        """
        prepares, self.prepare_threshold = self.prepare_threshold is not None, None
        return Exchange(self, prepares=prepares)

    @property
    def is_fresh(self) -> bool:
        """Whether it is still good after a rest: the server has said nothing since, not even good-bye."""
        return not self.closed and not self._poll.poll(0)

    @property
    def is_reusable(self) -> bool:
        """Whether it came back with nothing left open on it."""
        return not self.closed and self.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE

    def undo(self) -> None:
        """Roll back what an error left open. A connection that cannot is closed: the server rolls back then."""
        if self.closed or self.is_reusable:
            return
        try:
            self.rollback()
        except psycopg.Error:
            self.close()

    @cached_property
    def _poll(self) -> select.poll:
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return poll
