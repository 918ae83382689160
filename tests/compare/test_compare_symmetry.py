"""Every kind of change has its mirror: what tightens one way relaxes the other. Kinds without one have a written waiver."""

from __future__ import annotations

from random import Random

import pytest
from random_contracts import edited, random_contract

from horsies_core.contract.compare import KINDS, Change, Relation
from horsies_core.contract.compare import catalogue as c
from horsies_core.contract.compare.task import payload_type
from horsies_core.contract.compare.values import PAYLOAD, value_changes
from horsies_core.contract.task import TaskContract

MIRRORS = {
    c.REQUIRED_PARAMETER_ADDED: {c.PARAMETER_REMOVED},
    c.OPTIONAL_PARAMETER_ADDED: {c.PARAMETER_REMOVED},
    c.PARAMETER_REMOVED: {c.REQUIRED_PARAMETER_ADDED, c.OPTIONAL_PARAMETER_ADDED},
    c.PARAMETER_RENAMED: {c.PARAMETER_RENAMED},
    c.PARAMETER_MADE_REQUIRED: {c.PARAMETER_MADE_OPTIONAL},
    c.PARAMETER_MADE_OPTIONAL: {c.PARAMETER_MADE_REQUIRED},
    c.DEFAULT_CHANGED: {c.DEFAULT_CHANGED},
    c.TYPE_CHANGED: {c.TYPE_CHANGED},
    c.TYPE_NARROWED: {c.TYPE_WIDENED},
    c.TYPE_WIDENED: {c.TYPE_NARROWED},
    c.VALUES_REMOVED: {c.VALUES_ADDED},
    c.VALUES_ADDED: {c.VALUES_REMOVED},
    c.CONSTRAINT_TIGHTENED: {c.CONSTRAINT_RELAXED},
    c.CONSTRAINT_RELAXED: {c.CONSTRAINT_TIGHTENED},
    c.PATTERN_CHANGED: {c.PATTERN_CHANGED},
    c.TAG_CHANGED: {c.TAG_CHANGED},
    c.REQUIRED_FIELD_ADDED: {c.FIELD_REMOVED},
    c.OPTIONAL_FIELD_ADDED: {c.FIELD_REMOVED},
    c.FIELD_REMOVED: {c.REQUIRED_FIELD_ADDED, c.OPTIONAL_FIELD_ADDED},
    c.FIELD_RENAMED: {c.FIELD_RENAMED},
    c.FIELD_MADE_REQUIRED: {c.FIELD_MADE_OPTIONAL},
    c.FIELD_MADE_OPTIONAL: {c.FIELD_MADE_REQUIRED},
    c.MODEL_CLOSED: {c.MODEL_OPENED},
    c.MODEL_OPENED: {c.MODEL_CLOSED},
    c.VALIDATOR_CHANGED: {c.VALIDATOR_CHANGED},
    c.TASK_REMOVED: {c.TASK_ADDED},
    c.TASK_ADDED: {c.TASK_REMOVED},
    c.TASK_RENAMED: {c.TASK_RENAMED},
    c.QUEUE_MOVED: {c.QUEUE_MOVED},
    c.ERROR_CODE_ADDED: {c.ERROR_CODE_REMOVED},
    c.ERROR_CODE_REMOVED: {c.ERROR_CODE_ADDED},
}

WAIVERS = {
    c.NAME_REUSED: "the other way round a buried name is given back, which harms nobody",
    c.UPCASTER_REMOVED: "an upcaster that is added reads more rows than before; `closed_by` says which change it closes",
    c.UNKNOWN_CONTRACT: "about rows that wait: a contract becomes known when a worker registers it, which harms none",
    c.QUEUED_PAYLOAD_REFUSED: "about rows that wait: one that is taken is no finding",
    c.ALIAS_REMOVED: "an alias that is added serves more rows than before, and none differently",
    c.TIMEOUT_REDUCED: "more time harms no queued task",
    c.RETRY_CODE_REMOVED: "a code that is retried now ends no task earlier",
    c.RETRIES_REDUCED: "more retries end no task earlier",
}

_OPPOSITE = {Relation.OLD_PAYLOADS: Relation.NEW_PAYLOADS, Relation.NEW_PAYLOADS: Relation.OLD_PAYLOADS}


def test_every_kind_has_a_mirror_or_a_waiver() -> None:
    assert MIRRORS.keys() | WAIVERS.keys() == set(KINDS)
    assert not MIRRORS.keys() & WAIVERS.keys()
    assert all(kind in MIRRORS[mirror] for kind, mirrors in MIRRORS.items() for mirror in mirrors)


def _refused(changes: tuple[Change, ...], relation: Relation) -> bool:
    return any(change.verdict(relation).letter in "CB" for change in changes)


@pytest.mark.parametrize("seed", range(8))
def test_a_change_and_its_reverse_tell_the_same(seed: int) -> None:
    """At every place: the kinds mirror each other, and old payloads one way are new payloads the other."""
    rng = Random(1000 + seed)
    for _ in range(100):
        old = random_contract(rng)
        _check_pair(old, edited(rng, old))


def _check_pair(old: TaskContract, new: TaskContract) -> None:
    there, back = _payload_changes(old, new), _payload_changes(new, old)
    for relation, opposite in _OPPOSITE.items():
        assert _refused(there, relation) == _refused(back, opposite), (old, new)
    for change in there:
        mirrored = {other.kind for other in back if other.pointer == change.pointer}
        assert mirrored & MIRRORS[change.kind], (change, back)


def _payload_changes(old: TaskContract, new: TaskContract) -> tuple[Change, ...]:
    """The changes before renames are guessed: two removals and one addition have no one reverse."""
    sides = [(payload_type(side), side.definition_table) for side in (old, new)]
    return value_changes("t", PAYLOAD, sides[0], sides[1])
