"""``horsies-codegen breaking``: what the working tree would break, compared with what is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from horsies_codegen.cli.options import config_option, paths_argument, refuse, settings
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.compat import (
    Acknowledgements,
    Baseline,
    BaselineError,
    change_fingerprint,
    findings_of,
    from_file,
    from_ref,
    read_acknowledgements,
    render_markdown,
)
from horsies_codegen.compat.acknowledge import DEFAULT_FILE
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level, Report
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.source import SourceTree, discover
from horsies_core.contract.compare import (
    Change,
    Comparison,
    DeployOrder,
    Mode,
    Standing,
    compare,
    deploy_order,
    standing,
)
from horsies_core.contract.lock import LOCK_FILE_NAME, Lock, Tombstone

if TYPE_CHECKING:  # loading the compiler takes longer than comparing two locks
    from horsies_codegen.pipeline import Analysis
    from horsies_codegen.resolve.model import ResolvedTask

MARKDOWN = "markdown"
_NAMED = 8
"""How many tasks are named for one order of deployment."""


@click.command("breaking")
@paths_argument
@click.option(
    "--against",
    "refs",
    metavar="REF",
    multiple=True,
    help="Compare with the lock at a git ref (or with its sources). Repeatable: every one must hold.",
)
@click.option("--against-lock", "files", metavar="FILE", multiple=True, help="Compare with a lock file. Repeatable.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.DEFAULT.value,
    show_default=True,
    help="What must hold: backward, forward, full; default is payloads backward and results forward.",
)
@click.option(
    "--ack", "ack_path", metavar="FILE", help=f"Acknowledged breaks.  [default: {DEFAULT_FILE}, if it is there]"
)
@click.option("--out", metavar="DIR", help="The folder of the generated files, and of the lock in it.")
@click.option(
    "--locked", is_flag=True, help="Take the new side from the lock on disk instead of compiling the sources."
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*(form.value for form in Format), MARKDOWN]),
    default=Format.FULL.value,
    show_default=True,
    help="How findings are printed.",
)
@config_option
def command(
    paths: tuple[str, ...],
    refs: tuple[str, ...],
    files: tuple[str, ...],
    mode: str,
    ack_path: str | None,
    out: str | None,
    *,
    locked: bool,
    form: str,
    config_path: str | None,
) -> None:
    """Say what the tasks under PATH would break: payloads already queued, and results already stored.

    Every finding shows a payload that the old code writes and the new code refuses. Nothing is imported or checked out.
    """
    plain_form = Format.FULL.value if form == MARKDOWN else form
    if not refs and not files:
        raise click.UsageError("say what to compare with: --against REF or --against-lock FILE")
    config = settings(config_path, paths, plain_form)
    config = replace(config, out=out or config.out)
    acknowledgements = _acknowledgements(ack_path, plain_form)
    baselines = _baselines(refs, files, config, plain_form)
    side = _locked(config, plain_form) if locked else _compiled(config, plain_form)
    _report(side, baselines, Mode(mode), acknowledgements, form)


@dataclass(frozen=True, slots=True)
class _NewSide:
    """What is compared: the lock of today, and the tasks and files behind it where sources were compiled."""

    lock: Lock
    tasks: Mapping[str, ResolvedTask]
    tree: SourceTree | None
    files: int

    def text(self, path: str) -> str | None:
        """The text of a source file, for excerpts."""
        if self.tree is not None and (found := self.tree.text(path)) is not None:
            return found
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


def _acknowledgements(path: str | None, form: str) -> Acknowledgements:
    if path is None and not Path(DEFAULT_FILE).exists():
        return Acknowledgements()
    acknowledgements, problems = read_acknowledgements(path or DEFAULT_FILE, datetime.now(UTC).date())
    if problems:
        refuse(problems, form)
    return acknowledgements


def _baselines(refs: Sequence[str], files: Sequence[str], config: Config, form: str) -> list[Baseline]:
    try:
        return [*(from_ref(ref, config) for ref in refs), *(from_file(path) for path in files)]
    except BaselineError as error:
        _refuse_baseline(error, form)


def _refuse_baseline(error: BaselineError, form: str) -> NoReturn:
    missing = Diagnostic(
        code="HC923", name="missing-baseline", level=Level.ERROR, message=error.message, help=tuple(error.help)
    )
    refuse((missing,), form)


def _locked(config: Config, form: str) -> _NewSide:
    path = (Path(config.out) / LOCK_FILE_NAME).as_posix()
    try:
        return _NewSide(from_file(path).lock, {}, None, 1)
    except BaselineError as error:
        _refuse_baseline(error, form)


def _compiled(config: Config, form: str) -> _NewSide:
    from horsies_codegen.compat.compiled import analysed
    from horsies_codegen.pipeline import lock_entries

    out = () if Path(config.out) == Path() else (f"/{Path(config.out).as_posix()}",)
    with discover(config.paths, exclude=(*config.exclude, *out), roots=config.roots) as tree:
        analysis = analysed(tree, config)
        if analysis.has_errors or not analysis.resolution.tasks:
            _refuse_sources(analysis, tree, form)
        entries = lock_entries(analysis.resolution)
        tasks = {str(task.draft.name): task for task in analysis.resolution.tasks}
        return _NewSide(Lock(entries=entries, tombstones=_tombstones(config)), tasks, tree, analysis.resolution.files)


def _tombstones(config: Config) -> tuple[Tombstone, ...]:
    """The names that the lock on disk has buried; a lock that cannot be read has buried none."""
    try:
        return from_file((Path(config.out) / LOCK_FILE_NAME).as_posix()).lock.tombstones
    except BaselineError:
        return ()


def _refuse_sources(analysis: Analysis, tree: SourceTree, form: str) -> NoReturn:
    """The sources of today do not compile: there is no contract to compare."""
    nothing = Diagnostic(
        code="HC912",
        name="no-tasks",
        level=Level.ERROR,
        message="no task was found: nothing here is decorated with @app.task(...) of a Horsies app",
        help=("name the folder that holds the tasks, and the one that holds the app they import",),
    )
    report = analysis.report(() if analysis.has_errors else (nothing,), is_complete=False)
    print_report(report, Format(form), tree.text)
    note("nothing was compared")
    finish(report)


def _report(
    side: _NewSide, baselines: Sequence[Baseline], mode: Mode, acknowledgements: Acknowledgements, form: str
) -> NoReturn:
    comparisons = [(baseline, compare(baseline.lock, side.lock)) for baseline in baselines]
    breaks = {
        change_fingerprint(change)
        for _, comparison in comparisons
        for change in comparison.changes
        if standing(change, mode) is Standing.BREAKS
    }
    findings = [
        *(finding for pair in comparisons for finding in _findings(side, *pair, mode, acknowledgements)),
        *acknowledgements.findings(breaks),
    ]
    report = Report.of(
        findings,
        files=side.files,
        tasks=max(comparison.tasks for _, comparison in comparisons),
        against=", ".join(baseline.name for baseline in baselines),
    )
    orders = _orders([comparison for _, comparison in comparisons])
    if form == MARKDOWN:
        click.echo(render_markdown(report, [(task, order.advice) for task, order in orders]), nl=False)
    else:
        print_report(report, Format(form), side.text)
    _conclude(report, orders, baselines, is_told=form in (Format.FULL, Format.CONCISE))
    finish(report)


def _findings(
    side: _NewSide, baseline: Baseline, comparison: Comparison, mode: Mode, acknowledgements: Acknowledgements
) -> Iterator[Diagnostic]:
    for change in comparison.changes:
        entry = acknowledgements.of(change_fingerprint(change)) if standing(change, mode) is Standing.BREAKS else None
        acknowledged = None if entry is None else entry.shown
        yield findings_of(change, mode, side.tasks, baseline.name, acknowledged=acknowledged)


def _orders(comparisons: Sequence[Comparison]) -> list[tuple[str, DeployOrder]]:
    """The order of deployment of every task that changed, and of all together."""
    by_task: dict[str, list[Change]] = {}
    for comparison in comparisons:
        for change in comparison.changes:
            by_task.setdefault(change.task, []).append(change)
    orders = [(task, deploy_order(by_task[task])) for task in sorted(by_task)]
    return [(task, order) for task, order in orders if order is not DeployOrder.ANY]


def _conclude(
    report: Report, orders: Sequence[tuple[str, DeployOrder]], baselines: Sequence[Baseline], *, is_told: bool
) -> None:
    """What was compared, and in which order to deploy, on stderr, whatever the format."""
    if not is_told:
        note(f"compared {report.tasks} task{'' if report.tasks == 1 else 's'} against {report.against}")
    for baseline in baselines:
        if baseline.from_sources:
            note(f"{baseline.name} has no lock: its sources were compiled")
    for order in DeployOrder:
        tasks = [task for task, own in orders if own is order]
        if tasks:
            more = f" and {len(tasks) - _NAMED:,} more" if len(tasks) > _NAMED else ""
            note(f"deploy {', '.join(tasks[:_NAMED])}{more}: {order.advice}")
    if not orders:
        note(f"deploy: {DeployOrder.ANY.advice}")
