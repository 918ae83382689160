"""Which relations must hold for a change to pass."""

from __future__ import annotations

from enum import StrEnum

from horsies_core.contract.compare.change import Change, Relation, Verdict


class Mode(StrEnum):
    """What is asked of a change."""

    DEFAULT = "default"
    """What a deploy with workers first needs: old payloads at new workers, new results at old consumers."""
    BACKWARD = "backward"
    """New code reads all that old code wrote: queued payloads, stored results."""
    FORWARD = "forward"
    """Old code reads all that new code writes: new payloads at old workers, new results at old consumers."""
    FULL = "full"
    """Both: any order of deployment, and rollback."""

    @property
    def relations(self) -> frozenset[Relation]:
        """The relations that must hold."""
        return _RELATIONS[self]


_RELATIONS = {
    Mode.DEFAULT: frozenset({Relation.OLD_PAYLOADS, Relation.NEW_RESULTS}),
    Mode.BACKWARD: frozenset({Relation.OLD_PAYLOADS, Relation.OLD_RESULTS}),
    Mode.FORWARD: frozenset({Relation.NEW_PAYLOADS, Relation.NEW_RESULTS}),
    Mode.FULL: frozenset(Relation),
}


class Standing(StrEnum):
    """How a change stands under a mode."""

    BREAKS = "breaks"
    BEHAVES_OTHERWISE = "behaves-otherwise"
    PASSES = "passes"


def standing(change: Change, mode: Mode) -> Standing:
    """Whether a change breaks what the mode asks for. What is conditional breaks: some payloads are refused."""
    worst = max((change.verdict(relation) for relation in mode.relations), default=Verdict.SAFE)
    if worst >= Verdict.CONDITIONAL:
        return Standing.BREAKS
    return Standing.BEHAVES_OTHERWISE if worst is Verdict.BEHAVIOUR else Standing.PASSES
