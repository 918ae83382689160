"""Every exception that horsies raises on purpose. The tree::

HorsiesError
├── ConfigError                 (also ValueError)      a setting is wrong
├── TaskDefinitionError         (also TypeError)       a decorated function breaks a law
│   ├── DuplicateTaskError                             two tasks share a name
│   └── TaskOptionError         (also ValueError)      an option of @app.task is wrong
├── DiscoveryError              (also ImportError)     a task module cannot be imported
├── ContractMismatchError                              two sides of one task do not have the same contract
├── SendError                                          nothing was enqueued
│   ├── PayloadError            (also TypeError)       the arguments do not fit the contract
│   │   └── PayloadTooLargeError
│   ├── SendOptionError         (also ValueError)      an option of with_options is wrong
│   ├── SendDuringDiscoveryError                       a send while task modules are being imported
│   ├── IdempotencyConflictError                       the key is taken by another payload
│   └── EnqueueError                                   the database did not take it; retryable
├── ResultTimeoutError          (also TimeoutError)    the wait is over, the task is not
├── ResultError                                        the caller asked for the value of a failed task
└── StoreError                                         the database could not do what was asked
    ├── StoreUnavailableError                          no connection, or it was lost
    └── SchemaError                                    tables are missing or of another version
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any


class HorsiesError(Exception):
    """The root of the tree. Its text is one message that names the place and the remedy."""


class ConfigError(HorsiesError, ValueError):
    """A setting of ``AppConfig`` or one of its parts is wrong.

    ``code`` is that of the law it breaks (``HC406``, ...) where the linter can see it too.
    """

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class TaskDefinitionError(HorsiesError, TypeError):
    """A decorated function breaks a law of the contract.

    ``code`` is the law's code (``HC101``, ...), the same one that ``horsies-codegen lint`` reports.
    """

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class DuplicateTaskError(TaskDefinitionError):
    """Two different functions were registered under one task name."""


class TaskOptionError(TaskDefinitionError, ValueError):
    """An option of ``@app.task`` has a value that it cannot have."""


class DiscoveryError(HorsiesError, ImportError):
    """A module given to ``discover_tasks`` cannot be imported. ``code`` is the one under which the linter reports that."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class ContractMismatchError(HorsiesError):
    """Two sides of one task do not have the same contract: a client and its lock, or a client and the app under test."""


class SendError(HorsiesError):
    """Nothing was enqueued."""


@dataclass(frozen=True, slots=True)
class PayloadProblem:
    """One reason why a payload was refused: where (a JSON pointer, ``""`` for the whole) and why."""

    pointer: str
    message: str


class PayloadError(SendError, TypeError):
    """The arguments of a send do not fit the task's contract; ``problems`` says where and why."""

    def __init__(self, task: str, problems: tuple[PayloadProblem, ...]) -> None:
        self.task = task
        self.problems = problems
        lines = "".join(f"\n  at {problem.pointer or '/'}: {problem.message}" for problem in problems)
        super().__init__(f"the arguments do not fit the contract of task {task!r}:{lines}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.task, self.problems)


class PayloadTooLargeError(PayloadError):
    """The encoded payload has more bytes than ``AppConfig.max_payload_bytes`` allows."""


class SendOptionError(SendError, ValueError):
    """An option of ``with_options`` has a value that it cannot have."""


class SendDuringDiscoveryError(SendError):
    """A task module sent a task while it was being imported for discovery. ``code`` is the one that the linter reports."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class IdempotencyConflictError(SendError):
    """The idempotency key was used before, with another payload."""


class EnqueueError(SendError):
    """The database did not take the task. Nothing is lost: send it again with ``app.replay(error)``.

    ``attempted.rows`` holds the exact rows (id, payload, options), so that a replay never makes a second task of one.
    ``retryable`` is false where trying again alone cannot help.
    """

    def __init__(self, message: str, *, attempted: Any, retryable: bool) -> None:
        super().__init__(message)
        self.attempted = attempted
        self.retryable = retryable

    def __reduce__(self) -> tuple[object, ...]:
        """In another process only the message is left: ``attempted`` belongs to the app that made it."""
        return partial(type(self), attempted=None, retryable=self.retryable), self.args


class ResultTimeoutError(HorsiesError, TimeoutError):
    """The wait for a result is over before the task is. The handle can be asked again."""


class ResultError(HorsiesError):
    """``unwrap()`` was called on a failed result; ``error`` is the ``TaskError``."""

    def __init__(self, error: Any) -> None:
        super().__init__(f"{error.error_code}: {error.message}")
        self.error = error

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.error,)


class StoreError(HorsiesError):
    """The database could not do what was asked."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached, or the connection was lost; trying again may help."""


class SchemaError(StoreError):
    """The tables of horsies are missing or of another version; ``horsies migrate`` is the remedy."""
