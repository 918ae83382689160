"""Laws and rules over one resolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Level, Related, Safety
from horsies_codegen.lint.registry import RULES
from horsies_codegen.resolve.model import Resolution, ResolvedTask
from horsies_codegen.source import Place, Span
from horsies_core.contract.draft import ParameterKind
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, NAME, Locus, Violation, code_problem, violations
from horsies_core.contract.refusals import REFUSALS

POSITIONAL = "HC101"


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every finding: what resolving reported, every broken law at its place, and what the rules say."""
    yield from resolution.diagnostics
    yield from law_findings(resolution)
    for rule in RULES:
        if rule.check is not None:
            yield from rule.check(resolution)


def law_findings(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every broken law. A hole in a type is left out: resolving reported it at its exact expression."""
    for task in resolution.tasks:
        for violation in violations(task.draft):
            if violation.code not in REFUSALS:
                yield _placed(violation, task)
        yield from _built_codes(task)
    yield from _broken_settings(resolution)
    yield from _duplicates(resolution)


def duplicates_across(resolutions: Sequence[Resolution]) -> Iterator[Diagnostic]:
    """HC108 for names that tasks of different projects share. A task that several projects read is one task."""
    owners: dict[str, tuple[int, ResolvedTask]] = {}
    for project, resolution in enumerate(resolutions):
        for task in resolution.tasks:
            for name in dict.fromkeys(_claimed(task)):
                home, first = owners.setdefault(name, (project, task))
                if home != project and first.origins.place(NAME) != task.origins.place(NAME):
                    yield _duplicate(name, first, task)


def _placed(violation: Violation, task: ResolvedTask) -> Diagnostic:
    return Diagnostic(
        code=violation.code,
        name=violation.name,
        level=Level.ERROR,
        message=violation.message,
        place=task.origins.place(violation.locus),
        help=(violation.help,),
        fix=_star_before_parameters(task) if violation.code == POSITIONAL else None,
        task=_name_of(task),
    )


def _built_codes(task: ResolvedTask) -> Iterator[Diagnostic]:
    """The laws of error codes, for those that the function builds with ``TaskError(error_code=...)``."""
    for use in task.error_codes:
        problem = code_problem(use.code)
        if problem is not None:
            (code, name), message, remedy = problem
            yield Diagnostic(
                code=code,
                name=name,
                level=Level.ERROR,
                message=message,
                place=use.place,
                help=(remedy,),
                task=_name_of(task),
            )


def _broken_settings(resolution: Resolution) -> Iterator[Diagnostic]:
    for app in resolution.apps.values():
        for broken in app.broken_settings:
            violation = broken.violation
            yield Diagnostic(
                code=violation.code,
                name=violation.name,
                level=Level.ERROR,
                message=violation.message,
                place=broken.place,
                help=("the app cannot be made with it",),
            )


def _star_before_parameters(task: ResolvedTask) -> Fix | None:
    """A bare ``*`` before the first parameter, where the signature has no star and no slash yet.

    Unsafe: a direct call that passes by position, anywhere, breaks.
    """
    parameters = task.draft.parameters
    if any(parameter.kind is not ParameterKind.POSITIONAL_OR_KEYWORD for parameter in parameters):
        return None
    first = task.origins.place(Locus("parameter", parameters[0].name))
    start = Place(first.path, Span(first.span.start, first.span.start))
    return Fix("Put a bare * before the parameters", Safety.UNSAFE, (Edit(start, "*, "),))


def _duplicates(resolution: Resolution) -> Iterator[Diagnostic]:
    """HC108 at every definition but the first, which is shown beside it. An alias claims its name as well."""
    owners: dict[str, ResolvedTask] = {}
    for task in resolution.tasks:
        for name in dict.fromkeys(_claimed(task)):
            first = owners.setdefault(name, task)
            if first is not task:
                yield _duplicate(name, first, task)


def _duplicate(name: str, first: ResolvedTask, second: ResolvedTask) -> Diagnostic:
    code, rule_name = DUPLICATE_TASK_NAME
    finding = Diagnostic(
        code=code,
        name=rule_name,
        level=Level.ERROR,
        message=f"the task name {name!r} is already taken by {first.draft.source}",
        place=second.origins.place(NAME),
        related=(Related(first.origins.place(NAME), "first taken here"),),
        help=("give one of them another name: a worker finds a task by its name alone",),
        task=name,
    )
    is_same_place = first.origins.place(NAME) == second.origins.place(NAME)
    return replace(finding, related=()) if is_same_place else finding


def _claimed(task: ResolvedTask) -> Iterator[str]:
    if isinstance(task.draft.name, str):
        yield task.draft.name
    aliases = task.draft.options.aliases
    if isinstance(aliases, tuple):
        yield from (alias for alias in cast("tuple[object, ...]", aliases) if isinstance(alias, str))


def _name_of(task: ResolvedTask) -> str | None:
    return task.draft.name if isinstance(task.draft.name, str) else None
