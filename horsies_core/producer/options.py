"""`SendOptions`: what is said of one send, and not of the task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from horsies_core.contract.app_laws import MAX_PRIORITY
from horsies_core.outcome.errors import SendOptionError

MAX_DELAY_S = 366 * 24 * 3600
IDEMPOTENCY_KEY_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """Options of a send; None is *not given*. Raises `SendOptionError`.

    ``delay``: a timedelta or seconds, counted by the database's clock. ``good_until``: an aware datetime; a task that has not
    started by then never is. ``priority``: 1 (first) to 100. ``idempotency_key``: a second send of the task with the same
    key and payload gives the first one's handle. ``connection``: a psycopg or SQLAlchemy connection, in whose
    transaction the task is stored.
    """

    delay: timedelta | float | None = None
    good_until: datetime | None = None
    priority: int | None = None
    idempotency_key: str | None = None
    connection: object = None

    def __post_init__(self) -> None:
        self._check_delay()
        self._check_good_until()
        self._check_priority()
        self._check_key()

    @property
    def delay_s(self) -> float | None:
        """The delay in seconds."""
        return self.delay.total_seconds() if isinstance(self.delay, timedelta) else self.delay

    def _check_delay(self) -> None:
        delay_s: object = self.delay_s
        if delay_s is None:
            return
        if not isinstance(delay_s, int | float) or isinstance(delay_s, bool):
            raise SendOptionError(f"delay is {self.delay!r}; give a timedelta or seconds")
        if not isfinite(delay_s) or not 0 <= delay_s <= MAX_DELAY_S:
            raise SendOptionError(f"delay is {self.delay!r}; it must be from 0 to {MAX_DELAY_S:,} seconds (366 days)")

    def _check_good_until(self) -> None:
        good_until: object = self.good_until
        if good_until is None:
            return
        if not isinstance(good_until, datetime) or good_until.utcoffset() is None:
            raise SendOptionError(
                f"good_until is {good_until!r}; give an aware datetime: datetime.now(UTC) + timedelta(minutes=5)"
            )

    def _check_priority(self) -> None:
        priority: object = self.priority
        if priority is None:
            return
        if not isinstance(priority, int) or isinstance(priority, bool) or not 1 <= priority <= MAX_PRIORITY:
            raise SendOptionError(
                f"priority is {priority!r}; it must be a whole number from 1 (first) to {MAX_PRIORITY}"
            )

    def _check_key(self) -> None:
        key: object = self.idempotency_key
        if key is None:
            return
        if not isinstance(key, str) or not 1 <= len(key) <= IDEMPOTENCY_KEY_MAX_LENGTH or not _is_storable(key):
            raise SendOptionError(
                f"idempotency_key is {key!r}; it must be a string of 1 to {IDEMPOTENCY_KEY_MAX_LENGTH} characters, "
                "none of them NUL or a lone surrogate"
            )


def _is_storable(text: str) -> bool:
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


NO_OPTIONS = SendOptions()
