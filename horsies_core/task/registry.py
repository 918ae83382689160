"""`Registry`: the tasks of one app, by name and by alias."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from horsies_core.task.refuse import refuse_duplicate

if TYPE_CHECKING:
    from horsies_core.task.definition import RegisteredTask, TaskFunction


class Registry:
    """Finds tasks by name. Iterating gives each task once, by name; safe to use from several threads."""

    def __init__(self) -> None:
        self._by_name: dict[str, RegisteredTask] = {}
        self._lock = threading.Lock()

    def add(self, task: RegisteredTask) -> None:
        """Take a task in. Raises `DuplicateTaskError` if another function has its name or one of its aliases."""
        with self._lock:
            claimed = [self._by_name[name] for name in (task.name, *task.aliases) if name in self._by_name]
            for other in claimed:
                if not is_same_definition(other, task):
                    name = other.name if other.name in (task.name, *task.aliases) else task.name
                    raise refuse_duplicate(name, other.function, task.function)
            for other in claimed:
                self._drop(other)
            self._by_name.update(dict.fromkeys((task.name, *task.aliases), task))

    def get(self, name: str) -> RegisteredTask | None:
        """The task of that name or alias, or None."""
        return self._by_name.get(name)

    def names(self) -> tuple[str, ...]:
        """Every name that a task is served under, aliases too, sorted."""
        return tuple(sorted(self._by_name))

    def read_all(self) -> None:
        """Read every contract that waited for names to be defined. Raises `TaskDefinitionError` for one that never was."""
        for task in self:
            _ = task.contract

    def __iter__(self) -> Iterator[RegisteredTask]:
        return iter([task for name, task in sorted(self._by_name.items()) if name == task.name])

    def __len__(self) -> int:
        return sum(name == task.name for name, task in self._by_name.items())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def _drop(self, task: RegisteredTask) -> None:
        self._by_name = {name: found for name, found in self._by_name.items() if found is not task}


def is_same_definition(old: RegisteredTask, new: RegisteredTask) -> bool:
    """Whether the two are one ``def``, met twice: its file was imported under two names (``__main__`` is one), or reloaded.

    Within one run of a module's code the same name twice is a duplicate, whatever the function is called. A reload is
    told apart by the module's spec, which is a new one each time.
    """
    if old.function is new.function:
        return True
    ours, theirs = old.function, new.function
    if ours.__qualname__ != theirs.__qualname__ or not _is_same_file(ours, theirs):
        return False
    if _is_interactive(theirs):
        return True
    return ours.__globals__ is not theirs.__globals__ or old.spec is not new.spec


def _is_same_file(one: TaskFunction, other: TaskFunction) -> bool:
    mine, yours = one.__code__.co_filename, other.__code__.co_filename
    if mine == yours or (_is_interactive(one) and _is_interactive(other)):
        return True
    return Path(mine).exists() and Path(yours).exists() and Path(mine).samefile(yours)


def _is_interactive(function: TaskFunction) -> bool:
    """Whether it was typed at a prompt or in a notebook, where defining it again means to replace it."""
    return function.__module__ == "__main__" and "__file__" not in function.__globals__
