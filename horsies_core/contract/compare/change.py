"""Changes: what differs between two contracts, and what it does to payloads and results on their way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from horsies_core.contract.compare.catalogue import Kind
from horsies_core.contract.wire import Json


class Relation(StrEnum):
    """Whose values meet which readers. The letters are those of the documentation's table."""

    OLD_PAYLOADS = "a"
    """Payloads of old producers at new workers: rows queued, delayed, in retry; producers not yet deployed."""
    NEW_PAYLOADS = "b"
    """Payloads of new producers at old workers: while a deploy is under way, and after a rollback."""
    OLD_RESULTS = "c1"
    """Stored results at new consumers."""
    NEW_RESULTS = "c2"
    """New results at consumers not yet deployed."""


class Verdict(IntEnum):
    """What a relation suffers, the worse the higher."""

    SAFE = 0
    BEHAVIOUR = 1
    """Safe on the wire, but something behaves otherwise."""
    CONDITIONAL = 2
    """Breaks only for payloads that use (or leave out) something, or in one order of deployment."""
    BREAKING = 3
    """Breaks, or could not be proven safe."""

    @property
    def letter(self) -> str:
        """S, W, C or B."""
        return "SWCB"[self]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one relation.

    ``witness`` holds a payload (or a result) that one side writes and the other refuses; it is empty where nothing is
    refused, where rows are stranded whatever they hold, or where no counterexample was found (``unproven``).
    """

    relation: Relation
    verdict: Verdict
    witness: tuple[Json, ...] = ()
    unproven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference, told once, with its effects on all relations that it touches.

    ``pointer`` is a JSON pointer into the contract: ``/parameters/order/lines/*/price``, ``/result``, ``/queue``.
    ``old`` and ``new`` show the two sides there. ``closed_by`` is the source of the upcaster that makes old payloads today's.
    """

    kind: Kind
    task: str
    pointer: str
    message: str
    effects: tuple[Effect, ...]
    old: str | None = None
    new: str | None = None
    help: tuple[str, ...] = ()
    closed_by: str | None = None

    def effect(self, relation: Relation) -> Effect:
        """The effect on one relation; a safe one where the change does not touch it."""
        return next((effect for effect in self.effects if effect.relation is relation), Effect(relation, Verdict.SAFE))

    def verdict(self, relation: Relation) -> Verdict:
        """The verdict on one relation."""
        return self.effect(relation).verdict


def worst(changes: Iterable[Change], relation: Relation) -> Verdict:
    """The worst verdict that any of the changes has on a relation."""
    return max((change.verdict(relation) for change in changes), default=Verdict.SAFE)


def pointer(*tokens: str) -> str:
    """A JSON pointer of the tokens."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)
