"""Findings of the resolver as diagnostics, each at its exact expression with the way that led there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from horsies_codegen.diagnostic.model import Diagnostic, Level, Related
from horsies_codegen.parse.statement import Module
from horsies_codegen.resolve.annotation import Hole
from horsies_codegen.resolve.modules import Modules
from horsies_codegen.source.span import Place
from horsies_core.contract.refusals import REFUSALS

NAMES: Mapping[str, str] = {
    "HC001": "syntax-error",
    "HC110": "computed-task-name",
    "HC111": "task-without-call",
    "HC114": "nested-task",
    "HC115": "unknown-app",
    "HC116": "computed-option",
    "HC120": "send-at-import",
    "HC121": "unknown-task-module",
    "HC122": "invalid-discovery",
    "HC126": "task-not-a-function",
    "HC127": "task-by-call",
    "HC301": "malformed-error-code",
    "HC302": "reserved-error-code",
    "HC306": "invalid-retry-policy",
    "HC307": "invalid-exception-mapper",
    "HC404": "invalid-queue-name",
    "HC406": "queues-in-default-mode",
    "HC407": "no-queues",
    "HC408": "repeated-queue",
    "HC409": "invalid-queue",
    **{code: refusal.name for code, refusal in REFUSALS.items()},
}
"""The names of the codes that resolving itself reports; holes have those of `REFUSALS`."""

_MAX_USES = 3


class Use(NamedTuple):
    """A part of a task (``parameter 'order'``) that a hole is reached from, where it is written, and the task's name."""

    part: str
    place: Place
    task: str


class ReachedHole(NamedTuple):
    """A hole at its place, the way that led there, and the parts of tasks that reach it."""

    place: Place
    code: str
    reason: str
    way: tuple[Related, ...]
    uses: tuple[Use, ...]
    is_own: bool = True
    """False in an installed package, where nobody can mend it: the finding stands where the project uses it."""


class Collected(NamedTuple):
    """What was found wrong while one file was resolved. Holes are not yet diagnostics: other files may reach them too."""

    diagnostics: tuple[Diagnostic, ...] = ()
    holes: tuple[ReachedHole, ...] = ()


def merged(collected: Iterable[Collected]) -> Iterator[Diagnostic]:
    """Every diagnostic of several files, in no order. A hole that several tasks reach is one finding that names them."""
    holes: dict[tuple[Place, str, str], ReachedHole] = {}
    for part in collected:
        yield from part.diagnostics
        for hole in part.holes:
            key = (hole.place, hole.code, hole.reason)
            known = holes.get(key)
            holes[key] = hole if known is None else known._replace(uses=(*known.uses, *hole.uses))
    yield from map(_diagnosed, holes.values())


class Findings:
    """Collects what is found wrong in one file and in what its tasks reach."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._diagnostics: list[Diagnostic] = []
        self._holes: dict[tuple[Place, str, str], tuple[Hole, list[Use]]] = {}

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        *helps: str,
        related: Sequence[Related] = (),
        label: str | None = None,
        task: str | None = None,
        level: Level = Level.ERROR,
    ) -> None:
        """Adds a finding."""
        self._diagnostics.append(
            Diagnostic(
                code=code,
                name=NAMES[code],
                level=level,
                message=message,
                place=place,
                label=label,
                related=tuple(related),
                help=helps,
                task=task,
            )
        )

    def syntax(self, module: Module) -> None:
        """Adds what is wrong with a text that is no Python."""
        problem = module.problem
        if problem is None:
            return
        related: tuple[Related, ...] = ()
        if problem.related is not None:
            at = self._modules.place(module, problem.related, problem.related + 1)
            related = (Related(at, problem.related_message),)
        place = self._modules.place(module, problem.start, problem.end)
        self.add("HC001", problem.message, place, "no task of this file can be read until it parses", related=related)

    def hole(self, hole: Hole, what: str, used_at: Place, task: str) -> None:
        """Adds a hole that a part of a task (``parameter 'order'``) reaches."""
        place = self._modules.place(hole.scope.module, hole.start, hole.end)
        key = (place, hole.code, hole.reason)
        self._holes.setdefault(key, (hole, []))[1].append(Use(what, used_at, task))

    def collected(self) -> Collected:
        """Everything so far."""
        holes = (
            ReachedHole(
                place, code, reason, tuple(self._way(hole)), tuple(uses), self._modules.is_own(hole.scope.module)
            )
            for (place, code, reason), (hole, uses) in self._holes.items()
        )
        return Collected(tuple(self._diagnostics), tuple(holes))

    def _way(self, hole: Hole) -> Iterator[Related]:
        for hop in hole.hops:
            if hop.module.path:
                yield Related(self._modules.place(hop.module, hop.start, hop.end), hop.message)


def _diagnosed(hole: ReachedHole) -> Diagnostic:
    first = hole.uses[0]
    place = hole.place if hole.is_own else first.place
    needed = (
        Related(use.place, f"{use.part} of task {use.task!r} needs it")
        for use in hole.uses[:_MAX_USES]
        if use.place != place
    )
    reason = () if hole.is_own else (Related(hole.place, hole.reason),)
    others = len({use.task for use in hole.uses}) - 1
    also = f" (and {others} more)" if others else ""
    return Diagnostic(
        code=hole.code,
        name=NAMES[hole.code],
        level=Level.ERROR,
        message=f"{first.part} of task {first.task!r}{also}: {hole.reason}",
        place=place,
        label=hole.reason if hole.is_own else "an installed package stands behind it",
        related=tuple(dict.fromkeys((*reason, *hole.way, *needed))),
        help=tuple(REFUSALS[hole.code].help.split("; else ")),
        task=first.task,
    )
