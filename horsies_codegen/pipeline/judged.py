"""One file with tasks → what the linter says of it: the unit that is worked on in other processes and kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from horsies_codegen.diagnostic import Diagnostic
from horsies_codegen.lint import Gathered, gathered, task_laws, task_rules
from horsies_codegen.resolve import FileResolution, ResolvedApp, joined
from horsies_codegen.resolve.findings import Collected
from horsies_codegen.resolve.modules import Notes


class Judged(NamedTuple):
    """What remains of a file once its tasks are judged. Small, and no part of it is the file's text."""

    tasks: int
    collected: Collected
    laws: tuple[Diagnostic, ...]
    rules: tuple[Diagnostic, ...]
    gathered: Gathered
    apps: Mapping[str, ResolvedApp]
    looked_into: tuple[str, ...]
    notes: Notes


def judged(resolved: FileResolution) -> Judged:
    """The verdict on the tasks of one file."""
    resolution = joined([resolved])
    return Judged(
        tasks=len(resolved.tasks),
        collected=resolved.collected,
        laws=tuple(task_laws(resolution)),
        rules=tuple(task_rules(resolution)),
        gathered=gathered(resolution),
        apps=resolved.apps,
        looked_into=resolved.looked_into,
        notes=resolved.notes,
    )
