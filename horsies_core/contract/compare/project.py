"""All tasks of two locks, compared: what was added, removed, renamed, and what changed in those that stayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict
from horsies_core.contract.compare.rename import alike
from horsies_core.contract.compare.task import entry_changes
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.lock import Lock, LockEntry, Tombstone
from horsies_core.contract.tombstones import is_back


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes between two locks, by task and pointer, and how many tasks stood on either side."""

    changes: tuple[Change, ...]
    tasks: int

    def of_task(self, name: str) -> tuple[Change, ...]:
        """The changes of one task."""
        return tuple(change for change in self.changes if change.task == name)


def compare(old: Lock, new: Lock) -> Comparison:
    """Everything that changed from one lock to another."""
    matched = _matched(old, new)
    queues = frozenset(entry.contract.queue for entry in new.entries)
    served = {name for entry in new.entries for name in _names(entry)}
    changes: list[Change] = []
    for before, after in matched:
        changes.extend(entry_changes(before, after, queues=queues))
        changes.extend(_name_changes(before, after, served))
    kept = {before.contract.name for before, _ in matched}
    known = {after.contract.name for _, after in matched}
    changes.extend(_removed(entry) for entry in old.entries if entry.contract.name not in kept)
    changes.extend(_added(entry) for entry in new.entries if entry.contract.name not in known)
    changes.extend(_reused(old, new))
    names = {entry.contract.name for lock in (old, new) for entry in lock.entries}
    ordered = sorted(changes, key=lambda change: (change.task, change.pointer, change.kind.code, change.message))
    return Comparison(tuple(ordered), len(names))


def _names(entry: LockEntry) -> tuple[str, ...]:
    return (entry.contract.name, *entry.contract.aliases)


def _matched(old: Lock, new: Lock) -> list[tuple[LockEntry, LockEntry]]:
    """Old entries with the new ones that serve them: by name, by alias, or because a rename is plain to see."""
    by_name = {entry.contract.name: entry for entry in new.entries}
    by_alias = {alias: entry for entry in new.entries for alias in entry.contract.aliases}
    old_names = {entry.contract.name for entry in old.entries}
    free = [entry for entry in new.entries if entry.contract.name not in old_names]
    pairs: list[tuple[LockEntry, LockEntry]] = []
    for entry in old.entries:
        name = entry.contract.name
        successor = by_name.get(name) or by_alias.get(name) or _successor(entry, free)
        if successor is not None:
            pairs.append((entry, successor))
            free = [other for other in free if other is not successor]
    return pairs


def _successor(gone: LockEntry, free: Sequence[LockEntry]) -> LockEntry | None:
    """The new task that a removed one became: the same function, or the same contract under a name like it."""
    for entry in free:
        if entry.contract.source == gone.contract.source:
            return entry
    for entry in free:
        same = fingerprint(replace(entry.contract, name=gone.contract.name)) == fingerprint(gone.contract)
        if same and (gone.contract.parameters or alike(gone.contract.name, entry.contract.name)):
            return entry
    return None


def _name_changes(before: LockEntry, after: LockEntry, served: set[str]) -> Iterator[Change]:
    """A new name of a task, and old names that it no longer answers to."""
    old, new = before.contract.name, after.contract.name
    if old != new:
        is_served = old in served
        how = f"{old} stays as an alias" if is_served else f"rows under {old} have no worker"
        yield Change(
            kind=catalogue.TASK_RENAMED,
            task=new,
            pointer="",
            message=f"the task was renamed: {old} -> {new}; {how}",
            effects=(
                Effect(Relation.OLD_PAYLOADS, Verdict.SAFE if is_served else Verdict.BREAKING),
                Effect(Relation.NEW_PAYLOADS, Verdict.CONDITIONAL if is_served else Verdict.BREAKING),
            ),
            old=old,
            new=new,
            help=() if is_served else (f'looks like {old} -> {new}; accept the old name with aliases=["{old}"]',),
        )
    for alias in before.contract.aliases:
        if alias not in served:
            yield Change(
                kind=catalogue.ALIAS_REMOVED,
                task=new,
                pointer="/aliases",
                message=f"the alias {alias} was removed; rows under that name have no worker",
                effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING),),
                old=alias,
                help=(catalogue.ALIAS_REMOVED.remedy,),
            )


def _removed(entry: LockEntry) -> Change:
    name = entry.contract.name
    return Change(
        kind=catalogue.TASK_REMOVED,
        task=name,
        pointer="",
        message=f"task {name} was removed; rows that wait for it have no worker",
        effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING),),
        old=entry.contract.source,
        help=(catalogue.TASK_REMOVED.remedy,),
    )


def _added(entry: LockEntry) -> Change:
    name = entry.contract.name
    return Change(
        kind=catalogue.TASK_ADDED,
        task=name,
        pointer="",
        message=f"task {name} is new; old workers leave it for a capable one",
        effects=(Effect(Relation.NEW_PAYLOADS, Verdict.CONDITIONAL),),
        new=entry.contract.source,
        help=(catalogue.TASK_ADDED.remedy,),
    )


def _reused(old: Lock, new: Lock) -> Iterator[Change]:
    """Names of removed tasks that another task uses. The same contract again is a task that came back.

    A name that is alive on the old side was used again in between if only the new side has its tombstone.
    """
    stones = {stone.name: stone for lock in (old, new) for stone in lock.tombstones}
    known = {stone.name for stone in old.tombstones} & {entry.contract.name for entry in old.entries}
    for entry in new.entries:
        stone = stones.get(entry.contract.name)
        if stone is not None and entry.contract.name not in known and not is_back(stone, entry):
            yield _reuse(entry.contract.name)
        yield from (_reuse(alias) for alias in entry.contract.aliases if _is_foreign_alias(alias, stones, old))


def _is_foreign_alias(alias: str, stones: dict[str, Tombstone], old: Lock) -> bool:
    """An alias may take over the rows of a task that was alive; a name buried before that belongs to nobody."""
    was_served = any(alias in _names(entry) for entry in old.entries)
    return alias in stones and not was_served


def _reuse(name: str) -> Change:
    return Change(
        kind=catalogue.NAME_REUSED,
        task=name,
        pointer="",
        message=f"the name {name} belonged to a removed task and is used for another one",
        effects=(
            Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING),
            Effect(Relation.NEW_PAYLOADS, Verdict.BREAKING),
        ),
        help=(catalogue.NAME_REUSED.remedy,),
    )
