"""One piece of work begun in a process of its own, while this one goes on with something else.

It pays where the work is short, loads what nothing else here needs (libcst takes longer to import than a file to parse), and
there is a second core. A process that dies costs nothing but time: its work is then for whoever asked.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Generic, TypeVar, cast

ShareT = TypeVar("ShareT")
ResultT = TypeVar("ResultT")

CAN_FORK = sys.platform == "linux"


class Ahead(Generic[ResultT]):
    """A result on its way from a forked process. Ask for it once: the process is waited for then."""

    def __init__(self, work: Callable[[ShareT], ResultT], share: ShareT) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _carry_out(work, share, writing)
        os.close(writing)
        self._pipe = os.fdopen(reading, "rb")

    def result(self) -> ResultT | None:
        """What the work came to; None if its process died."""
        with self._pipe as pipe:
            data = pipe.read()
        _, status = os.waitpid(self._process, 0)
        return cast("ResultT", pickle.loads(data)) if status == 0 else None  # noqa: S301 - from our own child


def _carry_out(work: Callable[[ShareT], ResultT], share: ShareT, writing: int) -> None:
    """The whole life of the child: nothing of its parent's ends with it, neither buffers nor exit handlers."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work(share), protocol=5))
        status = 0
    finally:
        os._exit(status)
