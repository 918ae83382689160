"""Starting child processes that die with their parent, and reading how they ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

if sys.platform == "linux":
    import ctypes

    _PR_SET_PDEATHSIG = 1
    _prctl = ctypes.CDLL(None, use_errno=True).prctl

    def _die_with_parent(death_signal: int, parent: int) -> None:
        _prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # it died before the kernel knew that we care
else:

    def _die_with_parent(death_signal: int, parent: int) -> None:
        """Only Linux offers this; the next keeper finds and stops what a killed one left."""


def spawn(argv: tuple[str, ...], output: int, death_signal: int) -> int:
    """Start a program with ``output`` as its stdout and stderr; return its process id.

    It gets ``death_signal`` when this process dies.
    """

    def execute() -> None:
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.execv(argv[0], argv)

    return fork(execute, death_signal)


def fork(work: Callable[[], None], death_signal: int = signal.SIGKILL) -> int:
    """Run ``work`` in a child, which exits with 0 when it returns and with 127 when it raises; return its id."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        _die_with_parent(death_signal, parent)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
        os._exit(0)
    finally:  # only an exception comes here, and it must not return into the parent's code
        if (error := sys.exception()) is not None:
            sys.excepthook(type(error), error, error.__traceback__)
        os._exit(127)


def wait_for(pid: int) -> int:
    """Wait until the child ends; return its exit code, or minus the number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def exit_code_now(pid: int) -> int | None:
    """Return how the child ended, or ``None`` while it runs."""
    reaped, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if reaped else None
