"""The child: takes an order, runs it, replies; one at a time, until told to quit or left alone.

It never touches the queue's tables. What runs an order (`Program`) is given: here stands only the process around it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from horsies_core.worker.frames import Done, Late, Order, Quit, Ready, Unread, encode_reply, receive_order
from horsies_core.worker.marks import Marks
from horsies_core.worker.parent_death import die_with_parent

_OOM_SCORE = 300
"""Short of memory, the kernel should take a child rather than the supervisor."""


class Program(Protocol):
    """What a child does. Made before the fork; everything it has loaded is shared by all children."""

    def start(self) -> None:
        """Called once in each child, before its first order."""
        ...

    def run(self, order: Order, begin: Callable[[], None]) -> tuple[bytes, str | None] | None:
        """Run an order to its end: the result's wire form and its error code. Calls ``begin`` right before user code.

        None: the payload is of another version and cannot be read here.
        """
        ...


def child_main(
    program: Program, slot: int, marks: Marks, orders: socket.socket, replies: socket.socket, parent: int
) -> None:
    """The life of a forked child. Returns when it should exit."""
    die_with_parent(parent)
    _settle_in()
    program.start()
    replies.sendall(encode_reply(Ready(os.getpid())))
    while True:
        order = receive_order(orders)
        if order is None or isinstance(order, Quit):
            return
        replies.sendall(encode_reply(_run(program, order, slot, marks)))


def _run(program: Program, order: Order, slot: int, marks: Marks) -> Done | Late | Unread:
    if order.start_before and time.monotonic() >= order.start_before:
        return Late(order.number)
    try:
        ran = program.run(order, lambda: marks.begin(slot, order.number))
    finally:
        _flush()
    return Unread(order.number) if ran is None else Done(order.number, *ran)


def _settle_in() -> None:
    """A process group of its own, so that a kill takes what user code has started too; nothing of the supervisor's signals."""
    with contextlib.suppress(OSError):  # the parent does the same and may have been first
        os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Handlers that do nothing, not SIG_IGN: programs that user code starts would inherit that one.
    for number in _STOPPING:
        signal.signal(number, _leave_to_the_supervisor)
    os.register_at_fork(before=_hold_signals_back, after_in_parent=_let_signals_come, after_in_child=_be_stoppable)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def _leave_to_the_supervisor(_number: int, _frame: FrameType | None) -> None:
    return None


_STOPPING = (signal.SIGTERM, signal.SIGINT)
_forking = threading.local()
"""The signals that each thread had blocked before it forked."""


def _hold_signals_back() -> None:
    """One that comes right after a fork would find the handler that does nothing, and be lost: ``join()`` would wait for ever."""
    _forking.blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)


def _let_signals_come() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, _forking.blocked)


def _be_stoppable() -> None:
    """What user code forks is user code's to stop: for ``multiprocessing``, ``terminate()`` is a SIGTERM."""
    for number in _STOPPING:
        if signal.getsignal(number) is _leave_to_the_supervisor:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
    _let_signals_come()


def _flush() -> None:
    """What user code printed appears with its task, not when a buffer is full."""
    stream: Any
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # user code may have closed or replaced it
            stream.flush()
