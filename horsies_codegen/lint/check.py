"""Laws and rules over one resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint.registry import RULES
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.rules.duplicate_task_name import Claim, duplicate
from horsies_codegen.resolve.model import Resolution, ResolvedApp, ResolvedTask
from horsies_core.contract.laws import Violation, code_problem, violations
from horsies_core.contract.refusals import REFUSALS

DUPLICATES = "HC108"

LAW_RULES = tuple(rule for rule in RULES if rule.kind is Kind.LAW or (rule.across and not rule.may_be_suppressed))
"""The rules that a build heeds even where they are silenced."""

Gathered: TypeAlias = Mapping[str, tuple[Any, ...]]
"""What `Across.gather` found, by the rule's code."""


def check(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every finding: what resolving reported, every broken law at its place, and what the rules say."""
    yield from resolution.diagnostics
    yield from task_laws(resolution)
    yield from task_rules(resolution)
    yield from across([gathered(resolution)], resolution.apps)


def task_laws(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every law that a task or an app breaks for itself. A hole in a type is left out: resolving reported it in its place."""
    for task in resolution.tasks:
        for violation in violations(task.draft):
            if violation.code not in REFUSALS:
                yield _placed(violation, task)
        yield from _built_codes(task)
    yield from _broken_settings(resolution)


def law_findings(resolution: Resolution) -> Iterator[Diagnostic]:
    """Every broken law, of tasks for themselves and of tasks beside each other."""
    yield from task_laws(resolution)
    yield from across([gathered(resolution)], resolution.apps, LAW_RULES)


def task_rules(resolution: Resolution) -> Iterator[Diagnostic]:
    """What the rules say that look at one task at a time."""
    for rule in RULES:
        if rule.check is not None:
            yield from rule.check(resolution)


def gathered(resolution: Resolution) -> Gathered:
    """What the rules that compare tasks of different files want to know of these tasks, by code."""
    found = {rule.code: tuple(rule.across.gather(resolution)) for rule in RULES if rule.across is not None}
    return {code: facts for code, facts in found.items() if facts}


def across(
    files: Sequence[Gathered], apps: Mapping[str, ResolvedApp], rules: Sequence[Rule] = RULES
) -> Iterator[Diagnostic]:
    """What those rules say of all files, which are given in order of path."""
    for rule in rules:
        if rule.across is not None:
            yield from rule.across.judge([fact for facts in files for fact in facts.get(rule.code, ())], apps)


def claims_of(files: Iterable[Gathered]) -> tuple[Claim, ...]:
    """Every name that the tasks of some files claim."""
    return tuple(claim for facts in files for claim in facts.get(DUPLICATES, ()))


def duplicates_across(projects: Sequence[Sequence[Claim]]) -> Iterator[Diagnostic]:
    """HC108 for names that tasks of different projects share. A task that several projects read is one task."""
    owners: dict[str, tuple[int, Claim]] = {}
    for project, claims in enumerate(projects):
        for claim in claims:
            home, first = owners.setdefault(claim.name, (project, claim))
            if home != project and first.place != claim.place:
                yield duplicate(first, claim)


def _placed(violation: Violation, task: ResolvedTask) -> Diagnostic:
    return Diagnostic(
        code=violation.code,
        name=violation.name,
        level=Level.ERROR,
        message=violation.message,
        place=task.origins.place(violation.locus),
        help=(violation.help,),
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


def _name_of(task: ResolvedTask) -> str | None:
    return task.draft.name if isinstance(task.draft.name, str) else None
