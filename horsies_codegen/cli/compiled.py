"""Every project of a run, compiled: what the commands that need contracts begin with.

The gate is one for all projects: if one has an error, or two have a task of one name, no command goes on with any.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from horsies_codegen.cli.options import selection_of
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level, Report, Sources
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.emit import Portion
from horsies_codegen.imported import Answer, Ask, Limits, ask
from horsies_codegen.lint import duplicates_across, mended
from horsies_codegen.pipeline import Building, Effort, Inspection
from horsies_codegen.source import SourceTree, discover


@dataclass(frozen=True, slots=True)
class Compiled:
    """One project: its settings, its sources, what was found in them, and what they bring to a build."""

    config: Config
    tree: SourceTree
    analysis: Inspection
    portions: tuple[Portion, ...] = field(default=(), repr=False)

    @property
    def summary(self) -> str:
        """How much was compiled, in words."""
        tasks, modules = self.analysis.tasks, self.analysis.modules
        name = "" if self.config.name is None else f"{self.config.name}: "
        return f"{name}compiled {tasks:,} task{'s' * (tasks != 1)} in {modules:,} module{'s' * (modules != 1)}"


@dataclass(frozen=True, slots=True)
class Opened:
    """One project before it is compiled."""

    config: Config
    tree: SourceTree
    building: Building


def open_all(
    projects: Sequence[Config], form: Format, trees: ExitStack, effort: Effort, limits: Limits | None = None
) -> tuple[Opened, ...]:
    """The sources of each project, looked through once. Within ``limits``, modules that cannot be read are imported."""
    outs = tuple(filter(None, (_own_output(config.out) for config in projects)))
    return tuple(_opened(config, outs, form, trees, effort, limits) for config in projects)


def compile_all(opened: Sequence[Opened], form: Format, outcome: str) -> tuple[Compiled, ...]:
    """The projects, none with an error and each with a task. Otherwise reports, says ``outcome``, and exits."""
    compiled = tuple(Compiled(item.config, item.tree, *item.building.inspect()) for item in opened)
    clashes = tuple(duplicates_across([item.analysis.claims for item in compiled]))
    empty = tuple(_no_tasks(item.config) for item in compiled if _is_empty(item))
    if clashes or empty or any(item.analysis.has_errors for item in compiled):
        report = report_of([_mended(item) for item in compiled], (*clashes, *empty), is_complete=not empty)
        print_report(report, form, sources_of(compiled))
        note(outcome)
        finish(report)
    return compiled


def _mended(item: Compiled) -> Compiled:
    """The same, with the repairs that findings have."""
    return replace(item, analysis=replace(item.analysis, findings=mended(item.analysis.findings, item.tree)))


def report_of(compiled: Sequence[Compiled], more: Sequence[Diagnostic] = (), *, is_complete: bool = True) -> Report:
    """One report on all projects, with some more findings."""
    return Report.of(
        (*(finding for item in compiled for finding in item.analysis.findings), *more),
        files=sum(item.analysis.files for item in compiled),
        tasks=sum(item.analysis.tasks for item in compiled),
        complete=is_complete and all(item.analysis.is_complete for item in compiled),
    )


def conclude(
    compiled: Sequence[Compiled], more: Sequence[Diagnostic], form: Format, *, is_complete: bool = True
) -> NoReturn:
    """Print the report and exit with its code."""
    report = report_of(compiled, more, is_complete=is_complete)
    print_report(report, form, sources_of(compiled))
    if not more and not report.count(Level.ERROR):
        for item in compiled:
            note(f"{item.summary}: everything generated is up to date")
    finish(report)


def sources_of(compiled: Sequence[Compiled]) -> Sources:
    """Path → the text of a source file of any of the projects."""

    def text(path: str) -> str | None:
        own = next((text for item in compiled if (text := item.tree.text(path)) is not None), None)
        return _installed_text(path) if own is None else own

    return text


def _installed_text(path: str) -> str | None:
    """The text of a file of an installed package, whose paths are absolute."""
    if not Path(path).is_absolute():
        return None
    try:
        return Path(path).read_bytes().decode("utf-8", "replace")
    except OSError:
        return None


def _opened(
    config: Config, outs: tuple[str, ...], form: Format, trees: ExitStack, effort: Effort, limits: Limits | None
) -> Opened:
    tree = trees.enter_context(discover(config.paths, exclude=(*config.exclude, *outs), roots=config.roots))
    asking = None if limits is None else _asking(tree, limits)
    return Opened(config, tree, Building(tree, config, selection_of(config, form), effort, asking))


def _asking(tree: SourceTree, limits: Limits) -> Ask:
    """Asks live modules, and says so: nothing is imported in silence."""
    roots = [os.path.abspath(root) for root in tree.roots]  # noqa: PTH100 - keeps links

    def asked(modules: Sequence[str]) -> Answer:
        note(f"importing {', '.join(modules)} to ask for what their source does not say (--allow-import)")
        return ask(roots, modules, limits)

    return asked


def _own_output(out: str) -> str:
    """The pattern that leaves the generated files out of what is read."""
    return "" if Path(out) == Path() else f"/{Path(out).as_posix()}"


def _is_empty(item: Compiled) -> bool:
    return not item.analysis.has_errors and not item.analysis.tasks


def _no_tasks(config: Config) -> Diagnostic:
    of_project = "" if config.name is None else f" in project {config.name!r}"
    return Diagnostic(
        code="HC912",
        name="no-tasks",
        level=Level.ERROR,
        message=f"no task was found{of_project}: nothing here is decorated with @app.task(...) of a Horsies app",
        help=("name the folder that holds the tasks, and the one that holds the app they import",),
    )
