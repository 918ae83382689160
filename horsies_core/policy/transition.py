"""The changes of state that a report on a claimed task can bring, one class each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from horsies_core.contract.codes import OutcomeErrorCode
from horsies_core.policy.error_result import error_result
from horsies_core.policy.states import TaskState


@dataclass(frozen=True, slots=True)
class Complete:
    """``RUNNING → COMPLETED``: it ended with ``ok``."""

    after: ClassVar[TaskState] = TaskState.COMPLETED
    result: bytes


@dataclass(frozen=True, slots=True)
class Fail:
    """``CLAIMED | RUNNING → FAILED``: it ended with ``err``."""

    after: ClassVar[TaskState] = TaskState.FAILED
    error_code: str
    result: bytes


@dataclass(frozen=True, slots=True)
class Retry:
    """``RUNNING → PENDING``: the attempt counts, and another one follows."""

    after: ClassVar[TaskState] = TaskState.PENDING
    delay_s: float
    error_code: str
    message: str | None
    is_loss: bool
    """Whether the child or the worker died under it."""


@dataclass(frozen=True, slots=True)
class Requeue:
    """``CLAIMED | RUNNING → PENDING``: no attempt is counted, and it may be claimed again at once.

    ``refused_by`` is a reader that cannot read the payload; it does not claim it again.
    """

    after: ClassVar[TaskState] = TaskState.PENDING
    is_loss: bool
    refused_by: str | None = None


@dataclass(frozen=True, slots=True)
class Expire:
    """``CLAIMED | RUNNING → EXPIRED``: its time was over before user code began."""

    after: ClassVar[TaskState] = TaskState.EXPIRED
    error_code: ClassVar[str] = OutcomeErrorCode.TASK_EXPIRED

    @property
    def result(self) -> bytes:
        """The wire form that a waiting caller gets."""
        return EXPIRED_RESULT


@dataclass(frozen=True, slots=True)
class Cancel:
    """``CLAIMED | RUNNING → CANCELLED``."""

    after: ClassVar[TaskState] = TaskState.CANCELLED
    error_code: ClassVar[str] = OutcomeErrorCode.TASK_CANCELLED

    @property
    def result(self) -> bytes:
        """The wire form that a waiting caller gets."""
        return CANCELLED_RESULT


Ending: TypeAlias = Complete | Fail | Expire | Cancel
Transition: TypeAlias = Ending | Retry | Requeue

EXPIRED_RESULT = error_result(OutcomeErrorCode.TASK_EXPIRED, "good_until passed before the task was started")
CANCELLED_RESULT = error_result(OutcomeErrorCode.TASK_CANCELLED, "the task was cancelled")
