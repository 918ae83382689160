"""`Catalogue`: what a worker serves, as plain values. The supervisor knows tasks by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from horsies_core.policy.terms import Terms
from horsies_core.store.work import ServedContract


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Tasks by name (aliases too), queues in the order of serving, limits by queue (None: none).

    ``fingerprints`` are those of the contracts, ``readers`` those of what payloads are read by: the contract with its upcasters.
    """

    terms: Mapping[str, Terms]
    fingerprints: Mapping[str, str]
    readers: Mapping[str, str]
    contracts: tuple[ServedContract, ...]
    queues: tuple[str, ...]
    limits: Mapping[str, int | None]
    ranks: Mapping[str, int]
    """The priorities of the queues: the smaller, the earlier."""

    def in_turn(self, turn: int) -> tuple[str, ...]:
        """The queues in the order of one claim: among equals each is the first in its turn, so that a full one starves none."""
        ordered: list[str] = []
        for _, equals in groupby(self.queues, key=self.rank):
            group = list(equals)
            first = turn % len(group)
            ordered += group[first:] + group[:first]
        return tuple(ordered)

    def rank(self, queue: str) -> int:
        """The priority of a queue."""
        return self.ranks.get(queue, 0)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the served tasks, sorted."""
        return tuple(sorted(self.terms))

    @property
    def reader_ids(self) -> tuple[str, ...]:
        """What the worker reads payloads by, each once, sorted."""
        return tuple(sorted(set(self.readers.values())))

    @property
    def limited(self) -> frozenset[str]:
        """The served queues that have a limit."""
        return frozenset(queue for queue in self.queues if self.limits.get(queue) is not None)
