"""What a committed lock and the live contracts disagree about, in words: for ``horsies check`` and a worker's start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from horsies_core.contract.compare.shown import shown
from horsies_core.contract.fingerprint import fingerprint, payload_fingerprint, type_fingerprint
from horsies_core.contract.lock import Lock
from horsies_core.contract.task import Parameter, TaskContract
from horsies_core.contract.types import TypeNode


def differences(lock: Lock, live: Iterable[TaskContract]) -> Iterator[str]:
    """One line for each disagreement, by task name: what the lock says, what the code says. Places and docs do not count."""
    locked = {entry.contract.name: entry.contract for entry in lock.entries}
    running = {contract.name: contract for contract in live}
    for name in sorted(locked.keys() | running.keys()):
        if name not in running:
            yield f"task {name!r} stands in the lock, but no module defines it"
        elif name not in locked:
            yield f"task {name!r} is defined at {running[name].source}, but does not stand in the lock"
        else:
            yield from (f"task {name!r}: {line}" for line in _of_task(locked[name], running[name]))


def _of_task(locked: TaskContract, live: TaskContract) -> Iterator[str]:
    if fingerprint(locked) != fingerprint(live):
        yield from _of_parameters(locked, live)
        yield from _of_result(locked, live)
        for name in _changed_definitions(locked, live):
            yield f"the type {name} is not the same in the lock and in the code"
    readers = [tuple((each.source, payload_fingerprint(each)) for each in side.upcasters) for side in (locked, live)]
    if readers[0] != readers[1]:
        was, is_now = (", ".join(source for source, _ in each) or "none" for each in readers)
        yield f"upcasters are {was} in the lock, {is_now} in the code, or their parameters differ"
    for option in ("queue", "timeout_ms", "retry", "mapped_codes", "aliases"):
        was, is_now = getattr(locked, option), getattr(live, option)
        if was != is_now:
            yield f"{option} is {was!r} in the lock, {is_now!r} in the code"


def _of_parameters(locked: TaskContract, live: TaskContract) -> Iterator[str]:
    was = {parameter.name: parameter for parameter in locked.parameters}
    now = {parameter.name: parameter for parameter in live.parameters}
    for name in sorted(was.keys() | now.keys()):
        if name not in now:
            yield f"parameter {name!r} ({shown(was[name].type)}) is in the lock, not in the code"
        elif name not in was:
            yield f"parameter {name!r} ({shown(now[name].type)}) is in the code, not in the lock"
        elif not _is_same_type(was[name].type, locked, now[name].type, live):
            yield f"parameter {name!r} is {shown(was[name].type)} in the lock, {shown(now[name].type)} in the code"
        elif (was[name].default is None) != (now[name].default is None):
            yield f"parameter {name!r} is {_need(was[name])} in the lock, {_need(now[name])} in the code"


def _of_result(locked: TaskContract, live: TaskContract) -> Iterator[str]:
    if not _is_same_type(locked.result, locked, live.result, live):
        yield f"the result is {shown(locked.result)} in the lock, {shown(live.result)} in the code"


def _is_same_type(one: TypeNode, locked: TaskContract, other: TypeNode, live: TaskContract) -> bool:
    """By digest: Python itself does not keep the order of a union that was written twice."""
    return type_fingerprint(one, locked) == type_fingerprint(other, live)


def _need(parameter: Parameter) -> str:
    return "required" if parameter.default is None else "optional"


def _changed_definitions(locked: TaskContract, live: TaskContract) -> Iterator[str]:
    was, now = locked.definition_table, live.definition_table
    return (name for name in sorted(was.keys() | now.keys()) if was.get(name) != now.get(name))
