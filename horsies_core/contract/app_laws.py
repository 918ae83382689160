"""Laws of an app's settings that its source tells: queues and error codes.

One law, two courts, as with `horsies_core.contract.laws`: ``AppConfig`` and ``QueueConfig`` raise the first broken one when they
are made, the linter reports each at its place. A value that static reading cannot tell is `UNKNOWN`, and is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from horsies_core.contract.codes import RESERVED_CODES, is_well_formed_code
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.names import queue_name_problem

MAX_PRIORITY = 100
MAX_CONCURRENCY = 1_000_000
CUSTOM = "CUSTOM"
DEFAULT = "DEFAULT"


@dataclass(frozen=True, slots=True)
class AppViolation:
    """One broken law: its code and name, the setting that breaks it, what is wrong, and what to do about it."""

    code: str
    name: str
    setting: str
    message: str

    @property
    def text(self) -> str:
        """The message as an exception says it."""
        return f"{self.code} {self.name}: {self.message}"


def queue_violations(name: object, priority: object, max_concurrency: object) -> Iterator[AppViolation]:
    """What is wrong with one ``QueueConfig``."""
    if name is not UNKNOWN:
        where = "QueueConfig.name"
        if not isinstance(name, str) or not name:
            yield AppViolation(*_QUEUE_NAME, "name", f"{where} must be a string that is not empty, not {name!r}")
        else:
            problem = queue_name_problem(name)
            if problem is not None:
                yield AppViolation(*_QUEUE_NAME, "name", f"{where}: {problem}")
    yield from _whole_number("priority", priority, MAX_PRIORITY)
    if max_concurrency is not None:
        yield from _whole_number("max_concurrency", max_concurrency, MAX_CONCURRENCY)


def routing_violations(queue_mode: object, queues: Sequence[object]) -> Iterator[AppViolation]:
    """What is wrong with the queues of an app, given by name, in ``DEFAULT`` or ``CUSTOM`` mode."""
    if queue_mode == DEFAULT and queues:
        message = "AppConfig.queues is given in DEFAULT mode; set queue_mode=QueueMode.CUSTOM, or remove it"
        yield AppViolation("HC406", "queues-in-default-mode", "queues", message)
    if queue_mode == CUSTOM and not queues:
        message = "AppConfig.queues is empty in CUSTOM mode; declare them: queues=[QueueConfig(name=...)]"
        yield AppViolation("HC407", "no-queues", "queues", message)
    for index, name in enumerate(queues):
        if isinstance(name, str) and name in queues[:index]:
            yield AppViolation("HC408", "repeated-queue", "queues", f"AppConfig.queues declares {name!r} twice")


def code_violations(setting: str, code: object) -> Iterator[AppViolation]:
    """What is wrong with an error code that an app-wide setting names."""
    where = f"AppConfig.{setting}"
    if code is UNKNOWN:
        return
    if not isinstance(code, str) or not is_well_formed_code(code):
        message = f"{where}: {code!r} is not an error code in UPPER_SNAKE, such as RATE_LIMITED"
        yield AppViolation("HC301", "malformed-error-code", setting, message)
    elif code in RESERVED_CODES:
        message = f"{where}: {code!s} is reserved: horsies gives it a meaning of its own; choose another"
        yield AppViolation("HC302", "reserved-error-code", setting, message)


_QUEUE_NAME = ("HC404", "invalid-queue-name")


def _whole_number(setting: str, value: object, high: int) -> Iterator[AppViolation]:
    if value is UNKNOWN:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
        message = f"QueueConfig.{setting} is {value!r}; it must be a whole number from 1 to {high:,}"
        yield AppViolation("HC409", "invalid-queue", setting, message)
