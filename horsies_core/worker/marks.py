"""Which task's user code each child has begun: a page of memory that the supervisor and all children share.

A child writes the number of its order right before it calls user code. The supervisor reads it after the child's death,
so it knows exactly whether user code had begun, without a message for it.
"""

from __future__ import annotations

import mmap
import struct

_MARK = struct.Struct("=Q")


class Marks:
    """One number for each slot; 0 until the first task. To be made before the children are forked."""

    def __init__(self, slots: int) -> None:
        self._page = mmap.mmap(-1, max(mmap.PAGESIZE, slots * _MARK.size))

    def begin(self, slot: int, number: int) -> None:
        """User code of this order is about to be called."""
        _MARK.pack_into(self._page, slot * _MARK.size, number)

    def last_begun(self, slot: int) -> int:
        """The last order whose user code was called in the slot."""
        number: int = _MARK.unpack_from(self._page, slot * _MARK.size)[0]
        return number
