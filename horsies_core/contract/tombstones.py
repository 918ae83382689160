"""Burying names: what a lock remembers of the names that its predecessors had and it has no more.

Rows and producers of a removed name may be about for as long as anything is kept, so the name must not reach another task.
The lock is the one place that every later comparison reads, so the names are kept there, each with the fingerprint of
what it stood for: the same contract again is a task that came back, any other is a name used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.lock import Lock, LockEntry, Tombstone


def buried(previous: Lock, entries: Iterable[LockEntry]) -> tuple[Tombstone, ...]:
    """The tombstones of the lock that follows ``previous``, sorted by name.

    A name or an alias that ``previous`` served and ``entries`` do not is buried. A tombstone goes only if its very contract
    is back: one whose name is used for another task stays, so that a comparison with any older lock still finds it.
    """
    entries = tuple(entries)
    alive = {entry.contract.name: entry for entry in entries}
    served = alive.keys() | {alias for entry in entries for alias in entry.contract.aliases}
    stones = {stone.name: stone for stone in previous.tombstones}
    for stone in _stones_of(previous):
        if stone.name not in served:
            stones[stone.name] = stone
    kept = (stone for stone in stones.values() if not is_back(stone, alive.get(stone.name)))
    return tuple(sorted(kept, key=lambda stone: stone.name))


def is_back(stone: Tombstone, entry: LockEntry | None) -> bool:
    """Whether a task of the buried name has the contract that the name stood for."""
    return entry is not None and stone.fingerprint == fingerprint(entry.contract)


def _stones_of(lock: Lock) -> Iterator[Tombstone]:
    """A tombstone for every name that a lock serves; an alias stands for its task's contract under that name."""
    for entry in lock.entries:
        contract = entry.contract
        for name in (contract.name, *contract.aliases):
            yield Tombstone(name=name, fingerprint=fingerprint(replace(contract, name=name)))
