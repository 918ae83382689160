"""The whole build in one process, with every task at hand: what compares, shows and documents contracts asks for.

The gate is all or nothing: if anything reported is an error, there are no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level, Report, in_order
from horsies_codegen.lint import (
    ABOUT_SENDS,
    Claim,
    Kind,
    Selection,
    check,
    claims_of,
    find_rule,
    gathered,
    law_findings,
    suppressed,
)
from horsies_codegen.pipeline.drawn import entry_of
from horsies_codegen.pipeline.installed import installed
from horsies_codegen.resolve import resolve
from horsies_codegen.resolve.model import Resolution, ResolveOptions
from horsies_codegen.source import Place, Problem, ProblemKind, SourceTree
from horsies_core.contract.lock import LockEntry


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a tree: the resolution, and all that is reported on it."""

    resolution: Resolution
    findings: tuple[Diagnostic, ...]
    is_complete: bool = True
    """False when something that was asked for could not be read: then nothing follows from what was not found."""

    @property
    def files(self) -> int:
        """How many files were parsed."""
        return self.resolution.files

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return len(self.resolution.tasks)

    @property
    def modules(self) -> int:
        """How many files define tasks."""
        return len({task.path for task in self.resolution.tasks})

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every name that a task has or keeps."""
        return claims_of([gathered(self.resolution)])

    @property
    def has_errors(self) -> bool:
        """Whether the gate stays shut."""
        return not self.is_complete or any(finding.level is Level.ERROR for finding in self.findings)

    def report(self, more: Sequence[Diagnostic] = (), *, is_complete: bool = True) -> Report:
        """The report of these findings and some more."""
        return Report.of(
            (*self.findings, *more),
            files=self.files,
            tasks=self.tasks,
            complete=self.is_complete and is_complete,
        )


def analyse(tree: SourceTree, config: Config, selection: Selection) -> Analysis:
    """Everything that is wrong with the tasks of a tree, as the linter reports it, with the tasks themselves."""
    options = ResolveOptions(types=config.types, python=config.python)
    resolution = resolve(tree, options, outside=installed(config))
    judged = suppressed(check(resolution), tree.files())
    problems = tuple(tree_problems(tree))
    findings = in_order((*problems, *selection.apply(judged.findings)))
    return Analysis(resolution, findings, is_complete=not problems)


def gated(analysis: Analysis) -> Analysis:
    """The analysis as those see it who want its contracts: broken laws and refusals that were silenced or played down are
    errors again, and what is wrong with sends stands in nobody's way.
    """
    hard = (*hard_findings(analysis.resolution.diagnostics), *law_findings(analysis.resolution))
    findings = [finding for finding in analysis.findings if finding.code not in ABOUT_SENDS]
    return Analysis(analysis.resolution, with_hard(findings, hard), analysis.is_complete)


def hard_findings(resolved: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Those findings of the resolver that stop a build whatever a comment or a setting says."""
    return (finding for finding in resolved if not is_soft(finding))


def with_hard(findings: Sequence[Diagnostic], hard: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings with the hard ones in place of what a comment or a setting made of them."""
    told = {(finding.code, finding.place, finding.message) for finding in hard}
    soft = (finding for finding in findings if (finding.code, finding.place, finding.message) not in told)
    return in_order((*soft, *hard))


def is_soft(finding: Diagnostic) -> bool:
    """Whether a finding of the resolver's is a rule's: it may be silenced, and a build goes on then."""
    rule = find_rule(finding.code)
    return rule is not None and rule.kind is Kind.RULE


def lock_entries(resolution: Resolution) -> tuple[LockEntry, ...]:
    """The contracts of tasks that break no law, sorted by name. Raises ValueError for others."""
    entries = (entry_of(task, resolution) for task in resolution.tasks)
    return tuple(sorted(entries, key=lambda entry: entry.contract.name))


def tree_problems(tree: SourceTree) -> Iterator[Diagnostic]:
    """The paths that could not be read, and a tree without files."""
    for problem in tree.problems:
        yield _path_finding(f"{problem.path} {problem.reason}", problem)
    if not tree.entries and not tree.problems:
        yield _path_finding("there is no Python file to read", None)


def _path_finding(message: str, problem: Problem | None) -> Diagnostic:
    is_missing = problem is None or problem.kind is ProblemKind.MISSING
    place = None if problem is None or problem.span is None else Place(problem.path, problem.span)
    return Diagnostic(
        code="HC908",
        name="path-problem",
        level=Level.ERROR,
        message=message,
        place=place,
        help=("name the folder that holds the tasks: horsies-codegen build src/",) if is_missing else (),
    )
