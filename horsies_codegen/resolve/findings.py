"""Findings of the resolver as diagnostics, each at its exact expression with the way that led there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    "HC123": "repeated-discovery",
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


class Findings:
    """Collects diagnostics. A hole that several tasks reach is one finding that names them."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._diagnostics: list[Diagnostic] = []
        self._holes: dict[tuple[Place, str, str], tuple[Hole, list[tuple[str, Place, str]]]] = {}

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
        self._holes.setdefault(key, (hole, []))[1].append((what, used_at, task))

    def all(self) -> tuple[Diagnostic, ...]:
        """Every diagnostic, in no order."""
        holes = (self._diagnosed(place, hole, uses) for (place, _, _), (hole, uses) in self._holes.items())
        return (*self._diagnostics, *holes)

    def _diagnosed(self, place: Place, hole: Hole, uses: Sequence[tuple[str, Place, str]]) -> Diagnostic:
        related = [
            Related(self._modules.place(hop.module, hop.start, hop.end), hop.message)
            for hop in hole.hops
            if hop.module.path
        ]
        for what, used_at, task in uses[:_MAX_USES]:
            if used_at != place:
                related.append(Related(used_at, f"{what} of task {task!r} needs it"))
        what, _, task = uses[0]
        others = len({name for _, _, name in uses}) - 1
        also = f" (and {others} more)" if others else ""
        return Diagnostic(
            code=hole.code,
            name=NAMES[hole.code],
            level=Level.ERROR,
            message=f"{what} of task {task!r}{also}: {hole.reason}",
            place=place,
            label=hole.reason,
            related=tuple(dict.fromkeys(related)),
            help=tuple(REFUSALS[hole.code].help.split("; else ")),
            task=task,
        )
