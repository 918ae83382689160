"""The work of ``horsies-codegen lint``: every finding; writes nothing but repairs and the baseline, and those only when asked."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import NoReturn

import click

from horsies_codegen.cli.baseline import BaselineFile, baseline_problem, with_baseline
from horsies_codegen.cli.compiled import Compiled, report_of, sources_of
from horsies_codegen.cli.files import replace_files
from horsies_codegen.cli.lint import Asked, Looked, conclude
from horsies_codegen.cli.options import cache_of, refuse, selection_of, the_one
from horsies_codegen.cli.output import note, print_report
from horsies_codegen.cli.progress import told
from horsies_codegen.cli.repair import Repairer, diff_of_sources
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import ExitCode, Report, Safety
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.lint import Selection, duplicates_across, mended
from horsies_codegen.lint.baseline import BaselineFormatError
from horsies_codegen.pipeline import Effort, Inspection, inspect
from horsies_codegen.source import Entry, SourceFile, SourceTree, discover


def lint(asked: Asked, found: tuple[Config, ...], looked: Looked | None) -> NoReturn:
    """One run on some projects; ``looked`` is the tree of the only one, if it was looked at already."""
    select, ignore, form = _codes(asked.select), _codes(asked.ignore), asked.form
    is_repairing = asked.fix or asked.unsafe_fixes or asked.diff
    if len(found) > 1 and not (is_repairing or asked.update_baseline or asked.baseline):
        effort = Effort(asked.processes, cache_of(found[0], no_cache=asked.no_cache))
        _lint_all(found, select, ignore, effort, form, is_counting=asked.statistics)
    config = the_one(found, form)
    effort = Effort(asked.processes, cache_of(config, no_cache=asked.no_cache))
    config = replace(config, baseline=config.baseline if asked.baseline is None else asked.baseline)
    selection = selection_of(config, form, select, ignore)
    _check_usage(config, asked, is_repairing=is_repairing)
    held_back = _baseline(config, form, is_updating=asked.update_baseline)
    if is_repairing:
        _repair(config, selection, effort, is_unsafe=asked.unsafe_fixes, is_diff=asked.diff)
    with _tree(config, asked) if looked is None else looked.tree as tree:
        seen = None if looked is None else looked.found
        judged = _judged(tree, config, selection, held_back, effort, form, seen, is_updating=asked.update_baseline)
        report = judged.report()
        if asked.statistics:
            _print_statistics(report)
        else:
            print_report(report, Format(form), with_baseline(tree.text, config.baseline or ""))
    conclude(report)


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
    conclude(report)


def _check_usage(config: Config, asked: Asked, *, is_repairing: bool) -> None:
    is_updating = asked.update_baseline
    if asked.stdin_filename and (is_repairing or is_updating):
        raise click.UsageError(
            "--stdin-filename writes nothing: it cannot be combined with repairs or --update-baseline"
        )
    if is_updating and asked.diff:
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
    seen: Iterable[tuple[Entry, SourceFile]] | None = None,
    *,
    is_updating: bool,
) -> Inspection:
    """What is found in a tree, without what the baseline holds back; the baseline is brought up to date if asked."""
    with told("checking") as progress:
        inspection = inspect(tree, config, selection, replace(effort, progress=progress), seen)
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


def _tree(config: Config, asked: Asked) -> SourceTree:
    overlay = None if asked.stdin_filename is None else {asked.stdin_filename: sys.stdin.buffer.read()}
    return discover(config.paths, exclude=config.exclude, roots=config.roots, overlay=overlay)


def _print_statistics(report: Report) -> None:
    counts = Counter((finding.code, finding.name) for finding in report.diagnostics)
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{count:6,}  {code}  {name}")
