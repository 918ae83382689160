"""`decide`: what a report on a claimed task means."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import assert_never

from horsies_core.contract.codes import OperationalErrorCode
from horsies_core.policy.backoff import retry_delay_s
from horsies_core.policy.claim import Claimed
from horsies_core.policy.error_result import error_message, error_result
from horsies_core.policy.report import (
    Cancelled,
    ChildDied,
    Expired,
    Finished,
    GivenBack,
    Interrupted,
    Report,
    TimedOut,
    Unread,
    WorkerLost,
)
from horsies_core.policy.terms import Terms
from horsies_core.policy.transition import Cancel, Complete, Expire, Fail, Requeue, Retry, Transition

MAX_UNSTARTED_LOSSES = 20
"""How often a task may be lost before user code began. Such a loss is nearly always the fault of a neighbour, so the bound
is wide; there is one because a payload can be what kills its reader."""


def decide(claimed: Claimed, terms: Terms, report: Report, *, now: float, rng: Random) -> Transition:
    """The change of state that a report brings. ``now`` is in seconds since the epoch, by the database's clock."""
    case = _Case(claimed, terms, now, rng)
    match report:
        case Finished(result=result, error_code=code):
            return Complete(result) if code is None else case.failed(code, error_message(result), result)
        case TimedOut(started=False):
            return case.lost_before_start("its deadline passed before user code started")
        case TimedOut(timeout_ms=timeout_ms):
            code = OperationalErrorCode.TASK_TIMEOUT
            return case.failed(code, f"the task ran longer than its timeout of {timeout_ms} ms and was killed")
        case ChildDied(started=started, how=how):
            return case.crashed(f"the child process died: {how}", started=started)
        case WorkerLost(started=started, worker=worker):
            return case.crashed(f"worker {worker} stopped renewing its lease", started=started)
        case Interrupted() | GivenBack():
            return Requeue(is_loss=False)
        case Unread(by=by):
            return Requeue(is_loss=False, refused_by=by)
        case Expired():
            return Expire()
        case Cancelled():
            return Cancel()
        case _:
            assert_never(report)


@dataclass(frozen=True, slots=True)
class _Case:
    """One report's circumstances."""

    claimed: Claimed
    terms: Terms
    now: float
    rng: Random

    def failed(
        self, code: str, message: str | None, result: bytes | None = None, *, is_loss: bool = False
    ) -> Retry | Fail:
        """Retry if code, attempts and ``good_until`` allow it; a retry after its end would only hide the error."""
        delay_s = self._delay_s(code)
        if delay_s is not None and not self._is_past(delay_s):
            return Retry(delay_s, code, message, is_loss)
        return Fail(code, result if result is not None else error_result(code, message or code))

    def crashed(self, message: str, *, started: bool) -> Transition:
        """The child or the worker is gone."""
        if not started:
            return self.lost_before_start(message)
        code = OperationalErrorCode.WORKER_CRASHED
        losses = self.claimed.losses
        if losses >= self.terms.max_recoveries:
            return Fail(code, error_result(code, f"{message}; it was recovered {losses} times before"))
        return self.failed(code, message, is_loss=True)

    def lost_before_start(self, message: str) -> Requeue | Fail:
        """The task is not to blame, so no attempt is counted."""
        losses = self.claimed.losses
        if losses < MAX_UNSTARTED_LOSSES:
            return Requeue(is_loss=True)
        code = OperationalErrorCode.WORKER_CRASHED
        return Fail(code, error_result(code, f"{message}; user code was never reached in {losses + 1} tries"))

    def _delay_s(self, code: str) -> float | None:
        policy = self.terms.retry
        if policy is None or code not in policy.auto_retry_for or self.claimed.attempt >= policy.max_retries:
            return None
        return retry_delay_s(policy, self.claimed.attempt, self.rng)

    def _is_past(self, delay_s: float) -> bool:
        return self.claimed.good_until is not None and self.now + delay_s >= self.claimed.good_until
