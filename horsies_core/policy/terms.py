"""What the worker's code says about one task: the part of its contract that decides about attempts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.task import TaskContract

DEFAULT_MAX_RECOVERIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """``timeout_ms`` bounds an attempt, measured from its dispatch to a child; ``retry`` says when another one follows.

    ``max_recoveries`` bounds how often a task whose child or worker died while it ran is tried again at all.
    """

    timeout_ms: int | None = None
    retry: RetryPolicy | None = None
    max_recoveries: int = DEFAULT_MAX_RECOVERIES

    @classmethod
    def of(cls, contract: TaskContract, max_recoveries: int = DEFAULT_MAX_RECOVERIES) -> Terms:
        """The terms in a contract, and the bound that the worker sets."""
        return cls(timeout_ms=contract.timeout_ms, retry=contract.retry, max_recoveries=max_recoveries)

    def to_json(self) -> dict[str, object]:
        """A JSON value that `from_json` reads: what a worker leaves behind for its recovery."""
        retry = None if self.retry is None else asdict(self.retry)
        return {"timeout_ms": self.timeout_ms, "retry": retry, "max_recoveries": self.max_recoveries}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Terms:
        """The terms written by `to_json`. Raises TypeError, KeyError or ValueError for anything else."""
        retry = data["retry"]
        if retry is not None:
            lists = {key: tuple(retry[key]) for key in ("delays_s", "auto_retry_for")}
            retry = RetryPolicy(**(retry | lists))
        return cls(timeout_ms=data["timeout_ms"], retry=retry, max_recoveries=data["max_recoveries"])


NO_TERMS = Terms()
"""No timeout, no retry: what holds when nothing else is known."""
