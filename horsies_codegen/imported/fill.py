"""Live contracts in the place of what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from horsies_codegen.imported.ask import Answer
from horsies_codegen.resolve import FileResolution, ResolvedTask
from horsies_codegen.resolve.findings import Collected, ReachedHole
from horsies_core.contract.draft import TaskDraft
from horsies_core.contract.task import TaskContract

Ask: TypeAlias = Callable[[Sequence[str]], Answer]
"""Tells the live contracts of modules."""

ASKED = frozenset({"HC003", "HC004", "HC005", "HC006", "HC007", "HC009", "HC203"})
"""The refusals that a live module may know better about. The others are true of any module."""


def needs_asking(holes: Iterable[ReachedHole]) -> bool:
    """Whether a live module may know better about some of these."""
    return any(hole.code in ASKED for hole in holes)


def filled(files: Sequence[FileResolution], ask: Ask) -> list[FileResolution]:
    """The files with what ``ask`` tells of the modules whose tasks could not be read. Nothing is asked if all could."""
    modules = sorted({task.module for file in files for task in _unread(file)})
    if not modules:
        return list(files)
    answer = ask(modules)
    return [_filled(file, answer) for file in files]


def _unread(file: FileResolution) -> Iterator[ResolvedTask]:
    """The tasks of a file that some refusal keeps from having a contract."""
    names = {use.task for hole in file.collected.holes if hole.code in ASKED for use in hole.uses}
    return (task for task in file.tasks if task.draft.name in names)


def _filled(file: FileResolution, answer: Answer) -> FileResolution:
    read: dict[str, ResolvedTask] = {}
    refused: dict[str, str] = {}
    for task in _unread(file):
        contract = answer.contracts.get(task.draft.source)
        draft = None if contract is None else _with_types(task.draft, contract)
        if draft is None:
            refused[str(task.draft.name)] = answer.reason(task.draft.source)
        else:
            read[str(task.draft.name)] = replace(task, draft=draft, provenance="imported")
    tasks = tuple(read.get(str(task.draft.name), task) for task in file.tasks)
    holes = tuple(_remaining(file.collected.holes, read.keys(), refused))
    return replace(file, tasks=tasks, collected=Collected(file.collected.diagnostics, holes))


def _with_types(draft: TaskDraft, contract: TaskContract) -> TaskDraft | None:
    """The draft with the types of the live contract; None if the two do not have the same parameters."""
    live = {parameter.name: parameter for parameter in contract.parameters}
    if [parameter.name for parameter in draft.parameters] != list(live):
        return None
    parameters = tuple(replace(item, type=live[item.name].type) for item in draft.parameters)
    returns = replace(draft.returns, result=contract.result)
    return replace(draft, parameters=parameters, returns=returns, definitions=dict(contract.definition_table))


def _remaining(holes: Iterable[ReachedHole], read: Iterable[str], refused: dict[str, str]) -> Iterator[ReachedHole]:
    """The holes that tasks still reach, with the word of the live module on it."""
    known = frozenset(read)
    for hole in holes:
        uses = tuple(use for use in hole.uses if use.task not in known)
        if not uses:
            continue
        asked = refused.get(uses[0].task)
        reason = hole.reason if asked is None else f"{hole.reason}; when imported: {asked}"
        yield hole._replace(uses=uses, reason=reason)
