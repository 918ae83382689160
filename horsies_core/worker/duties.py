"""Background duties: things that are done now and then, one small operation each time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from horsies_core.policy.claim import Claimed
from horsies_core.policy.decide import decide
from horsies_core.policy.report import WorkerLost
from horsies_core.policy.terms import NO_TERMS, Terms
from horsies_core.policy.transition import EXPIRED_RESULT, Expire
from horsies_core.store.operation import Operation
from horsies_core.store.work import (
    OldSnapshot,
    Recovered,
    Settled,
    delete_old,
    expire_waiting,
    old_snapshots,
    recover_one,
    sweep_waiters,
)
from horsies_core.worker.log import task_fields

_log = logging.getLogger("horsies.worker")

_EXPIRY_EVERY_S = 5.0
_RETENTION_EVERY_S = 60.0
_SNAPSHOTS_EVERY_S = 60.0
_WAITERS_EVERY_S = 300.0
_OLD_SNAPSHOT_S = 60.0


@dataclass(slots=True)
class Duty:
    """An operation, how often it is due, and what to do with its result: True if it is due again at once."""

    operation: Callable[[], Operation[Any]]
    every_s: float
    conclude: Callable[[Any], bool]
    due_at: float

    def done(self, result: Any, now: float) -> None:
        """It was done."""
        self.due_at = now if self.conclude(result) else now + self.every_s


def all_duties(
    lease_s: float, retention_s: float | None, bell: str, now: float, worker: Callable[[], int | None]
) -> list[Duty]:
    """The duties of a worker that starts now. ``worker`` says which one it is."""
    rng = Random()  # noqa: S311  # spreads retries, hides nothing
    duties = [
        Duty(lambda: recover_one(lease_s, _judge(rng), bell, worker()), lease_s / 2, _concluded_recovery, now),
        Duty(lambda: expire_waiting(Expire.error_code, EXPIRED_RESULT), _EXPIRY_EVERY_S, bool, now),
        Duty(
            lambda: old_snapshots(_OLD_SNAPSHOT_S), _SNAPSHOTS_EVERY_S, _warned_of_snapshots, now + _SNAPSHOTS_EVERY_S
        ),
        Duty(sweep_waiters, _WAITERS_EVERY_S, bool, now + _WAITERS_EVERY_S),
    ]
    if retention_s is not None:
        age_s = retention_s
        duties.append(Duty(lambda: delete_old(age_s), _RETENTION_EVERY_S, bool, now + _EXPIRY_EVERY_S))
    return duties


def postpone_recovery(duties: list[Duty], until: float) -> None:
    """Let nobody be taken for dead before then: after a loss of the database all leases may have run out."""
    duties[0].due_at = max(duties[0].due_at, until)


def _judge(rng: Random) -> Callable[[int, Claimed, object], Settled]:
    """What becomes of a dead worker's task, by the terms that it left behind.

    The moment of the decision is 0: whether ``good_until`` has passed is asked of the database when the task is claimed.
    """

    def judge(worker: int, claimed: Claimed, terms: object) -> Settled:
        known = NO_TERMS if terms is None else Terms.from_json(cast("Mapping[str, Any]", terms))
        report = WorkerLost(started=claimed.marked, worker=worker)
        return Settled(claimed, decide(claimed, known, report, now=0.0, rng=rng), claimed.marked)

    return judge


def _concluded_recovery(recovered: Recovered | None) -> bool:
    if recovered is None:
        return False
    _log.warning(
        "recovered the tasks of a worker that stopped renewing its lease",
        extra={"fields": {"dead_worker": recovered.worker, "tasks": len(recovered.settled)}},
    )
    for settled in recovered.settled:
        _log.info(
            "task recovered",
            extra={"fields": {**task_fields(settled.claimed), "state": str(settled.transition.after)}},
        )
    return True


def _warned_of_snapshots(found: tuple[OldSnapshot, ...]) -> bool:
    for snapshot in found:
        _log.warning(
            "an old transaction keeps finished rows from being cleaned away; claims get slower until it ends",
            extra={
                "fields": {
                    "backend_pid": snapshot.pid,
                    "application": snapshot.application,
                    "state": snapshot.state,
                    "open_s": round(snapshot.open_s),
                }
            },
        )
    return False
