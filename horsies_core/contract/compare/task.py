"""Two contracts of one task, compared: payload, result, and how it is run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.catalogue import Kind
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict, pointer, worst
from horsies_core.contract.compare.rename import join_renames
from horsies_core.contract.compare.upcast import unread_upcasters, upcaster_for
from horsies_core.contract.compare.values import PAYLOAD, RESULT, value_changes
from horsies_core.contract.lock import LockEntry
from horsies_core.contract.payload import payload_of
from horsies_core.contract.task import TaskContract, Upcaster
from horsies_core.contract.types import ObjectDefinition

_W_BOTH = (Effect(Relation.OLD_PAYLOADS, Verdict.BEHAVIOUR), Effect(Relation.NEW_PAYLOADS, Verdict.BEHAVIOUR))


def entry_changes(old: LockEntry, new: LockEntry, *, queues: Collection[str]) -> tuple[Change, ...]:
    """Every change between two contracts of a task. ``queues`` are those that the new tasks use: somebody reads them."""
    return (
        *contract_changes(old.contract, new.contract),
        *unread_upcasters(old.contract, new.contract),
        *_queue(old.contract, new.contract, queues),
        *_timeout(old.contract, new.contract),
        *_retry(old.contract, new.contract),
        *_error_codes(old, new),
    )


def contract_changes(old: TaskContract, new: TaskContract) -> tuple[Change, ...]:
    """What changed on the wire: parameters and result. An upcaster of the new side that reads the old payloads closes the gap."""
    old_table, new_table = old.definition_table, new.definition_table
    same_types = old.definitions == new.definitions
    payload: tuple[Change, ...] = ()
    result: tuple[Change, ...] = ()
    if not (same_types and old.parameters == new.parameters):
        payload = value_changes(new.name, PAYLOAD, (payload_type(old), old_table), (payload_type(new), new_table))
    if not (same_types and old.result == new.result):
        result = value_changes(new.name, RESULT, (old.result, old_table), (new.result, new_table))
    changes = join_renames((*payload, *result))
    return changes if not (payload and new.upcasters) else _closed(old, new, changes)


def _closed(old: TaskContract, new: TaskContract, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes as old payloads see them that are turned into today's: by their own upcaster, or where they are refused."""
    exact = upcaster_for(old, new, is_needed=False)
    is_broken = worst(changes, Relation.OLD_PAYLOADS) >= Verdict.CONDITIONAL
    index = upcaster_for(old, new, is_needed=is_broken)
    if index is None:
        return changes
    least = Verdict.CONDITIONAL if exact is None else Verdict.BEHAVIOUR
    return tuple(_closed_by(new.upcasters[index], change, least) for change in changes)


def _closed_by(upcaster: Upcaster, change: Change, least: Verdict) -> Change:
    if change.verdict(Relation.OLD_PAYLOADS) < least:
        return change
    others = tuple(effect for effect in change.effects if effect.relation is not Relation.OLD_PAYLOADS)
    return replace(change, effects=(Effect(Relation.OLD_PAYLOADS, Verdict.SAFE), *others), closed_by=upcaster.source)


def payload_type(contract: TaskContract) -> ObjectDefinition:
    """The payload as an object: closed, one field a parameter."""
    return payload_of(contract.parameters)


def _queue(old: TaskContract, new: TaskContract, queues: Collection[str]) -> Iterator[Change]:
    if old.queue == new.queue:
        return
    is_read = old.queue in queues
    reader = "other tasks still use it" if is_read else "no task uses it any more, so nobody may read it"
    yield Change(
        kind=catalogue.QUEUE_MOVED,
        task=new.name,
        pointer=pointer("queue"),
        message=f"the queue changed: {old.queue} -> {new.queue}; rows stay in {old.queue}, and {reader}",
        effects=(
            Effect(Relation.OLD_PAYLOADS, Verdict.BEHAVIOUR if is_read else Verdict.BREAKING),
            Effect(Relation.NEW_PAYLOADS, Verdict.CONDITIONAL),
        ),
        old=old.queue,
        new=new.queue,
        help=(catalogue.QUEUE_MOVED.remedy,),
    )


def _timeout(old: TaskContract, new: TaskContract) -> Iterator[Change]:
    if new.timeout_ms is not None and (old.timeout_ms is None or new.timeout_ms < old.timeout_ms):
        before = "none" if old.timeout_ms is None else f"{old.timeout_ms} ms"
        message = f"the timeout was reduced: {before} -> {new.timeout_ms} ms"
        yield _behaviour(catalogue.TIMEOUT_REDUCED, new, "timeout_ms", message)


def _retry(old: TaskContract, new: TaskContract) -> Iterator[Change]:
    if old.retry is None:
        return
    kept = () if new.retry is None else new.retry.auto_retry_for
    for code in old.retry.auto_retry_for:
        if code not in kept:
            message = f"error code {code} is no longer retried"
            yield _behaviour(catalogue.RETRY_CODE_REMOVED, new, "retry", message)
    retries = 0 if new.retry is None else new.retry.max_retries
    if retries < old.retry.max_retries:
        message = f"retries were reduced: {old.retry.max_retries} -> {retries}"
        yield _behaviour(catalogue.RETRIES_REDUCED, new, "retry", message)


def _behaviour(kind: Kind, new: TaskContract, token: str, message: str) -> Change:
    return Change(
        kind=kind, task=new.name, pointer=pointer(token), message=message, effects=_W_BOTH, help=(kind.remedy,)
    )


def _error_codes(old: LockEntry, new: LockEntry) -> Iterator[Change]:
    before, after = _codes(old), _codes(new)
    for code in sorted(after - before):
        yield _code_change(catalogue.ERROR_CODE_ADDED, new, f"error code {code} is new", Verdict.BEHAVIOUR)
    for code in sorted(before - after):
        yield _code_change(catalogue.ERROR_CODE_REMOVED, new, f"error code {code} is gone", Verdict.SAFE)


def _codes(entry: LockEntry) -> frozenset[str]:
    return frozenset((*entry.error_codes, *entry.contract.mapped_codes))


def _code_change(kind: Kind, new: LockEntry, message: str, verdict: Verdict) -> Change:
    return Change(
        kind=kind,
        task=new.contract.name,
        pointer=pointer("error_codes"),
        message=message,
        effects=(Effect(Relation.OLD_RESULTS, Verdict.SAFE), Effect(Relation.NEW_RESULTS, verdict)),
        help=(kind.remedy,),
    )
