"""A whole tree → every finding, fast: files are sifted by their bytes, judged in several processes, and joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level, Report, in_order
from horsies_codegen.lint import LAW_RULES, Claim, Selection, across, claims_of, heeded
from horsies_codegen.pipeline.analysis import hard_findings, tree_problems, with_hard
from horsies_codegen.pipeline.effort import Effort
from horsies_codegen.pipeline.judged import Judged
from horsies_codegen.pipeline.sift import Sifted, sift, sift_callers
from horsies_codegen.pipeline.work import work_all
from horsies_codegen.pipeline.worked import Worked
from horsies_codegen.resolve import joined_apps
from horsies_codegen.resolve.findings import merged
from horsies_codegen.source import Entry, SourceFile, SourceTree, speaks


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a tree, and how much was looked at."""

    findings: tuple[Diagnostic, ...]
    hard: tuple[Diagnostic, ...] = field(repr=False)
    """Those that no comment and no setting keeps from stopping a build."""
    files: int
    tasks: int
    modules: int
    """How many files define tasks."""
    claims: tuple[Claim, ...] = field(repr=False)
    """Every name that a task has or keeps."""
    is_complete: bool = True
    """False when something that was asked for could not be read: then nothing follows from what was not found."""

    @property
    def has_errors(self) -> bool:
        """Whether the gate of a build stays shut."""
        return not self.is_complete or any(finding.level is Level.ERROR for finding in self.findings)

    def gated(self) -> Inspection:
        """The same as a build sees it: what was silenced or played down, and must not be, is an error again."""
        return replace(self, findings=with_hard(self.findings, self.hard))

    def report(self, more: Sequence[Diagnostic] = (), *, is_complete: bool = True) -> Report:
        """The report of these findings and some more."""
        return Report.of(
            (*self.findings, *more),
            files=self.files,
            tasks=self.tasks,
            complete=self.is_complete and is_complete,
        )


def inspect(
    tree: SourceTree,
    config: Config,
    selection: Selection,
    effort: Effort | None = None,
    found: Iterable[tuple[Entry, SourceFile]] | None = None,
) -> Inspection:
    """Everything that is wrong with the tasks of a tree, as the linter reports it.

    ``found`` are the files that `horsies_codegen.source.speaks` lets through, if somebody has them already.
    """
    effort = effort or Effort()
    sifted = sift(tree, tree.sifted(speaks, effort.processes) if found is None else found)
    parts = work_all(tree, config, sifted.candidates, effort, is_building=False)
    callers = sift_callers(tree, sifted, functions_of(parts), effort.processes)
    if callers:
        parts += work_all(tree, config, callers, effort.after(len(parts)), is_building=False)
    return inspection_of(tree, selection, sifted, [part.judged for part in parts])


def functions_of(parts: Iterable[Worked]) -> frozenset[str]:
    """The names of the functions that are tasks of some files."""
    claims = claims_of(part.judged.gathered for part in parts)
    return frozenset(claim.source.rpartition(":")[2] for claim in claims)


def inspection_of(tree: SourceTree, selection: Selection, sifted: Sifted, parts: Sequence[Judged]) -> Inspection:
    """What files come to together."""
    apps = joined_apps(part.apps for part in parts)
    gathered = [part.gathered for part in parts]
    resolved = tuple(merged(part.collected for part in parts))
    laws = tuple(law for part in parts for law in part.laws)
    rules = (finding for part in parts for finding in part.rules)
    found = (*resolved, *laws, *rules, *across(gathered, apps))
    problems = tuple(tree_problems(tree))
    return Inspection(
        findings=in_order((*problems, *selection.apply(heeded(found, sifted.comments).findings))),
        hard=(*hard_findings(resolved), *laws, *across(gathered, apps, LAW_RULES)),
        files=len({path for part in parts for path in part.looked_into}),
        tasks=sum(part.tasks for part in parts),
        modules=sum(part.tasks > 0 for part in parts),
        claims=claims_of(gathered),
        is_complete=not problems,
    )
