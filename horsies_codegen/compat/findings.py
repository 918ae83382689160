"""Changes → diagnostics, each at its place in the source of today."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.diagnostic.model import JsonValue
from horsies_codegen.source import Place
from horsies_core.contract.compare import Change, Mode, Relation, Standing, Verdict
from horsies_core.contract.laws import RETURN, Locus
from horsies_core.contract.types import canonical_json

if TYPE_CHECKING:  # comparing two locks need not load the compiler
    from horsies_codegen.resolve.model import ResolvedTask

_LEVELS = {Standing.BREAKS: Level.ERROR, Standing.BEHAVES_OTHERWISE: Level.WARNING, Standing.PASSES: Level.NOTE}

_SUBJECTS = {
    Relation.OLD_PAYLOADS: "payloads queued before, at new workers",
    Relation.NEW_PAYLOADS: "payloads of new producers, at old workers",
    Relation.OLD_RESULTS: "stored results, at new consumers",
    Relation.NEW_RESULTS: "new results, at old consumers",
}
_WORDS = {
    Verdict.SAFE: "safe",
    Verdict.BEHAVIOUR: "taken, but something behaves otherwise",
    Verdict.CONDITIONAL: "some are refused",
    Verdict.BREAKING: "refused",
}

FINGERPRINT_LENGTH = 16
_NAMED = 3
"""How many baselines are named."""


def change_fingerprint(change: Change) -> str:
    """16 hexadecimal digits that stay as long as the change is the same: its kind, its place, both sides."""
    parts = [change.kind.code, change.task, change.pointer, change.old, change.new, change.message]
    return hashlib.sha256(canonical_json(parts).encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_LENGTH]


@dataclass(frozen=True, slots=True)
class Judged:
    """A change with what the mode makes of it, the baselines that it was found against, and live rows in words."""

    change: Change
    standing: Standing
    baselines: tuple[str, ...]
    rows: tuple[str, ...] = ()


def finding_of(
    judged: Judged, mode: Mode, tasks: Mapping[str, ResolvedTask], *, acknowledged: str | None = None
) -> Diagnostic:
    """One change as a finding. ``acknowledged`` says who intends it and why; it then is a note."""
    change = judged.change
    level = _LEVELS[judged.standing] if acknowledged is None else Level.NOTE
    task = tasks.get(change.task)
    return Diagnostic(
        code=change.kind.code,
        name=change.kind.name,
        level=level,
        message=_message(change),
        place=None if task is None else _place(change, task),
        help=() if level is Level.NOTE else change.help,
        notes=tuple(_notes(judged, mode, level, acknowledged)),
        task=change.task,
        pointer=change.pointer,
        witness=_witness(change, mode),
    )


def _message(change: Change) -> str:
    return change.message if change.task in change.message else f"{change.task}: {change.message}"


def _place(change: Change, task: ResolvedTask) -> Place:
    tokens = change.pointer.split("/")[1:]
    match tokens:
        case ["parameters", name, *_]:
            return task.origins.place(Locus("parameter", name))
        case ["result", *_]:
            return task.origins.place(RETURN)
        case ["queue"]:
            return task.origins.place(Locus("option", "queue_name"))
        case ["timeout_ms"]:
            return task.origins.place(Locus("option", "timeout_ms"))
        case ["retry"]:
            return task.origins.place(Locus("option", "retry_policy"))
        case ["aliases"]:
            return task.origins.place(Locus("option", "aliases"))
        case _:
            return task.origins.place(Locus("name"))


def names_in_words(names: Sequence[str]) -> str:
    """Names on one line: all of a few, the first of many."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


def _notes(judged: Judged, mode: Mode, level: Level, acknowledged: str | None) -> Iterator[str]:
    change = judged.change
    yield from judged.rows
    for effect in sorted(change.effects, key=lambda effect: effect.relation not in mode.relations):
        if effect.verdict is not Verdict.SAFE:
            proof = "; neither a proof nor a counterexample was found" if effect.unproven else ""
            yield f"{_SUBJECTS[effect.relation]}: {_WORDS[effect.verdict]}{proof}"
    if change.closed_by is not None:
        yield f"{_SUBJECTS[Relation.OLD_PAYLOADS]}: made today's by upcaster {change.closed_by}"
    yield f"compared with {names_in_words(judged.baselines)}"
    if acknowledged is not None:
        yield f"acknowledged by {acknowledged}"
    elif level is Level.ERROR:
        yield f"to acknowledge it, name {change_fingerprint(change)} in the acknowledgements file"


def _witness(change: Change, mode: Mode) -> JsonValue:
    """The payload that shows it, one that the mode asks about first."""
    asked = sorted(change.effects, key=lambda effect: (effect.relation not in mode.relations, -effect.verdict))
    return next((effect.witness[0] for effect in asked if effect.witness), None)
