"""A question about each of very many files, asked by several processes at once.

Reading a small file is mostly work of the interpreter, which uses one core. So stretches of a long list go to children, which
are forked because that costs two milliseconds and no import. What a child cannot answer (it was killed, the system has no more
processes) is asked here.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

MANY = 4_000
"""How many files one process asks about before another pays."""

_NUMBER = "Q"


def sieved(count: int, is_wanted: Callable[[int], bool], processes: int) -> Iterator[int]:
    """The numbers below ``count`` that are wanted, in order.

    In other processes than this one ``is_wanted`` must come to the same; it may read files, and share nothing that is open.
    """
    shares = min(processes, count // MANY + 1) if sys.platform == "linux" else 1
    edges = [count * part // shares for part in range(shares + 1)]
    own, *others = [range(first, last) for first, last in pairwise(edges)]
    children = [_child(numbers, is_wanted) for numbers in others]
    yield from filter(is_wanted, own)
    for child in children:
        yield from child.answer(is_wanted)


class _Child(NamedTuple):
    """A process that asks about some numbers; ``process`` is 0 if there is none."""

    numbers: range
    process: int
    pipe: int

    def answer(self, is_wanted: Callable[[int], bool]) -> Iterator[int]:
        """What it found; found out here if it did not come to an end."""
        if not self.process:
            return filter(is_wanted, self.numbers)
        with os.fdopen(self.pipe, "rb") as pipe:
            data = pipe.read()
        _, status = os.waitpid(self.process, 0)
        return filter(is_wanted, self.numbers) if status else iter(array(_NUMBER, data))


def _child(numbers: range, is_wanted: Callable[[int], bool]) -> _Child:
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return _Child(numbers, 0, 0)
    if process:
        os.close(writing)
        return _Child(numbers, process, reading)
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(array(_NUMBER, filter(is_wanted, numbers)).tobytes())
        os._exit(0)
    finally:
        os._exit(1)
