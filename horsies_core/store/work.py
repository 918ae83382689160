"""Operations of a worker: registering, taking turns (finish, put back, claim), keeping the lease, recovering the dead."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from horsies_core.policy.claim import Claimed
from horsies_core.policy.transition import CANCELLED_RESULT, Cancel, Complete, Requeue, Retry, Transition
from horsies_core.store.arrays import plain_array, text_array
from horsies_core.store.exchange import Rows
from horsies_core.store.operation import Atomic, Operation, Statement, Together

HELD_MOST = 10_000
"""How many held tasks are read at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedContract:
    """A contract that a worker serves: its fingerprint, the task's name, its wire form as JSON text."""

    fingerprint: str
    name: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a worker says about itself. ``terms``: task name → what its tasks are recovered by, as JSON.

    ``limits``: queue → how many of its tasks may be in work over all workers; None for no limit.
    """

    host: str
    pid: int
    processes: int
    queues: tuple[str, ...]
    names: tuple[str, ...]
    terms: Mapping[str, object]
    contracts: tuple[ServedContract, ...]
    readers: tuple[str, ...] = ()
    """What payloads are read by; rows that one of them refused are not for this worker."""
    limits: Mapping[str, int | None]
    lease_s: float


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed task. ``started``: user code had begun, so the attempt counts."""

    claimed: Claimed
    transition: Transition
    started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to claim: at most ``wanted``, the first ``direct`` of them for children that wait. Queues in their order."""

    wanted: int
    direct: int
    queues: tuple[str, ...]
    limited: frozenset[str]
    names: tuple[str, ...]
    refused: tuple[str, ...] = ()
    """Fingerprints whose payloads this worker cannot read."""
    unfit: tuple[str, ...] = ()
    """Readers of this worker that refused single payloads; it does not claim what they refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One transaction of a worker. Everything in it takes effect together."""

    worker: int
    lease_s: float
    settled: tuple[Settled, ...] = ()
    started: tuple[Claimed, ...] = ()
    """Whose user code runs and was not marked yet."""
    wish: Wish | None = None
    is_tick: bool = False
    """Renew the lease, let delayed tasks whose time has come be claimed, and ask who is cancelled."""
    asks_due: bool = False
    """Say when the next delayed task is due."""
    running: tuple[UUID, ...] = ()
    limited: frozenset[str] = frozenset()
    """Queues with a limit: whoever waits for a place in one is rung when a task of it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResult:
    """``claimed`` in the order of claiming; ``stale``: the settled tasks that this worker did not hold any more.

    ``next_due_s``: seconds until the next delayed task is due, None if there is none or the turn did not ask.
    """

    is_alive: bool
    """False if a tick found that the worker had lost its lease: nothing that it held is its own any more."""
    claimed: tuple[Claimed, ...]
    stale: tuple[Settled, ...]
    next_due_s: float | None
    cancelled: frozenset[UUID]
    """Of the running tasks, those that somebody wants to stop; asked at a tick."""
    now: float
    """The database's clock, in seconds since the epoch."""


def register(registration: Registration) -> Operation[int]:
    """Enter a worker, its contracts and its queues' limits. Returns its number."""
    limits = {queue: limit for queue, limit in sorted(registration.limits.items()) if limit is not None}
    unlimited = [queue for queue, limit in registration.limits.items() if limit is None]
    contracts = registration.contracts
    answer = yield Together(
        (
            Statement("lock_limits", {"queues": list(registration.limits)}),
            Statement("set_limits", {"queues": list(limits), "limits": list(limits.values())}),
            Statement("drop_limits", {"queues": unlimited}),
            Statement(
                "register_contracts",
                {
                    "fingerprints": [contract.fingerprint for contract in contracts],
                    "names": [contract.name for contract in contracts],
                    "bodies": [contract.body for contract in contracts],
                },
            ),
            Statement(
                "register_worker",
                {
                    "host": registration.host,
                    "pid": registration.pid,
                    "processes": registration.processes,
                    "queues": list(registration.queues),
                    "names": list(registration.names),
                    "readers": list(registration.readers),
                    "terms": json.dumps(registration.terms),
                    "lease": timedelta(seconds=registration.lease_s),
                },
            ),
        )
    )
    [row] = answer[-1]
    worker: int = row.id
    return worker


def read_contracts(fingerprints: Sequence[str]) -> Operation[tuple[ServedContract, ...]]:
    """The contracts behind these fingerprints, as far as a worker has ever served them."""
    [rows] = yield Statement("contracts", {"fingerprints": list(fingerprints)})
    return tuple(ServedContract(fingerprint=row.fingerprint, name=row.name, body=row.body) for row in rows)


