"""Error codes: the built-in families, and what a user's own code may look like.

A code is a plain string in UPPER_SNAKE. The members below are reserved: horsies gives them a meaning of its own,
so a task may not produce one for something else.
"""

from __future__ import annotations

import re
from enum import StrEnum

CODE_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
"""What a whole error code must match (UPPER_SNAKE)."""

CODE_MAX_LENGTH = 128


class OperationalErrorCode(StrEnum):
    """The run itself went wrong; the payload and the result were not to blame."""

    UNHANDLED_EXCEPTION = "UNHANDLED_EXCEPTION"
    """User code raised, and no mapper or default named the exception."""
    TASK_TIMEOUT = "TASK_TIMEOUT"
    """``timeout_ms`` passed while user code ran; the child was killed."""
    WORKER_CRASHED = "WORKER_CRASHED"
    """The child or its worker died while user code ran."""
    WORKER_RESOLUTION_ERROR = "WORKER_RESOLUTION_ERROR"
    """The child could not find the task that its worker claimed."""


class ContractErrorCode(StrEnum):
    """A value broke the contract; user code did not run, or its result was refused."""

    PAYLOAD_INVALID = "PAYLOAD_INVALID"
    """The payload does not fit the parameters; user code was not called."""
    RESULT_INVALID = "RESULT_INVALID"
    """The returned value does not fit the declared result type."""
    RETURN_NOT_TASK_RESULT = "RETURN_NOT_TASK_RESULT"
    """The function returned something that is not a ``TaskResult``."""
    RESERVED_ERROR_CODE = "RESERVED_ERROR_CODE"
    """The function returned a ``TaskError`` whose code belongs to horsies."""


class RetrievalErrorCode(StrEnum):
    """A stored result could not be read back."""

    TASK_NOT_FOUND = "TASK_NOT_FOUND"
    """No row has this task id: never sent, or removed by retention."""
    RESULT_UNREADABLE = "RESULT_UNREADABLE"
    """The stored result does not fit the type that the reader expects."""


class OutcomeErrorCode(StrEnum):
    """The task ended without being run to its end."""

    TASK_CANCELLED = "TASK_CANCELLED"
    """Somebody cancelled it."""
    TASK_EXPIRED = "TASK_EXPIRED"
    """``good_until`` passed before it was started."""


BUILT_IN_FAMILIES: tuple[type[StrEnum], ...] = (
    OperationalErrorCode,
    ContractErrorCode,
    RetrievalErrorCode,
    OutcomeErrorCode,
)

RESERVED_CODES: frozenset[str] = frozenset(str(code) for family in BUILT_IN_FAMILIES for code in family)

RETRYABLE_RESERVED_CODES: frozenset[str] = frozenset(
    {
        OperationalErrorCode.UNHANDLED_EXCEPTION,
        OperationalErrorCode.TASK_TIMEOUT,
        OperationalErrorCode.WORKER_CRASHED,
    }
)
"""Reserved codes that ``auto_retry_for`` may name; the others say that trying again cannot help."""


def is_well_formed_code(code: str) -> bool:
    """Whether a string is a legal error code: UPPER_SNAKE, at most 128 characters."""
    return len(code) <= CODE_MAX_LENGTH and CODE_PATTERN.fullmatch(code) is not None
