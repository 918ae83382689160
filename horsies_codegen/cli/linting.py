"""``horsies-codegen lint``: every finding; writes nothing but repairs and the baseline, and those only when asked."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import NoReturn

import click

from horsies_codegen.cli.baseline import BaselineFile, baseline_problem, with_baseline
from horsies_codegen.cli.compiled import Compiled, report_of, sources_of
from horsies_codegen.cli.files import replace_files
from horsies_codegen.cli.options import (
    cache_of,
    config_option,
    format_option,
    jobs_option,
    no_cache_option,
    paths_argument,
    projects,
    refuse,
    selection_of,
    the_one,
)
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.cli.progress import told
from horsies_codegen.cli.repair import Repairer, diff_of_sources
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import ExitCode, Report, Safety
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.lint import Selection, duplicates_across, mended
from horsies_codegen.lint.baseline import BaselineFormatError
from horsies_codegen.pipeline import Effort, Inspection, available_cores, inspect
from horsies_codegen.source import SourceTree, discover


@click.command("lint")
@paths_argument
@click.option("--select", metavar="CODES", help="Report only these codes, or beginnings of codes, separated by commas.")
@click.option("--ignore", metavar="CODES", help="Do not report these codes, or beginnings of codes.")
@click.option("--fix", is_flag=True, help="Make the repairs that change no meaning, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="Make the other repairs too; look at each of them.")
@click.option("--diff", is_flag=True, help="Print what repairs would change, and write nothing.")
@click.option("--statistics", is_flag=True, help="Print how often each code is found instead of the findings.")
@click.option("--baseline", metavar="FILE", help="Hold back the findings in FILE; only new ones are reported.")
@click.option("--update-baseline", is_flag=True, help="Make the baseline, or remove from it what is no longer found.")
@click.option("--stdin-filename", metavar="PATH", help="Read PATH from standard input, as an editor holds it.")
@jobs_option
@no_cache_option
@format_option
@config_option
def command(
    paths: tuple[str, ...],
    select: str | None,
    ignore: str | None,
    *,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    statistics: bool,
    baseline: str | None,
    update_baseline: bool,
    stdin_filename: str | None,
    jobs: int | None,
    no_cache: bool,
    form: str,
    config_path: str | None,
) -> None:
    """Report everything about the tasks under PATH that would fail later.

    Nothing is imported, and without --fix and --update-baseline nothing is written.
    """
    found = projects(config_path, paths or ((stdin_filename,) if stdin_filename else ()), form)
    if len(found) > 1 and not (fix or unsafe_fixes or diff or update_baseline or baseline):
        effort = Effort(jobs or available_cores(), cache_of(found[0], no_cache=no_cache))
        _lint_all(found, _codes(select), _codes(ignore), effort, form, is_counting=statistics)
    config = the_one(found, form)
    effort = Effort(jobs or available_cores(), cache_of(config, no_cache=no_cache))
    config = replace(config, baseline=config.baseline if baseline is None else baseline)
    selection = selection_of(config, form, _codes(select), _codes(ignore))
    is_repairing = fix or unsafe_fixes or diff
    _check_usage(config, stdin_filename, is_repairing=is_repairing, is_updating=update_baseline, is_diff=diff)
    held_back = _baseline(config, form, is_updating=update_baseline)
    if is_repairing:
        _repair(config, selection, effort, is_unsafe=unsafe_fixes, is_diff=diff)
    with discover(config.paths, exclude=config.exclude, roots=config.roots, overlay=_overlay(stdin_filename)) as tree:
        report = _judged(tree, config, selection, held_back, effort, form, is_updating=update_baseline).report()
        if statistics:
            _print_statistics(report)
        else:
            print_report(report, Format(form), with_baseline(tree.text, config.baseline or ""))
    if not report.tasks:
        note("no task was found: nothing here is decorated with @app.task(...) of a Horsies app")
    finish(report)


def _lint_all(
    found: Sequence[Config],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    effort: Effort,
    form: str,
    *,
    is_counting: bool,
) -> NoReturn:
    """One report on several projects; a name may stand only once in all of them."""
    with ExitStack() as trees:
        compiled: list[Compiled] = []
        for config in found:
            selection = selection_of(config, form, select, ignore)
            held_back = _baseline(config, form, is_updating=False)
            tree = trees.enter_context(discover(config.paths, exclude=config.exclude, roots=config.roots))
            inspection = _judged(tree, config, selection, held_back, effort, form, is_updating=False)
            compiled.append(Compiled(config, tree, inspection))
        report = report_of(compiled, tuple(duplicates_across([item.analysis.claims for item in compiled])))
        if is_counting:
            _print_statistics(report)
        else:
            print_report(report, Format(form), sources_of(compiled))
    if not report.tasks:
        note("no task was found: nothing here is decorated with @app.task(...) of a Horsies app")
    finish(report)


def _check_usage(
    config: Config, stdin_filename: str | None, *, is_repairing: bool, is_updating: bool, is_diff: bool
) -> None:
    if stdin_filename and (is_repairing or is_updating):
        raise click.UsageError(
            "--stdin-filename writes nothing: it cannot be combined with repairs or --update-baseline"
        )
    if is_updating and is_diff:
        raise click.UsageError("--diff writes nothing: it cannot be combined with --update-baseline")
    if is_updating and config.baseline is None:
        raise click.UsageError(
            "--update-baseline needs a file: --baseline horsies-baseline.json, or baseline in the settings"
        )


def _baseline(config: Config, form: str, *, is_updating: bool) -> BaselineFile | None:
    if config.baseline is None:
        return None
    try:
        return BaselineFile(config.baseline, may_be_missing=is_updating)
    except BaselineFormatError as error:
        refuse((baseline_problem(config.baseline, error),), form)


def _judged(
    tree: SourceTree,
    config: Config,
    selection: Selection,
    baseline: BaselineFile | None,
    effort: Effort,
    form: str,
    *,
    is_updating: bool,
) -> Inspection:
    """What is found in a tree, without what the baseline holds back; the baseline is brought up to date if asked."""
    with told("checking") as progress:
        inspection = inspect(tree, config, selection, replace(effort, progress=progress))
    inspection = replace(inspection, findings=mended(inspection.findings, tree))
    if baseline is None:
        return inspection
    judged = baseline.judge(inspection, selection, tree, is_updating=is_updating)
    if judged.text is not None:
        try:
            baseline.write(judged.text)
        except OSError as error:
            refuse((baseline_problem(baseline.path, error),), form)
    note(judged.remark)
    return replace(inspection, findings=judged.findings)


def _repair(config: Config, selection: Selection, effort: Effort, *, is_unsafe: bool, is_diff: bool) -> None:
    """Make the repairs, or print them and exit."""
    safeties = frozenset({Safety.SAFE, Safety.UNSAFE} if is_unsafe else {Safety.SAFE})
    repairer = Repairer(config, selection, safeties, effort)
    repairer.run()
    sources, repairs = repairer.sources, repairer.repairs
    summary = f"{repairs:,} repair{'s' * (repairs != 1)} in {len(sources):,} file{'s' * (len(sources) != 1)}"
    if is_diff:
        for line in diff_of_sources(sources):
            click.echo(line, nl=False)
        note(f"{summary} would be made")
        sys.exit(ExitCode.FINDINGS if sources else ExitCode.CLEAN)
    try:
        replace_files(sources)
    except OSError as error:
        note(f"error: the repairs cannot be written, and none was: {error}")
        sys.exit(ExitCode.FAILED)
    note(f"{summary} made")


def _codes(given: str | None) -> tuple[str, ...]:
    return tuple(code.strip() for code in (given or "").split(",") if code.strip())


def _overlay(stdin_filename: str | None) -> Mapping[str, bytes] | None:
    if stdin_filename is None:
        return None
    return {stdin_filename: sys.stdin.buffer.read()}


def _print_statistics(report: Report) -> None:
    counts = Counter((finding.code, finding.name) for finding in report.diagnostics)
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{count:6,}  {code}  {name}")
