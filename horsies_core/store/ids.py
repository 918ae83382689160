"""Task ids: UUIDv7 (RFC 9562), made by the producer.

By the producer, so that a send that lost its connection can be repeated without a duplicate, and so that many rows go in
by one COPY. Time-ordered, so that new rows touch only the right edge of the primary key, the claim order needs no column
of its own, and retention walks the key.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Iterator
from uuid import UUID, SafeUUID

_lock = threading.Lock()
_last_ticks = 0


def new_id() -> UUID:
    """A new id, greater than every one that this process made before."""
    return _made(_reserve(1), int.from_bytes(os.urandom(8), "big"))


def new_ids(count: int) -> Iterator[UUID]:
    """So many ids, rising, each greater than every one that this process made before."""
    first, random = _reserve(count), os.urandom(8 * count)
    for number, (tail,) in enumerate(struct.iter_unpack("=Q", random)):
        yield _made(first + number, tail)


def _made(ticks: int, random: int) -> UUID:
    """As ``UUID(int=...)``, whose constructor spends three quarters of its time on arguments that are not given here."""
    high = (ticks >> 12) << 16 | 0x7000 | ticks & 0x0FFF
    made = _new(UUID)
    _put(made, "int", high << 64 | random & _TAIL | _VARIANT)
    _put(made, "is_safe", _SAFETY)
    return made


_new, _put = UUID.__new__, object.__setattr__  # an id is immutable from here on, as every UUID
_TAIL = (1 << 62) - 1
_VARIANT = 0b10 << 62
_SAFETY = SafeUUID.unknown


def _reserve(count: int) -> int:
    """The first of ``count`` ticks, which are milliseconds since the epoch times 4,096.

    They rise strictly within the process, whatever the clock does.
    """
    global _last_ticks  # noqa: PLW0603  # one sequence for the process is the point
    with _lock:
        first = max(_last_ticks + 1, time.time_ns() * 4096 // 1_000_000)
        _last_ticks = first + count - 1
        return first
