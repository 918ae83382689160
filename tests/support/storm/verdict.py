"""The verdict: everything that was sent, written down and stored, compared."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storm.fleet import GOOD_EXITS, Fleet
from storm.journal import Journal
from storm.producer import Producer, Sent
from storm.server import Server

LATE_S = 2.0
"""Between the child's last look at the clock and the first line of user code a loaded machine may do something else."""

EARLY_S = 2.0
"""A worker knows the database's clock as exactly as its quickest question took, and a new one has asked but one; see
`horsies_core.worker.clock`."""

WAITING = frozenset({"far", "nobodys"})
"""Kinds that must still wait when all is over: one is not due, the other is known to no worker."""

CRASHED, CANCELLED, EXPIRED = "WORKER_CRASHED", "TASK_CANCELLED", "TASK_EXPIRED"

OWN_CODES: Mapping[str, frozenset[str | None]] = {
    "garbage": frozenset({"RESULT_INVALID"}),
    "exit": frozenset({CRASHED}),
    "segfault": frozenset({CRASHED}),
    "oom_killed": frozenset({CRASHED}),
    "scribble": frozenset({CRASHED}),
    "hang": frozenset({"TASK_TIMEOUT"}),
    "hang_once": frozenset({None, "TASK_TIMEOUT"}),
    "hungry": frozenset({"STORM_ERROR"}),
    "raises": frozenset({"STORM_ERROR", "MISSING"}),
    "flaky": frozenset({None, "FLAKY"}),
    "expiring": frozenset({None, EXPIRED}),
}
"""What a kind may end with, beside WORKER_CRASHED, which the storm may do to any; None is success, which all others end with."""

