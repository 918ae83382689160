"""Operations of whoever asks for a task: reading where it stands, waiting for its end, cancelling it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from horsies_core.outcome.errors import StoreUnavailableError
from horsies_core.policy.states import TaskState
from horsies_core.store.operation import Operation, Statement
from horsies_core.store.rows import PastAttempt, StoredOutcome, TaskInfo


def read_outcome(task_id: UUID) -> Operation[StoredOutcome | None]:
    """Where a task stands, with its result once it has ended; None if there is no such task."""
    [rows] = yield Statement("read_outcome", {"id": task_id})
    return _outcome(rows[0]) if rows else None


def read_info(task_id: UUID) -> Operation[TaskInfo | None]:
    """Everything stored about a task but its payload and result; None if there is no such task."""
    [rows] = yield Statement("read_info", {"id": task_id})
    return _info(rows[0]) if rows else None


def cancel(task_id: UUID, bell: str, error_code: str, result: bytes) -> Operation[bool]:
    """Cancel a task: end it with the result at once if nobody holds it, else ask its worker to stop it.

    True if it was ended or asked; False if there is no such live task.
    """
    parameters = {"id": task_id, "error_code": error_code, "result": result.decode(), "bell": bell}
    [[ended]] = yield Statement("cancel_waiting", parameters)
    if ended.ended:
        return True
    [[held]] = yield Statement("cancel_held", parameters)
    return bool(held.asked)


@dataclass(frozen=True, slots=True)
class Subscribe:
    """From now on, hear the notifications about the task; wait at most so long until they are heard."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Sleep until a notification about the task comes, at most so long. Is sent whether one came."""

    seconds: float


Waiting: TypeAlias = Generator[Operation[Any] | Subscribe | Pause, Any, StoredOutcome | None]
"""A wait as a value: yields operations (is sent their results), one subscription, and pauses (is sent what came of them)."""

FIRST_PAUSE_S = 0.02
"""The first look after the waiter was entered: a finish whose snapshot is older than the waiter does not notify it."""

_GREETING_S = 0.5
"""How long to wait for the connection that listens. Without it the wait goes on by looking; once it is there, all are woken."""

_LONGEST_PAUSE_S = {"listening": 1.0, "polling": 0.25}


def wait_for_outcome(
    task_id: UUID, channel: str | None, timeout_s: float | None, clock: Callable[[], float]
) -> Waiting:
    """Wait until a task has ended.

    Returns its outcome; None for no such task; the latest outcome, which is not terminal, when the time is over. ``channel``
    is where notifications are heard, None if there are none: then the pauses stay short.

    `StoreUnavailableError`, thrown in, is an outage, and waited out like the task: it is raised again only if nothing could be
    asked when the time was over, or at the first look of a wait without an end.
    """
    deadline = None if timeout_s is None else clock() + timeout_s
    longest_s = _LONGEST_PAUSE_S["polling" if channel is None else "listening"]
    pause_s = FIRST_PAUSE_S
    place = _Place(task_id, channel)
    outcome: StoredOutcome | None = None
    while True:
        outage: StoreUnavailableError | None = None
        try:
            outcome = yield from place.look(_GREETING_S if deadline is None else deadline - clock())
        except StoreUnavailableError as error:
            if deadline is None and not place.has_looked:
                raise
            outage = error
        if outage is None and not _is_live(outcome):
            break
        left_s = pause_s if deadline is None else deadline - clock()
        if left_s <= 0:
            if outage is not None:
                raise outage
            break
        place.is_notified = yield Pause(min(pause_s, left_s))
        pause_s = min(pause_s * 2, longest_s)
    yield from place.leave(outcome)
    return outcome


class _Place:
    """The place of one wait among those who are notified: taken at the first look that needs it, and again after an outage."""

    def __init__(self, task_id: UUID, channel: str | None) -> None:
        self._task_id, self._channel = task_id, channel
        self._is_subscribed = self._is_entered = False
        self.has_looked = self.is_notified = False

    def look(self, left_s: float) -> Waiting:
        """Read the outcome; where that is still to come, once more after the place was taken."""
        try:
            outcome = yield from self._read()
            if self._channel is None or self._is_entered or not _is_live(outcome):
                return outcome
            if not self._is_subscribed:
                yield Subscribe(max(0.0, min(_GREETING_S, left_s)))
                self._is_subscribed = True
            yield _enter(self._task_id, self._channel)
            self._is_entered = True
            return (yield from self._read())
        except StoreUnavailableError:
            self._is_entered = False  # the table of waiters is not logged: a server that crashed has forgotten it
            raise

    def leave(self, outcome: StoredOutcome | None) -> Waiting:
        """Give the place up. An end that it was notified of has done so already."""
        if self._channel is not None and self._is_entered and (_is_live(outcome) or not self.is_notified):
            with suppress(StoreUnavailableError):  # what is left of it costs a notification that nobody hears
                yield _leave(self._task_id, self._channel)
        return None

    def _read(self) -> Waiting:
        outcome: StoredOutcome | None = yield read_outcome(self._task_id)
        self.has_looked = True
        return outcome


def _is_live(outcome: StoredOutcome | None) -> bool:
    return outcome is not None and not outcome.is_terminal


def _enter(task_id: UUID, channel: str) -> Operation[None]:
    yield Statement("add_waiter", {"id": task_id, "channel": channel})


def _leave(task_id: UUID, channel: str) -> Operation[None]:
    yield Statement("remove_waiter", {"id": task_id, "channel": channel})


def _outcome(row: Any) -> StoredOutcome:
    return StoredOutcome(
        state=TaskState(row.state),
        result=None if row.result is None else row.result.encode(),
        error_code=row.error_code,
        attempt=row.attempt,
        finished_at=row.finished_at,
    )


def _info(row: Any) -> TaskInfo:
    fields = row._asdict()
    fields["state"] = TaskState(row.state)
    fields["past_attempts"] = tuple(PastAttempt.from_json(entry) for entry in row.past_attempts or ())
    return TaskInfo(**fields)