def take_turn(turn: Turn, bell: str) -> Operation[TurnResult]:
    """Settle, mark, promote and claim in one transaction and one round trip."""
    endings = [each for each in turn.settled if not isinstance(each.transition, Retry | Requeue)]
    returns = [each for each in turn.settled if isinstance(each.transition, Retry | Requeue)]
    steps = {"open_turn": Statement("open_turn")}
    if turn.is_tick:
        lease = {"worker": turn.worker, "lease": timedelta(seconds=turn.lease_s)}
        steps["renew_lease"] = Statement("renew_lease", lease)
    if endings:
        steps["end_tasks"] = _end_tasks(turn.worker, endings)
    if returns:
        steps |= {step.name: step for step in _return_tasks(turn.worker, returns)}
    rung = _queues_to_ring(returns, endings, turn.limited)
    if rung:
        steps["ring_all"] = Statement("ring_all", {"queues": rung, "bell": bell})
    if turn.started:
        steps["mark_started"] = _mark_started(turn.worker, turn.started)
    if turn.is_tick:
        steps["promote_due"] = Statement("promote_due")
        steps["cancelled_of"] = Statement("cancelled_of", {"worker": turn.worker, "ids": plain_array(turn.running)})
    if turn.wish is not None:
        steps |= {step.name: step for step in _claim(turn.worker, turn.wish, turn.lease_s)}
    if turn.asks_due:
        steps["next_due"] = Statement("next_due")
    answers = dict(zip(steps, (yield Together(tuple(steps.values()))), strict=True))
    return TurnResult(
        is_alive=not turn.is_tick or bool(answers["renew_lease"]),
        claimed=_claimed_in_order(answers.get("claim", ())),
        stale=(*_stale(endings, _ended_ids(answers)), *_stale(returns, _returned_ids(answers))),
        next_due_s=answers["next_due"][0].next_due_s if turn.asks_due else None,
        cancelled=frozenset(row.id for row in answers.get("cancelled_of", ())),
        now=answers["open_turn"][0].now,
    )


def fall_asleep(worker: int, queues: Sequence[str], names: Sequence[str]) -> Operation[None]:
    """Put up the flag that makes producers ring. To be followed by one more claim: a task may have come just before."""
    yield Statement("add_sleeper", {"worker": worker, "queues": list(queues), "names": list(names)})


def note_refused(worker: int, fingerprints: Sequence[str]) -> Operation[None]:
    """Say which contracts a worker cannot read, for whoever asks what waits for a capable one."""
    yield Statement("note_refused", {"worker": worker, "refused": list(fingerprints)})


def read_held(worker: int) -> Operation[tuple[Claimed, ...]]:
    """Everything that a worker holds, at most `HELD_MOST`."""
    [rows] = yield Statement("held", {"worker": worker, "most": HELD_MOST})
    return tuple(_claimed(row) for row in rows)


def sign_off(worker: int) -> Operation[None]:
    """Remove a worker that holds nothing any more."""
    parameters = {"worker": worker}
    yield Together((Statement("remove_sleeper", parameters), Statement("remove_worker", parameters)))


@dataclass(frozen=True, slots=True)
class Recovered:
    """A dead worker and what became of the tasks that it held."""

    worker: int
    settled: tuple[Settled, ...]


Judge = Callable[[int, Claimed, object], Settled]
"""Says what becomes of a task that a dead worker held: the worker's number, the task, its terms as JSON (None: unknown)."""


def recover_one(lease_s: float, judge: Judge, bell: str, by: int | None = None) -> Operation[Recovered | None]:
    """Recover one worker whose lease ran out: all that it held, in one transaction. None: nobody is dead.

    ``by`` is the worker that looks, None for somebody else. One whose own lease ran out finds nobody dead until it has renewed it:
    when a machine goes on after a sleep, all leases on it are over, and everybody is well.
    """
    [[recovered]] = yield Atomic(_recover_one(lease_s, judge, bell, by))
    return recovered  # type: ignore[no-any-return]  # the row of an Atomic step is its operation's result


def expire_waiting(error_code: str, result: bytes) -> Operation[int]:
    """End some waiting tasks whose ``good_until`` has passed. Returns how many."""
    [[row]] = yield Statement("expire_waiting", {"error_code": error_code, "result": result.decode()})
    count: int = row.ended
    return count


def delete_old(age_s: float) -> Operation[int]:
    """Delete some outcomes that are older than ``age_s``, with their idempotency keys. Returns how many."""
    [_, [row]] = yield Together((Statement("open_turn"), Statement("delete_old", {"age": timedelta(seconds=age_s)})))
    count: int = row.deleted
    return count


def sweep_waiters() -> Operation[int]:
    """Delete some entries of waits that were broken off and whose tasks have ended. Returns how many."""
    [_, [row]] = yield Together((Statement("open_turn"), Statement("sweep_waiters")))
    count: int = row.deleted
    return count


@dataclass(frozen=True, slots=True)
class OldSnapshot:
    """A session whose open transaction keeps dead rows from being cleaned away."""

    pid: int
    application: str
    state: str
    open_s: float


def old_snapshots(age_s: float) -> Operation[tuple[OldSnapshot, ...]]:
    """The sessions of this database that have kept a snapshot open for longer than ``age_s``, the oldest first."""
    [rows] = yield Statement("old_snapshots", {"age": timedelta(seconds=age_s)})
    return tuple(OldSnapshot(row.pid, row.application_name, row.state, row.open_s) for row in rows)