MOST_ATTEMPTS = {"slow": 9, "pair": 9, "solo": 9, "exit_once": 9, "hang_once": 9, "flaky": 7}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the database holds when all is over."""

    live: tuple[Any, ...]
    ended: tuple[Any, ...]
    audit: tuple[Any, ...]
    roles: Mapping[int, str]


def gather(server: Server) -> Evidence:
    """Read it all."""
    return Evidence(
        live=tuple(server.query("SELECT id, payload, worker, attempt, claims FROM horsies.task")),
        ended=tuple(
            server.query(
                "SELECT id, payload, state::text, attempt, error_code, result::jsonb, past_attempts, "
                "extract(epoch FROM finished_at - good_until)::float8, losses FROM horsies.history"
            )
        ),
        audit=tuple(
            server.query(
                "SELECT number, what, id, role, worker, claims, is_fair, extract(epoch FROM at)::float8 "
                "FROM public.audit ORDER BY number"
            )
        ),
        roles=dict(server.query("SELECT worker, role FROM public.audit_worker")),
    )


class Verdict:
    """All that is wrong, as sentences; and what happened, as counts."""

    def __init__(self, producer: Producer, fleet: Fleet, journal: Journal, evidence: Evidence) -> None:
        self._producer, self._fleet, self._journal, self._evidence = producer, fleet, journal, evidence
        self._by_id = {sent.id: sent for sent in producer.sent.values()}
        self._claims = Counter(row[2] for row in evidence.audit if row[1] == "claim")
        self.lapsed = self._lapsed()
        self.wrong = tuple(self._wrong())

    def counts(self) -> Iterator[tuple[str, object]]:
        """Figures of the storm."""
        ended, audit = self._evidence.ended, self._evidence.audit
        events = Counter(event["event"] for worker in self._fleet.all for event in worker.events)
        yield "tasks sent", len(self._producer.sent)
        yield "sends replayed after a lost connection", self._producer.replays
        for state, count in sorted(Counter(row[2] for row in ended).items()):
            yield f"ended {state}", count
        yield "waiting, as they must", len(self._evidence.live)
        yield "claims", sum(self._claims.values())
        yield "attempts that count", sum(row[3] for row in ended)
        yield "retries", sum(len(row[6] or ()) for row in ended)
        yield (
            "put back without an attempt",
            sum(row[1] == "return" for row in audit) - sum(len(row[6] or ()) for row in ended),
        )
        yield "user code begun", sum(map(len, self._journal.begun.values()))
        yield "user code ended", sum(map(len, self._journal.ended.values()))
        yield "worker processes", len(self._fleet.all)
        yield "dead workers recovered", events["recovered the tasks of a worker that stopped renewing its lease"]
        yield "workers that lost their lease alive", len(self.lapsed)
        yield (
            "reports that came too late and changed nothing",
            events["a report came too late: the task had been given to another"],
        )
        yield "limits exceeded by a worker without a lease", len(self._journal.exceeded)

    def by_kind(self) -> Mapping[str, Counter[str]]:
        """How each kind ended."""
        found: dict[str, Counter[str]] = {}
        for row in self._evidence.ended:
            kind = self._by_id[row[0]].send.kind if row[0] in self._by_id else "?"
            found.setdefault(kind, Counter())[row[4] or row[2]] += 1
        for row in self._evidence.live:
            kind = self._by_id[row[0]].send.kind if row[0] in self._by_id else "?"
            found.setdefault(kind, Counter())["waiting"] += 1
        return found

    def _wrong(self) -> Iterator[str]:
        yield from self._states()
        for row in self._evidence.ended:
            sent = self._by_id.get(row[0])
            if sent is not None:
                yield from (f"task {sent.send.key} ({sent.send.kind}): {what}" for what in self._ended(sent, row))
        for key, sent in self._producer.sent.items():
            yield from (f"task {key} ({sent.send.kind}): {what}" for what in self._user_code(sent))
        yield from self._writes()
        yield from self._limits()
        yield from self._processes()

    def _states(self) -> Iterator[str]:
        """Each task is there exactly once."""
        live = Counter(row[0] for row in self._evidence.live)
        ended = Counter(row[0] for row in self._evidence.ended)
        for key, sent in self._producer.sent.items():
            places = live[sent.id] + ended[sent.id]
            if places != 1:
                yield f"task {key} ({sent.send.kind}) is there {places} times"
            elif (sent.send.kind in WAITING) != bool(live[sent.id]):
                yield f"task {key} ({sent.send.kind}) {'has not ended' if live[sent.id] else 'has ended, and must wait'}"
        for unknown in (live.keys() | ended.keys()) - self._by_id.keys():
            yield f"task {unknown} was never sent"
        for row in self._evidence.live:
            if row[0] in self._by_id and (row[1] != self._by_id[row[0]].payload or row[2:] != (None, 0, 0)):
                yield f"waiting task {self._by_id[row[0]].send.key} is not as it was sent: {row[1:]}"

    def _ended(self, sent: Sent, row: Any) -> Iterator[str]:
        _, payload, state, attempt, code, result, past, late_s, _ = row
        kind = sent.send.kind
        if payload != sent.payload:
            yield "its payload is not what was sent"
        allowed = OWN_CODES.get(kind, frozenset({None})) | {CRASHED}
        if sent.send.key in self._producer.cancelled:
            allowed |= {CANCELLED}
        if code not in allowed:
            yield f"it ended with {code}: {result}"
        if (code is None) != (state == "COMPLETED") or (code is None and result != {"ok": sent.send.key}):
            yield f"state {state} and result {result} do not fit"
        if (state == "EXPIRED") != (code == EXPIRED) or (state == "EXPIRED" and late_s < -EARLY_S):
            yield f"it expired {-late_s:.3f} s before its time"
        yield from self._attempts(kind, state, attempt, code, past or [])

    def _attempts(self, kind: str, state: str, attempt: int, code: str | None, past: list[Any]) -> Iterator[str]:
        if [each["attempt"] for each in past] != list(range(1, len(past) + 1)):
            yield f"its past attempts are numbered {[each['attempt'] for each in past]}"
        last = attempt - len(past)
        if (
            last not in (0, 1)
            or (last == 0 and code not in (CRASHED, CANCELLED, EXPIRED))
            or (last == 1 and code == EXPIRED)
        ):
            yield f"attempts do not add up: {attempt}, {len(past)} of them past, ended with {code}"
        if attempt > MOST_ATTEMPTS.get(kind, 1):
            yield f"it had {attempt} attempts"

    def _user_code(self, sent: Sent) -> Iterator[str]:
        begun, ended = self._journal.begun.get(sent.send.key, []), self._journal.ended.get(sent.send.key, [])
        claims = self._claims[sent.id]
        if len(begun) > claims:
            yield f"user code began {len(begun)} times on {claims} claims"
        if sent.begin_before is not None and begun and max(begun) > sent.begin_before + LATE_S:
            yield f"user code began {max(begun) - sent.begin_before:.3f} s after its expiry"
        row = next((row for row in self._evidence.ended if row[0] == sent.id), None)
        if row is None:
            if begun:
                yield "user code of a waiting task began"
            return
        _, _, state, attempt, code, _, past, _, _ = row
        finished = sum(each["error_code"] != CRASHED for each in past or []) + (
            attempt > len(past or []) and code not in (CRASHED, CANCELLED)
        )
        if finished > len(begun):
            yield f"{finished} attempts came to an end, user code began {len(begun)} times"
        if state == "COMPLETED" and not ended:
            yield "it is completed, and its user code never ended"

    def _writes(self) -> Iterator[str]:
        """No stale write: each was made by the holder, or by somebody who recovered it."""
        for number, what, id_, role, worker, claims, is_fair, _ in self._evidence.audit:
            if not is_fair:
                owner = self._evidence.roles.get(worker, "nobody")
                yield f"write {number} ({what} of {id_} at claim {claims}, held by {owner}) by {role} was not its to make"
        claims_seen: dict[object, int] = {}
        for _, what, id_, _, _, claims, _, _ in self._evidence.audit:
            if what == "claim":
                if claims != claims_seen.get(id_, 0) + 1:
                    yield f"claim {claims} of {id_} follows claim {claims_seen.get(id_, 0)}"
                claims_seen[id_] = claims

    def _limits(self) -> Iterator[str]:
        for queue, who, others in self._journal.exceeded:
            if not {who, *others} & self.lapsed:
                yield f"the limit of queue {queue} was exceeded by worker {who} beside {', '.join(others)}"

    def _processes(self) -> Iterator[str]:
        yield from (f"process {survivor} outlived it" for survivor in self._fleet.survivors)
        yield from (f"process {pid} was left behind" for pid in self._fleet.orphans())
        for worker in self._fleet.all:
            code = worker.process.returncode
            was_ready = any(event["event"] == "worker ready" for event in worker.events)
            if code not in GOOD_EXITS and (was_ready or code != -signal.SIGTERM):
                yield f"worker {worker.who} ended with exit code {code}: {worker.stray_lines[-3:]}"
            for event in worker.events:
                if "trace" in event and event["event"] not in ("user code raised",):
                    yield f"worker {worker.who} logged an exception: {event['event']}: {event['trace'].splitlines()[-1]}"

    def _lapsed(self) -> frozenset[str]:
        """Workers that lost their lease while they lived: for them a limit cannot hold, and only fencing helps."""
        owners = {worker.role: worker for worker in self._fleet.all}
        found: set[str] = set()
        for _, what, _, role, worker, _, _, at in self._evidence.audit:
            owner = owners.get(self._evidence.roles.get(worker, ""))
            is_recovery = what in ("end", "return") and owner is not None and role != owner.role
            if is_recovery and owner is not None and at < (owner.ended_at or at + 1):
                found.add(owner.who)
        return frozenset(found)
