"""`TaskHandle`: a task that was sent, for whoever wants its result."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Generic, Never, cast
from uuid import UUID

from typing_extensions import TypeVar

from horsies_core.contract.codes import OutcomeErrorCode, RetrievalErrorCode
from horsies_core.outcome.errors import ResultTimeoutError
from horsies_core.outcome.result import Outcome, TaskError, TaskResult

if TYPE_CHECKING:
    from horsies_core.producer.prepare import Target
    from horsies_core.producer.sender import Sender
    from horsies_core.store.rows import StoredOutcome, TaskInfo

T_co = TypeVar("T_co", covariant=True)
MAX_TIMEOUT_MS = 366 * 24 * 3600 * 1000
"""Whoever waits for longer waits for so long."""

CodeT_co = TypeVar("CodeT_co", bound=str, default=str, covariant=True)


class TaskHandle(Generic[T_co, CodeT_co]):
    """A task by its id. Two handles of one id are equal; waiting may be given up and taken up again."""

    __slots__ = ("_sender", "_target", "is_new", "task_id")

    def __init__(self, task_id: UUID, target: Target, sender: Sender, *, is_new: bool = False) -> None:
        self.task_id = task_id
        self.is_new = is_new
        """Whether this send stored it; False for a repeated idempotency key, and for a handle made of an id."""
        self._target = target
        self._sender = sender

    def get(self, timeout_ms: float | None = None) -> Outcome[T_co, TaskError[CodeT_co]]:
        """Wait for the result, at most ``timeout_ms`` milliseconds (None: for as long as it takes).

        Raises `ResultTimeoutError` when the time is over and the task is not; ask again. A task that nobody has heard of
        is the error ``TASK_NOT_FOUND``; so is one whose ``connection=`` has not committed yet. A database that is away for a
        while is waited for; `StoreUnavailableError` if it could still not be asked at the end of the time, or if there is
        no such end and it is away from the start.
        """
        return self._decoded(self._sender.gate.open().wait(self.task_id, _seconds(timeout_ms)), timeout_ms)

    async def get_async(self, timeout_ms: float | None = None) -> Outcome[T_co, TaskError[CodeT_co]]:
        """Like `get`, without blocking the event loop."""
        store = await self._sender.gate.open_async()
        return self._decoded(await store.wait_async(self.task_id, _seconds(timeout_ms)), timeout_ms)

    def info(self) -> TaskInfo | None:
        """Where the task stands: its state, times and attempts; None if there is no such task."""
        from horsies_core.store.outcomes import read_info

        return self._sender.gate.open().run(read_info(self.task_id))

    async def info_async(self) -> TaskInfo | None:
        """Like `info`, without blocking the event loop."""
        from horsies_core.store.outcomes import read_info

        store = await self._sender.gate.open_async()
        return await store.run_async(read_info(self.task_id))

    def cancel(self) -> bool:
        """Cancel the task: a waiting one ends at once, a running one is stopped by its worker.

        True if it was ended or its worker asked, False if it has ended already.
        """
        from horsies_core.store.outcomes import cancel

        store = self._sender.gate.open()
        return store.run(cancel(self.task_id, store.bell, OutcomeErrorCode.TASK_CANCELLED, self._cancelled()))

    async def cancel_async(self) -> bool:
        """Like `cancel`, without blocking the event loop."""
        from horsies_core.store.outcomes import cancel

        store = await self._sender.gate.open_async()
        operation = cancel(self.task_id, store.bell, OutcomeErrorCode.TASK_CANCELLED, self._cancelled())
        return await store.run_async(operation)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TaskHandle):
            return NotImplemented
        return self.task_id == other.task_id

    def __hash__(self) -> int:
        return hash(self.task_id)

    def __reduce__(self) -> Never:
        raise TypeError(
            f"a handle belongs to its app and cannot be pickled: pass its task_id on, and make another one there with "
            f"the handle(task_id) of task {self._target.name!r}"
        )

    def __repr__(self) -> str:
        return f"<handle of task {self._target.name!r}, {self.task_id}>"

    def _decoded(self, stored: StoredOutcome | None, timeout_ms: float | None) -> Outcome[T_co, TaskError[CodeT_co]]:
        if stored is None:
            message = f"there is no task {self.task_id}: never sent, or removed after its retention"
            unknown = TaskResult(err=TaskError(error_code=RetrievalErrorCode.TASK_NOT_FOUND, message=message))
            return cast("Outcome[T_co, TaskError[CodeT_co]]", unknown)
        if not stored.is_terminal or stored.result is None:
            raise ResultTimeoutError(
                f"task {self._target.name!r} ({self.task_id}) is {stored.state} after {timeout_ms:g} ms"
            )
        decoded = self._target.codec.decode_result(stored.result)
        return cast("Outcome[T_co, TaskError[CodeT_co]]", decoded)

    def _cancelled(self) -> bytes:
        from horsies_core.codec.result import encode_error

        message = f"task {self._target.name!r} was cancelled"
        return encode_error(TaskError(error_code=OutcomeErrorCode.TASK_CANCELLED, message=message)).data


def _seconds(timeout_ms: object) -> float | None:
    if timeout_ms is None or timeout_ms == inf:
        return None
    if not isinstance(timeout_ms, int | float) or not timeout_ms >= 0:  # nor is NaN
        raise ValueError(f"timeout_ms is {timeout_ms!r}; it must be a number of milliseconds, 0 or more, or None")
    return min(timeout_ms, MAX_TIMEOUT_MS) / 1000
