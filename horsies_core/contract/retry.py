"""`RetryPolicy`: when a failed task is tried again. A value of the contract: both front ends build this very class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

MAX_RETRIES_LIMIT = 100
MAX_DELAY_S = 7 * 24 * 3600
DEFAULT_CAP_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often, how late and for which error codes a task is retried.

    Build with `fixed` or `exponential`. A retry happens when the final error code of an attempt stands in
    ``auto_retry_for``, retries remain, and the task's ``good_until`` is not past. With ``jitter`` a delay is spread
    evenly over ±25 %.

    Raises ValueError for a value out of range, TypeError for one of the wrong type.
    """

    strategy: Literal["fixed", "exponential"]
    delays_s: tuple[int, ...]
    """``fixed``: the delay before each retry. ``exponential``: one number, the delay before the first."""
    max_retries: int
    auto_retry_for: tuple[str, ...]
    cap_s: int = DEFAULT_CAP_S
    jitter: bool = True

    def __post_init__(self) -> None:
        _require_int("max_retries", self.max_retries, 1, MAX_RETRIES_LIMIT)
        _require_int("cap_seconds", self.cap_s, 1, MAX_DELAY_S)
        for delay_s in self.delays_s:
            _require_int("a delay in seconds", delay_s, 0, MAX_DELAY_S)

    @classmethod
    def fixed(
        cls, intervals_seconds: Sequence[int], *, auto_retry_for: Sequence[str], jitter: bool = True
    ) -> RetryPolicy:
        """Retry once after each of the intervals (seconds, 0 to 604,800; 1 to 100 of them), in their order."""
        intervals = _ints("intervals_seconds", intervals_seconds)
        if not intervals:
            raise ValueError("intervals_seconds is empty: give one delay in seconds for each retry")
        return cls(
            strategy="fixed",
            delays_s=intervals,
            max_retries=len(intervals),
            auto_retry_for=_codes(auto_retry_for),
            jitter=jitter,
        )

    @classmethod
    def exponential(
        cls,
        *,
        base_seconds: int,
        max_retries: int = 3,
        auto_retry_for: Sequence[str],
        cap_seconds: int = DEFAULT_CAP_S,
        jitter: bool = True,
    ) -> RetryPolicy:
        """Retry after ``base_seconds`` (1 to 604,800), then twice that, and so on, up to ``cap_seconds``."""
        _require_int("base_seconds", base_seconds, 1, MAX_DELAY_S)
        return cls(
            strategy="exponential",
            delays_s=(base_seconds,),
            max_retries=max_retries,
            auto_retry_for=_codes(auto_retry_for),
            cap_s=cap_seconds,
            jitter=jitter,
        )


def _require_int(what: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{what} must be an int, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{what} is {value}; it must be from {low} to {high:,}")


def _ints(what: str, values: object) -> tuple[int, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise TypeError(f"{what} must be a list of ints, not {type(values).__name__}")
    return tuple(cast("Sequence[int]", values))  # __post_init__ checks each one


def _codes(values: object) -> tuple[str, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise TypeError(f"auto_retry_for must be a list of error codes, not {type(values).__name__}")
    codes = tuple(cast("Sequence[object]", values))
    for value in codes:
        if not isinstance(value, str):
            raise TypeError(f"auto_retry_for holds {value!r}, which is not a str")
    return tuple(str(value) for value in codes)
