"""``horsies-codegen breaking``: what the working tree would break, compared with what is deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from horsies_codegen.cli.breaking_side import NewSide, compiled_side, locked_side, refuse_baseline
from horsies_codegen.cli.options import config_option, no_cache_option, paths_argument, refuse, settings
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.compat import (
    Acknowledgements,
    Baseline,
    BaselineError,
    Compared,
    ComparedLive,
    Judged,
    LiveSource,
    change_fingerprint,
    finding_of,
    from_file,
    from_ref,
    judge,
    kept_at,
    look,
    names_in_words,
    read_acknowledgements,
    render_markdown,
)
from horsies_codegen.compat.acknowledge import DEFAULT_FILE
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Report
from horsies_codegen.diagnostic.render import Format
from horsies_core.contract.compare import (
    Change,
    DeployOrder,
    Mode,
    Standing,
    compare,
    compare_live,
    deploy_order,
)
from horsies_core.contract.fingerprint import fingerprint
from horsies_core.contract.live import LiveSnapshot
from horsies_core.contract.lock import Lock

if TYPE_CHECKING:  # loading the compiler takes longer than comparing two locks
    from horsies_codegen.resolve import ResolvedTask

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
    "--retention",
    "retention_days",
    metavar="DAYS",
    type=click.FloatRange(min=0, min_open=True),
    help="With --against: every lock that REF had in so many days must hold, as long as rows may be kept.",
)
@click.option(
    "--against-live",
    "live",
    metavar="DSN",
    help="Compare with what waits in a running queue: a database's URL, or a file that horsies live was written to.",
)
@click.option(
    "--live-schema", metavar="NAME", help="The schema of horsies' tables in that database.  [default: horsies]"
)
@click.option(
    "--live-timeout",
    "live_timeout_s",
    type=click.FloatRange(min=0.001),
    default=30.0,
    show_default=True,
    help="Seconds after which a statement there is given up.",
)
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Check the payloads of N rows of each contract, one by one.",
)
@click.option("--show-values", is_flag=True, help="Show a payload that is refused. It holds your data.")
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
@no_cache_option
@config_option
def command(
    paths: tuple[str, ...],
    refs: tuple[str, ...],
    files: tuple[str, ...],
    retention_days: float | None,
    live: str | None,
    live_schema: str | None,
    live_timeout_s: float,
    sample: int,
    mode: str,
    ack_path: str | None,
    out: str | None,
    *,
    show_values: bool,
    locked: bool,
    no_cache: bool,
    form: str,
    config_path: str | None,
) -> None:
    """Say what the tasks under PATH would break: payloads already queued, and results already stored.

    Every finding shows a payload that the old code writes and the new code refuses. Nothing is imported or checked out.
    """
    plain_form = Format.FULL.value if form == MARKDOWN else form
    _check_usage(refs, files, live, retention_days=retention_days, has_live_options=sample > 0 or show_values)
    config = settings(config_path, paths, plain_form)
    config = replace(config, out=out or config.out)
    acknowledgements = _acknowledgements(ack_path, plain_form)
    source = None
    if live is not None:
        source = LiveSource(target=live, schema=live_schema, sample=sample, timeout_s=live_timeout_s)
    old = _old_side(refs, files, source, retention_days, config, plain_form)
    new = locked_side(config, plain_form) if locked else compiled_side(config, plain_form, no_cache=no_cache)
    _report(old, new, Mode(mode), acknowledgements, form, show_values=show_values)


@dataclass(frozen=True, slots=True)
class _OldSide:
    """What to compare with."""

    baselines: tuple[Baseline, ...]
    live: LiveSnapshot | None


def _check_usage(
    refs: Sequence[str],
    files: Sequence[str],
    live: str | None,
    *,
    retention_days: float | None,
    has_live_options: bool,
) -> None:
    if not (refs or files or live):
        raise click.UsageError("say what to compare with: --against REF, --against-lock FILE or --against-live DSN")
    if retention_days is not None and not refs:
        raise click.UsageError("--retention is about the history of a ref: give --against REF too")
    if has_live_options and live is None:
        raise click.UsageError("--sample and --show-values are about live rows: give --against-live DSN too")


def _old_side(
    refs: Sequence[str],
    files: Sequence[str],
    live: LiveSource | None,
    retention_days: float | None,
    config: Config,
    form: str,
) -> _OldSide:
    since = None if retention_days is None else datetime.now(UTC) - timedelta(days=retention_days)
    try:
        found = [
            *(from_ref(ref, config) for ref in refs),
            *(from_file(path) for path in files),
            *(kept for ref in refs if since is not None for kept in kept_at(ref, config, since)),
        ]
        snapshot = None if live is None else look(live)
    except BaselineError as error:
        refuse_baseline(error, form)
    different = {baseline.lock: baseline for baseline in reversed(found)}
    return _OldSide(tuple(baseline for baseline in found if different[baseline.lock] is baseline), snapshot)


def _acknowledgements(path: str | None, form: str) -> Acknowledgements:
    if path is None and not Path(DEFAULT_FILE).exists():
        return Acknowledgements()
    acknowledgements, problems = read_acknowledgements(path or DEFAULT_FILE, datetime.now(UTC).date())
    if problems:
        refuse(problems, form)
    return acknowledgements


def _report(
    old: _OldSide, new: NewSide, mode: Mode, acknowledgements: Acknowledgements, form: str, *, show_values: bool
) -> NoReturn:
    compared = [Compared(baseline.name, compare(baseline.lock, new.lock)) for baseline in old.baselines]
    live = None if old.live is None else _live(old.live, old.baselines, new.lock, show_values=show_values)
    judged = judge(compared, live, mode)
    breaks = {change_fingerprint(item.change) for item in judged if item.standing is Standing.BREAKS}
    tasks = new.tasks({item.change.task for item in judged})
    report = Report.of(
        [
            *(_finding(item, mode, tasks, acknowledgements) for item in judged),
            *acknowledgements.findings(breaks),
        ],
        files=new.files,
        tasks=max(
            (*(each.comparison.tasks for each in compared), *(() if live is None else (live.comparison.tasks,))),
        ),
        against=names_in_words([each.name for each in (*compared, *(() if live is None else (live,)))]),
    )
    orders = _orders(judged)
    if form == MARKDOWN:
        click.echo(render_markdown(report, [(task, order.advice) for task, order in orders]), nl=False)
    else:
        print_report(report, Format(form), new.text)
    _conclude(report, orders, old.baselines, is_told=form in (Format.FULL, Format.CONCISE))
    finish(report)


def _live(snapshot: LiveSnapshot, baselines: Sequence[Baseline], new: Lock, *, show_values: bool) -> ComparedLive:
    """What live rows suffer; contracts that no worker registered are looked for in the locks at hand."""
    entries = (entry for lock in (*(baseline.lock for baseline in baselines), new) for entry in lock.entries)
    known = {fingerprint(entry.contract): entry.contract for entry in entries}
    found = compare_live(snapshot, new, known)
    rows = f"{found.rows:,} live row{'' if found.rows == 1 else 's'}"
    contracts = f"{found.contracts:,} contract{'' if found.contracts == 1 else 's'}"
    return ComparedLive(f"{rows} of {contracts} (seen at {snapshot.taken_at})", found, show_values)


def _finding(
    item: Judged, mode: Mode, tasks: Mapping[str, ResolvedTask], acknowledgements: Acknowledgements
) -> Diagnostic:
    is_break = item.standing is Standing.BREAKS
    entry = acknowledgements.of(change_fingerprint(item.change)) if is_break else None
    return finding_of(item, mode, tasks, acknowledged=None if entry is None else entry.shown)


def _orders(judged: Sequence[Judged]) -> list[tuple[str, DeployOrder]]:
    """The order of deployment of every task that changed, and of all together."""
    by_task: dict[str, list[Change]] = {}
    for item in judged:
        by_task.setdefault(item.change.task, []).append(item.change)
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
