"""Live rows against the contracts of today: only what really waits in the queue counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.answer import Answer, either
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict
from horsies_core.contract.compare.membership import accepts
from horsies_core.contract.compare.project import compare
from horsies_core.contract.compare.resolved import Typed
from horsies_core.contract.compare.task import entry_changes
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.live import LivePayload, LiveRows, LiveSnapshot
from horsies_core.contract.lock import Lock, LockEntry
from horsies_core.contract.payload import payload_of
from horsies_core.contract.task import Signature, TaskContract
from horsies_core.contract.wire import Json


@dataclass(frozen=True, slots=True)
class LiveChange:
    """A change that live rows suffer, the rows, and the ids of sampled rows that are refused for certain."""

    change: Change
    rows: tuple[LiveRows, ...]
    refused: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(rows.count for rows in self.rows)


@dataclass(frozen=True, slots=True)
class LiveComparison:
    """What stands between live rows and the new contracts, by task and place; tasks and contracts that occur, and rows."""

    changes: tuple[LiveChange, ...]
    tasks: int
    contracts: int
    rows: int


def compare_live(snapshot: LiveSnapshot, new: Lock, known: Mapping[str, TaskContract]) -> LiveComparison:
    """Every change that live rows suffer. ``known`` are contracts by fingerprint, beside those that workers registered.

    A payload that was sampled counts for itself: if all rows of a contract were, and all are taken, its changes harm none.
    """
    judge = _Judge(snapshot, new, known)
    groups: dict[tuple[str, str], list[LiveRows]] = {}
    for rows in snapshot.rows:
        groups.setdefault((rows.name, rows.fingerprint), []).append(rows)
    found = [change for key, rows in groups.items() for change in judge.changes(*key, tuple(rows))]
    ordered = sorted(found, key=lambda item: (item.change.task, item.change.pointer, item.change.kind.code))
    return LiveComparison(
        tuple(ordered),
        tasks=len({name for name, _ in groups}),
        contracts=len(groups),
        rows=sum(rows.count for rows in snapshot.rows),
    )


class _Judge:
    """The verdicts on groups of rows, each of one name and one contract."""

    def __init__(self, snapshot: LiveSnapshot, new: Lock, known: Mapping[str, TaskContract]) -> None:
        self._snapshot, self._new, self._known = snapshot, new, known
        self._served = {name: entry for entry in new.entries for name in entry.contract.aliases}
        self._served |= {entry.contract.name: entry for entry in new.entries}
        self._queues = frozenset(entry.contract.queue for entry in new.entries)
        self._payloads: dict[tuple[str, str], list[LivePayload]] = {}
        for payload in snapshot.payloads:
            self._payloads.setdefault((payload.name, payload.fingerprint), []).append(payload)

    def changes(self, name: str, digest: str, rows: tuple[LiveRows, ...]) -> Iterator[LiveChange]:
        """What the rows suffer."""
        entry = self._served.get(name)
        if entry is not None:
            stranded = tuple(each for each in rows if each.queue not in self._queues)
            if stranded:
                yield LiveChange(_queue_gone(entry, stranded), stranded)
        old = self._known.get(digest) or self._snapshot.contract(digest)
        samples = _Samples.of(self._payloads.get((name, digest), ()), entry)
        if old is None:
            changes: Sequence[Change] = (_unknown(name, digest),)
        elif entry is None:
            changes = compare(_lock(name, old), replace(self._new, tombstones=())).changes
        elif fingerprint(entry.contract) == digest:
            changes = ()
        else:
            changes = entry_changes(LockEntry(contract=old), entry, queues=self._queues)
        yield from self._told(changes, rows, samples, entry)

    def _told(
        self, changes: Sequence[Change], rows: tuple[LiveRows, ...], samples: _Samples, entry: LockEntry | None
    ) -> Iterator[LiveChange]:
        count = sum(each.count for each in rows)
        is_proven = entry is not None and not samples.open and len(samples.taken) == count > 0
        for change in changes:
            effect = change.effect(Relation.OLD_PAYLOADS)
            if effect.verdict is Verdict.SAFE or change.kind is catalogue.QUEUE_MOVED:
                continue
            if is_proven and effect.verdict > Verdict.BEHAVIOUR:
                continue
            yield LiveChange(replace(change, effects=(effect,)), rows)
        if entry is not None and samples.refused:
            yield LiveChange(_refused(entry, samples.refused[0].text), rows, tuple(each.id for each in samples.refused))


@dataclass(frozen=True, slots=True)
class _Samples:
    """Real payloads, by whether the new task takes them; ``open`` are those of which nobody can tell."""

    taken: tuple[LivePayload, ...] = ()
    refused: tuple[LivePayload, ...] = ()
    open: tuple[LivePayload, ...] = ()

    @classmethod
    def of(cls, payloads: Sequence[LivePayload], entry: LockEntry | None) -> _Samples:
        if entry is None:
            return cls()
        answers = {payload: _is_taken(entry.contract, payload.text) for payload in payloads}
        taken, refused, unsure = (
            tuple(payload for payload, answer in answers.items() if answer is wanted) for wanted in (True, False, None)
        )
        return cls(taken, refused, unsure)


def _is_taken(contract: TaskContract, text: str) -> Answer:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return False
    readers: tuple[Signature, ...] = (contract, *contract.upcasters)
    return either(accepts(Typed(payload_of(each.parameters), each.definition_table), value) for each in readers)


def _lock(name: str, contract: TaskContract) -> Lock:
    return Lock(entries=(LockEntry(contract=replace(contract, name=name, aliases=())),))


def _queue_gone(entry: LockEntry, rows: Sequence[LiveRows]) -> Change:
    queues = ", ".join(sorted({each.queue for each in rows}))
    return Change(
        kind=catalogue.QUEUE_MOVED,
        task=entry.contract.name,
        pointer="/queue",
        message=f"rows wait in the queue {queues}, which no task uses any more",
        effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING),),
        old=queues,
        new=entry.contract.queue,
        help=(catalogue.QUEUE_MOVED.remedy,),
    )


def _unknown(name: str, digest: str) -> Change:
    return Change(
        kind=catalogue.UNKNOWN_CONTRACT,
        task=name,
        pointer="",
        message=f"no worker has registered the contract {digest} that payloads of {name} were encoded by",
        effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING, unproven=True),),
        old=digest,
        help=(catalogue.UNKNOWN_CONTRACT.remedy,),
    )


def _refused(entry: LockEntry, text: str) -> Change:
    try:
        witness: tuple[Json, ...] = (json.loads(text),)
    except (ValueError, RecursionError):
        witness = ()
    return Change(
        kind=catalogue.QUEUED_PAYLOAD_REFUSED,
        task=entry.contract.name,
        pointer="",
        message=f"payloads of {entry.contract.name} that are queued now are refused",
        effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING, witness),),
        help=(catalogue.QUEUED_PAYLOAD_REFUSED.remedy,),
    )
