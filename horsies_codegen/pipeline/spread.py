"""Work in several processes: shares of it go out, results come back in order.

Processes are forked where that is safe and cheap (Linux), else started anew and sent the work. A process that dies (out of
memory, killed) costs nothing but time: what it did not do is done here.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

ShareT = TypeVar("ShareT")
ResultT = TypeVar("ResultT")


def spread(work: Callable[[ShareT], ResultT], shares: Sequence[ShareT], processes: int) -> Iterator[ResultT]:
    """The result of each share. ``work`` must pickle, and depend on its share alone."""
    if processes <= 1 or len(shares) <= 1:
        yield from map(work, shares)
        return
    done = 0
    for result in _in_pool(work, shares, min(processes, len(shares))):
        done += 1
        yield result
    yield from map(work, islice(shares, done, None))


def _in_pool(work: Callable[[ShareT], ResultT], shares: Sequence[ShareT], processes: int) -> Iterator[ResultT]:
    """The results up to the first that a dying process leaves out."""
    from concurrent.futures import ProcessPoolExecutor  # not at the top: 20 ms that few runs need
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    context = get_context("fork" if sys.platform == "linux" else "spawn")
    gc.freeze()  # pages of what is loaded stay shared with the children
    with ProcessPoolExecutor(processes, context, _begin, (work,)) as pool:
        try:
            yield from pool.map(_one, shares)
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_hired: list[Callable[[Any], Any]] = []
"""The work of this process, if it is one of a pool."""


def _begin(work: Callable[[Any], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and ends its children
    _hired[:] = [work]


def _one(share: Any) -> Any:
    (work,) = _hired
    return work(share)