def _recover_one(lease_s: float, judge: Judge, bell: str, by: int | None) -> Operation[Recovered | None]:
    [dead] = yield Statement("dead_worker", {"lease": timedelta(seconds=lease_s), "by": by})
    if not dead:
        return None
    worker, terms = dead[0].id, dead[0].terms
    settled: list[Settled] = []
    while held := (yield from read_held(worker)):
        judged = tuple(judge(worker, claimed, terms.get(claimed.name)) for claimed in held)
        queues = frozenset(claimed.queue for claimed in held)  # which of them have a limit, the dead did not say
        yield from take_turn(Turn(worker=worker, lease_s=lease_s, settled=judged, limited=queues), bell)
        settled.extend(judged)
    yield from sign_off(worker)
    return Recovered(worker, tuple(settled))


def _end_tasks(worker: int, endings: Sequence[Settled]) -> Statement:
    return Statement(
        "end_tasks",
        {
            "worker": worker,
            "ids": plain_array(each.claimed.id for each in endings),
            "claims": plain_array(each.claimed.claims for each in endings),
            "states": plain_array(each.transition.after for each in endings),
            "attempts": plain_array(each.claimed.attempt + each.started for each in endings),
            "error_codes": text_array(_error_code(each.transition) for each in endings),
            "results": text_array(_result(each.transition) for each in endings),
        },
    )


def _return_tasks(worker: int, returns: Sequence[Settled]) -> tuple[Statement, ...]:
    transitions = [each.transition for each in returns]
    ids = plain_array(each.claimed.id for each in returns)
    retries = [each if isinstance(each, Retry) else None for each in transitions]
    return (
        Statement(
            "return_tasks",
            {
                "worker": worker,
                "ids": ids,
                "claims": plain_array(each.claimed.claims for each in returns),
                "delays": plain_array(0.0 if retry is None else retry.delay_s for retry in retries),
                "counted": plain_array(int(retry is not None) for retry in retries),
                "lost": plain_array(int(isinstance(each, Retry | Requeue) and each.is_loss) for each in transitions),
                "refusals": text_array(each.refused_by if isinstance(each, Requeue) else None for each in transitions),
                "error_codes": text_array(None if retry is None else retry.error_code for retry in retries),
                "messages": text_array(None if retry is None else retry.message for retry in retries),
            },
        ),
        Statement(
            "end_cancelled",
            {"ids": ids, "error_code": Cancel.error_code, "result": CANCELLED_RESULT.decode()},
        ),
    )


def _queues_to_ring(returns: Sequence[Settled], endings: Sequence[Settled], limited: frozenset[str]) -> list[str]:
    """Where another worker may find something now: tasks put back, and places of limited queues that became free."""
    freed = {each.claimed.queue for each in (*returns, *endings)} & limited
    return sorted(freed | {each.claimed.queue for each in returns})


def _mark_started(worker: int, started: Sequence[Claimed]) -> Statement:
    ids = plain_array(claimed.id for claimed in started)
    claims = plain_array(claimed.claims for claimed in started)
    return Statement("mark_started", {"worker": worker, "ids": ids, "claims": claims})


def _claim(worker: int, wish: Wish, lease_s: float) -> tuple[Statement, ...]:
    claim = Statement(
        "claim",
        {
            "worker": worker,
            "margin": timedelta(seconds=lease_s / 4),
            "wanted": wish.wanted,
            "direct": wish.direct,
            "queues": text_array(wish.queues),
            "limited": plain_array(queue in wish.limited for queue in wish.queues),
            "names": text_array(wish.names),
            "refused": text_array(wish.refused),
            "unfit": text_array(wish.unfit),
        },
    )
    limited = [queue for queue in wish.queues if queue in wish.limited]
    return (Statement("lock_limits", {"queues": limited}), claim) if limited else (claim,)


def _claimed_in_order(rows: Rows) -> tuple[Claimed, ...]:
    return tuple(_claimed(row) for row in sorted(rows, key=lambda row: row.place))


def _claimed(row: Any) -> Claimed:
    return Claimed(
        id=row.id,
        name=row.name,
        queue=row.queue,
        fingerprint=row.fingerprint,
        payload=row.payload.encode(),
        claims=row.claims,
        attempt=row.attempt,
        losses=row.losses,
        good_until=row.good_until,
        marked=row.marked,
    )


def _ended_ids(answers: Mapping[str, Rows]) -> frozenset[UUID]:
    rows = answers.get("end_tasks", ())
    return frozenset(rows[0].ended or ()) if rows else frozenset()


def _returned_ids(answers: Mapping[str, Rows]) -> frozenset[UUID]:
    return frozenset(row.id for row in answers.get("return_tasks", ()))


def _stale(settled: Sequence[Settled], done: frozenset[UUID]) -> tuple[Settled, ...]:
    return tuple(each for each in settled if each.claimed.id not in done)


def _error_code(transition: Transition) -> str | None:
    return None if isinstance(transition, Complete | Requeue) else str(transition.error_code)


def _result(transition: Transition) -> str | None:
    return None if isinstance(transition, Retry | Requeue) else transition.result.decode()
