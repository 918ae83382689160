"""The template: a process with the task modules loaded that does nothing but fork children, kill them and bury them.

Forked from the supervisor before it has threads or connections, and single-threaded itself, so forking from it is safe at any
time. It is the children's parent: it alone can kill one without any risk of hitting another process that got
the same number, and it says how each one ended.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from horsies_core.worker.child import Program, child_main
from horsies_core.worker.marks import Marks
from horsies_core.worker.parent_death import adopt_orphans, die_with_parent

_COMMAND = struct.Struct("=cH")
_EVENT = struct.Struct("=cHii")
_SPAWN, _KILL = b"s", b"k"
_EXITED, _FORK_FAILED = b"e", b"f"


@dataclass(frozen=True, slots=True)
class Exited:
    """The child of a slot has ended; ``how`` is for people."""

    slot: int
    how: str


class Template:
    """The supervisor's handle on its template process."""

    def __init__(self, program: Program, marks: Marks) -> None:
        """Fork it. To be called while the process has one thread only."""
        self.control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        supervisor = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self.control.close()
            _exit_after(lambda: _Forker(program, marks, other).run(supervisor))
        other.close()
        self.control.setblocking(False)

    def spawn(self, slot: int, orders: socket.socket, replies: socket.socket) -> None:
        """Fork a child for a slot, with its ends of both pipes. That the template is gone is heard by `read_events`."""
        with contextlib.suppress(ConnectionError):
            self.control.setblocking(True)
            socket.send_fds(self.control, [_COMMAND.pack(_SPAWN, slot)], [orders.fileno(), replies.fileno()])
        self.control.setblocking(False)

    def kill(self, slot: int) -> None:
        """Kill the child of a slot and everything in its process group, if it lives."""
        with contextlib.suppress(ConnectionError):
            self.control.setblocking(True)
            self.control.send(_COMMAND.pack(_KILL, slot))
        self.control.setblocking(False)

    def read_events(self) -> Iterator[Exited | None]:
        """The ends of children that are known by now; None at the end if the template itself is gone."""
        while True:
            try:
                packet = self.control.recv(_EVENT.size)
            except BlockingIOError:
                return
            except ConnectionError:
                packet = b""
            if not packet:
                yield None
                return
            kind, slot, _, status = _EVENT.unpack(packet)
            yield Exited(
                slot, f"it could not be forked: {os.strerror(status)}" if kind == _FORK_FAILED else how(status)
            )

    def close(self) -> None:
        """Let the template kill its children and end, and wait for it."""
        self.control.close()
        os.waitpid(self.pid, 0)


def how(status: int) -> str:
    """What a wait status says: ``exit code 3``, ``killed by SIGSEGV``."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


class _Forker:
    """The template's own side."""

    def __init__(self, program: Program, marks: Marks, control: socket.socket) -> None:
        self._program = program
        self._marks = marks
        self._control = control
        self._slots: dict[int, int] = {}
        self._pids: dict[int, int] = {}

    def run(self, supervisor: int) -> None:
        die_with_parent(supervisor)
        adopt_orphans()
        os.setpgid(0, 0)
        awake, wake = socket.socketpair()
        awake.setblocking(False)
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, _only_wake)
        gc.collect()
        gc.freeze()  # collections in children leave the shared pages alone
        selector = selectors.DefaultSelector()
        selector.register(self._control, selectors.EVENT_READ)
        selector.register(awake, selectors.EVENT_READ)
        try:
            while self._serve(selector, awake):
                pass
        finally:
            for pid in tuple(self._slots):
                _kill_group(pid)

    def _serve(self, selector: selectors.BaseSelector, awake: socket.socket) -> bool:
        ready = [key.fileobj for key, _ in selector.select()]
        if awake in ready:
            awake.recv(4096)
            self._bury()
        return self._obey() if self._control in ready else True

    def _obey(self) -> bool:
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._control, _COMMAND.size, 2)
        except ConnectionError:
            return False
        if not packet:
            return False
        command, slot = _COMMAND.unpack(packet)
        if command == _SPAWN:
            self._fork(slot, descriptors)
        elif slot in self._pids:
            _kill_group(self._pids[slot])
        return True

    def _fork(self, slot: int, descriptors: list[int]) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            self._control.send(_EVENT.pack(_FORK_FAILED, slot, 0, error.errno or 0))
            pid = -1
        if pid == 0:
            self._control.close()
            _exit_after(lambda: self._live(slot, descriptors, parent))
        for descriptor in descriptors:
            os.close(descriptor)
        if pid > 0:
            self._slots[pid], self._pids[slot] = slot, pid
            try:
                os.setpgid(pid, pid)
            except OSError:  # it did so itself and has gone on to exec, or has ended
                return

    def _live(self, slot: int, descriptors: list[int], parent: int) -> None:
        orders, replies = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        child_main(self._program, slot, self._marks, orders, replies, parent)

    def _bury(self) -> None:
        """Report each child that ended; what it left running in its group goes with it, while the number is still taken."""
        while (pid := _next_dead()) is not None:
            slot = self._slots.pop(pid, None)
            if slot is None:  # an adopted orphan: what it leads is its own affair
                os.waitpid(pid, 0)
                continue
            _kill_group(pid)
            _, status = os.waitpid(pid, 0)
            del self._pids[slot]
            self._control.send(_EVENT.pack(_EXITED, slot, pid, status))


def _next_dead() -> int | None:
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if found is None else found.si_pid


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # the group may not exist yet
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _only_wake(_number: int, _frame: FrameType | None) -> None:
    return None


def _exit_after(main: object) -> None:
    """The end of a forked process: never back into the code that it was forked from."""
    code = 1
    try:
        assert callable(main)
        main()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001  # the last resort of a process
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
