"""Task ids: UUIDv7 (RFC 9562), made by the producer.

By the producer, so that a send that lost its connection can be repeated without a duplicate, and so that many rows go in
by one COPY. Time-ordered, so that new rows touch only the right edge of the primary key, the claim order needs no column
of its own, and retention walks the key.
"""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ticks = 0


def new_id() -> UUID:
    """A new id, greater than every one that this process made before."""
    ticks = _next_ticks()
    millis, fraction = divmod(ticks, 4096)
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | tail)


def _next_ticks() -> int:
    """Milliseconds since the epoch times 4,096; strictly rising within the process, whatever the clock does."""
    global _last_ticks  # noqa: PLW0603  # one sequence for the process is the point
    with _lock:
        _last_ticks = max(_last_ticks + 1, time.time_ns() * 4096 // 1_000_000)
        return _last_ticks
