"""The states of a task and the legal changes between them: the state machine, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class TaskState(StrEnum):
    """Where a task stands."""

    PENDING = "PENDING"
    """Waiting to be claimed, or for its time to come."""
    CLAIMED = "CLAIMED"
    """A worker holds it; user code has not started."""
    RUNNING = "RUNNING"
    """User code is about to run, or runs."""
    COMPLETED = "COMPLETED"
    """It ended with ``ok``."""
    FAILED = "FAILED"
    """It ended with ``err``."""
    CANCELLED = "CANCELLED"
    """Somebody cancelled it."""
    EXPIRED = "EXPIRED"
    """``good_until`` passed before it was started."""


LEGAL: Mapping[TaskState, frozenset[TaskState]] = MappingProxyType(
    {
        TaskState.PENDING: frozenset({TaskState.CLAIMED, TaskState.CANCELLED, TaskState.EXPIRED}),
        TaskState.CLAIMED: frozenset(
            {TaskState.RUNNING, TaskState.PENDING, TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED}
        ),
        TaskState.RUNNING: frozenset(
            {TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED, TaskState.PENDING}
        ),
        TaskState.COMPLETED: frozenset(),
        TaskState.FAILED: frozenset(),
        TaskState.CANCELLED: frozenset(),
        TaskState.EXPIRED: frozenset(),
    }
)
"""What each state may become. ``RUNNING → PENDING`` is a retry, or a start that did not come to pass."""

TERMINAL: frozenset[TaskState] = frozenset(state for state, after in LEGAL.items() if not after)
"""States that nothing follows: the task stands in the history."""


def is_legal(before: TaskState, after: TaskState) -> bool:
    """Whether the table allows the change."""
    return after in LEGAL[before]
