"""``horsies-codegen lint``: every finding, nothing written."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping

import click

from horsies_codegen.cli.options import config_option, format_option, paths_argument, refuse, settings
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.cli.repair import diff_of_sources, repaired_sources, write_sources
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import ExitCode, Report, Safety
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.lint import Selection, selection_problems
from horsies_codegen.pipeline import analyse
from horsies_codegen.source import discover


@click.command("lint")
@paths_argument
@click.option("--select", metavar="CODES", help="Report only these codes, or beginnings of codes, separated by commas.")
@click.option("--ignore", metavar="CODES", help="Do not report these codes, or beginnings of codes.")
@click.option("--fix", is_flag=True, help="Make the repairs that change no meaning, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="Make the other repairs too; look at each of them.")
@click.option("--diff", is_flag=True, help="Print what repairs would change, and write nothing.")
@click.option("--statistics", is_flag=True, help="Print how often each code is found instead of the findings.")
@click.option("--stdin-filename", metavar="PATH", help="Read PATH from standard input, as an editor holds it.")
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
    stdin_filename: str | None,
    form: str,
    config_path: str | None,
) -> None:
    """Report everything about the tasks under PATH that would fail later.

    Nothing is imported, and without --fix nothing is written.
    """
    config = settings(config_path, paths or ((stdin_filename,) if stdin_filename else ()), form)
    selection = Selection.of(config, _codes(select), _codes(ignore))
    problems = tuple(selection_problems(selection, "the selection"))
    if problems:
        refuse(problems, form)
    if stdin_filename and (fix or unsafe_fixes or diff):
        raise click.UsageError("--stdin-filename cannot be combined with --fix, --unsafe-fixes or --diff")
    if fix or unsafe_fixes or diff:
        _repair(config, selection, is_unsafe=unsafe_fixes, is_diff=diff)
    with discover(config.paths, exclude=config.exclude, roots=config.roots, overlay=_overlay(stdin_filename)) as tree:
        report = analyse(tree, config, selection).report()
        if statistics:
            _print_statistics(report)
        else:
            print_report(report, Format(form), tree.text)
    if not report.tasks:
        note("no task was found: nothing here is decorated with @app.task(...) of a Horsies app")
    finish(report)


def _repair(config: Config, selection: Selection, *, is_unsafe: bool, is_diff: bool) -> None:
    """Make the repairs, or print them and exit."""
    safeties = frozenset({Safety.SAFE, Safety.UNSAFE} if is_unsafe else {Safety.SAFE})
    sources, repairs = repaired_sources(config, selection, safeties)
    summary = f"{repairs:,} repair{'s' * (repairs != 1)} in {len(sources):,} file{'s' * (len(sources) != 1)}"
    if is_diff:
        for line in diff_of_sources(sources):
            click.echo(line, nl=False)
        note(f"{summary} would be made")
        sys.exit(ExitCode.FINDINGS if sources else ExitCode.CLEAN)
    write_sources(sources)
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
