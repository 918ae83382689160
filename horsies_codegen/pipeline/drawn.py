"""One file with tasks → its portion of the build; and back to the contracts that it holds."""

from __future__ import annotations

from collections.abc import Iterable

from horsies_codegen.emit import Portion, portion_of
from horsies_codegen.lint import seen_codes
from horsies_codegen.resolve import FileResolution, ResolvedTask, joined
from horsies_codegen.resolve.model import Resolution
from horsies_core.contract.draft import contract_from
from horsies_core.contract.lock import LockEntry, lock_text, read_lock


def portion_of_file(resolved: FileResolution) -> Portion | None:
    """The portion of the tasks of a file; None if there are none, or one has no contract. The gate is shut then."""
    resolution = joined([resolved])
    try:
        entries = [entry_of(task, resolution) for task in resolution.tasks]
        return portion_of(resolution.tasks[0].module, entries) if entries else None
    except ValueError:
        return None


def entry_of(task: ResolvedTask, resolution: Resolution) -> LockEntry:
    """The lock entry of a task. Raises ValueError if the task breaks a law."""
    codes, is_open = seen_codes(task, resolution)
    return LockEntry(
        contract=contract_from(task.draft),
        error_codes=codes,
        codes_open=is_open,
        doc=task.doc,
        provenance=task.provenance,
    )


def entries_of(portions: Iterable[Portion]) -> tuple[LockEntry, ...]:
    """The entries that portions hold: they are the blocks of a lock, and are read as one."""
    tasks: dict[str, str] = {}
    types: dict[str, str] = {}
    for portion in portions:
        tasks.update(zip(portion.names, portion.blocks, strict=True))
        types.update(portion.types)
    return read_lock(lock_text(tasks, types)).entries
