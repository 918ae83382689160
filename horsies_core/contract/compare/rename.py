"""Renames: a parameter or a field that is gone, and a new one beside it that looks like it.

A guess for people: it joins two findings into one that names the remedy. It never makes a verdict milder.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.catalogue import Kind
from horsies_core.contract.compare.change import Change, Effect, Relation

_ALIKE = 0.6

_GONE = frozenset({catalogue.PARAMETER_REMOVED.code, catalogue.FIELD_REMOVED.code})
_CAME = frozenset(
    {
        catalogue.REQUIRED_PARAMETER_ADDED.code,
        catalogue.OPTIONAL_PARAMETER_ADDED.code,
        catalogue.REQUIRED_FIELD_ADDED.code,
        catalogue.OPTIONAL_FIELD_ADDED.code,
    }
)


def alike(old: str, new: str) -> bool:
    """Whether two names look like one that was renamed: close in spelling, or one within the other."""
    one, other = old.replace("_", "").lower(), new.replace("_", "").lower()
    shared = set(old.lower().split("_")) & set(new.lower().split("_"))
    return bool(shared) or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def join_renames(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes, with each removal and addition that look like a rename told as one."""
    left = list(changes)
    for gone in [change for change in changes if change.kind.code in _GONE]:
        came = next((change for change in left if _may_be(gone, change)), None)
        if came is not None:
            left[left.index(came)] = _renamed(gone, came)
            left.remove(gone)
    return tuple(left)


def _may_be(gone: Change, came: Change) -> bool:
    """Beside each other, of one type, and alike in name."""
    if came.kind.code not in _CAME or gone.old is None or gone.old != came.new:
        return False
    place, _, old = gone.pointer.rpartition("/")
    other_place, _, new = came.pointer.rpartition("/")
    return place == other_place and alike(old, new)


def _renamed(gone: Change, came: Change) -> Change:
    old, new = gone.pointer.rpartition("/")[2], came.pointer.rpartition("/")[2]
    kind = _kind(gone)
    return Change(
        kind=kind,
        task=came.task,
        pointer=came.pointer,
        message=f"{came.message}, {old!r} was removed: this looks like a rename, {old} -> {new}",
        effects=_worse(gone.effects, came.effects),
        old=gone.old,
        new=came.new,
        help=_remedies(kind, old, new),
    )


def _kind(gone: Change) -> Kind:
    is_parameter = gone.kind.code == catalogue.PARAMETER_REMOVED.code
    return catalogue.PARAMETER_RENAMED if is_parameter else catalogue.FIELD_RENAMED


def _remedies(kind: Kind, old: str, new: str) -> tuple[str, ...]:
    if kind is catalogue.FIELD_RENAMED:
        return (
            f"looks like {old} -> {new}; accept the old name with "
            f'{new}: ... = Field(validation_alias=AliasChoices("{new}", "{old}"))',
        )
    return (
        f"looks like {old} -> {new}; accept the old name with {old}: ... | None = None beside an optional {new}, "
        "and use whichever is given, until no row holds the old one",
    )


def _worse(one: Sequence[Effect], other: Sequence[Effect]) -> tuple[Effect, ...]:
    """For each relation the worse of the two effects, one with a witness first."""
    found: list[Effect] = []
    for relation in Relation:
        effects = [effect for effect in (*one, *other) if effect.relation is relation]
        if effects:
            found.append(max(effects, key=lambda effect: (effect.verdict, len(effect.witness))))
    return tuple(found)
