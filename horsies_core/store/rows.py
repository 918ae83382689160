"""The values that the store takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from horsies_core.policy.states import TERMINAL, TaskState

DEFAULT_PRIORITY = 100
"""The last of 1 to 100; 1 is first."""


class NewTask(NamedTuple):
    """A task to be stored. The exact row: it can be sent again as it is after a failure.

    A named tuple, because it is made for every task of a `send_many`: a frozen dataclass takes three times as long.

    ``id`` is a UUIDv7 (`store.ids.new_id`). ``payload`` is JSON text in UTF-8. Of ``run_at`` (absolute) and ``delay_s``
    (seconds from when the database stores it) at most one is given; with neither the task is due at once.
    """

    id: UUID
    name: str
    queue: str
    payload: bytes
    fingerprint: str
    priority: int = DEFAULT_PRIORITY
    run_at: datetime | None = None
    delay_s: float | None = None
    good_until: datetime | None = None
    idempotency_key: str | None = None

    @property
    def is_timed(self) -> bool:
        """Whether it may not start yet, or not for ever."""
        return self.delay_s is not None or self.run_at is not None or self.good_until is not None


class Enqueued(NamedTuple):
    """The answer to an insert: the task's id, whether it was new (not one that the key or the id stood for), and whether a
    worker slept that had to be rung.
    """

    id: UUID
    is_new: bool
    has_rung: bool = False


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """Where a task stands. ``result`` is the wire form, None until the task has ended."""

    state: TaskState
    result: bytes | None
    error_code: str | None
    attempt: int
    """Attempts that count, until now."""
    finished_at: datetime | None

    @property
    def is_terminal(self) -> bool:
        """Whether the task has ended."""
        return self.state in TERMINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInfo:
    """Everything stored about a task but its payload and result. Times are the database's."""

    id: UUID
    name: str
    queue: str
    priority: int
    fingerprint: str
    state: TaskState
    created_at: datetime
    due_at: datetime | None
    good_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    losses: int
    worker: int | None
    error_code: str | None
    past_attempts: tuple[PastAttempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """An attempt that was followed by another one."""

    attempt: int
    error_code: str
    message: str | None
    worker: int | None
    started_at: datetime | None
    finished_at: datetime

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PastAttempt:
        """From one entry of the column ``past_attempts``."""
        started_at = data["started_at"]
        return cls(
            attempt=data["attempt"],
            error_code=data["error_code"],
            message=data["message"],
            worker=data["worker"],
            started_at=None if started_at is None else datetime.fromisoformat(started_at),
            finished_at=datetime.fromisoformat(data["finished_at"]),
        )
