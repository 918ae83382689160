"""``horsies-codegen lint``: its options, and the way out for a tree without tasks.

Most of a short run is spent on loading rules. In a tree whose bytes speak of no task there is nothing for them to judge, so
`horsies_codegen.cli.linting` and all that it needs are loaded only once a file is found that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple, NoReturn

import click

from horsies_codegen.cli.options import (
    cache_of,
    config_option,
    format_option,
    jobs_option,
    no_cache_option,
    paths_argument,
    projects,
)
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Report
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.source import SENDING, Entry, SourceFile, SourceTree, available_cores, discover, speaks


class Asked(NamedTuple):
    """What the command line asks for."""

    select: str | None
    ignore: str | None
    fix: bool
    unsafe_fixes: bool
    diff: bool
    statistics: bool
    baseline: str | None
    update_baseline: bool
    stdin_filename: str | None
    processes: int
    no_cache: bool
    form: str


class Looked(NamedTuple):
    """A tree, and those of its files that are worth more than a look."""

    tree: SourceTree
    found: Iterator[tuple[Entry, SourceFile]]
    is_empty: bool
    """Whether there are none, and nothing is wrong with the tree."""


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
    if "-" in paths:
        raise click.UsageError("- is no path: --stdin-filename PATH reads standard input as the text of PATH")
    asked = Asked(
        select,
        ignore,
        fix,
        unsafe_fixes,
        diff,
        statistics,
        baseline,
        update_baseline,
        stdin_filename,
        jobs or available_cores(),
        no_cache,
        form,
    )
    found = projects(config_path, paths or ((stdin_filename,) if stdin_filename else ()), form)
    looked = _looked_at(found[0], asked.processes) if len(found) == 1 and _is_plain(asked, found[0]) else None
    if looked is not None and looked.is_empty:
        cache_of(found[0], no_cache=no_cache)
        report = Report.of(())
        print_report(report, Format(form), looked.tree.text)
        conclude(report)
    from horsies_codegen.cli.linting import lint  # not at the top: see above

    lint(asked, found, looked)


def conclude(report: Report) -> NoReturn:
    """Say so if there was nothing to judge, and exit with the report's code."""
    if not report.tasks:
        note("no task was found: nothing here is decorated with @app.task(...) of a Horsies app")
    finish(report)


def _looked_at(config: Config, processes: int) -> Looked:
    tree = discover(config.paths, exclude=config.exclude, roots=config.roots)
    found = tree.sifted(speaks, processes)
    first = next(found, None)
    is_empty = first is None and bool(tree.entries) and not tree.problems and not _may_send(tree)
    return Looked(tree, found if first is None else chain((first,), found), is_empty)


def _may_send(tree: SourceTree) -> bool:
    """Whether a file that was named by itself may send a task, which need not be in this tree."""
    files = map(tree.read, tree.given)
    return any(file.mentions(needle) for file in files for needle in SENDING)


def _is_plain(asked: Asked, config: Config) -> bool:
    """Whether this run lints and does no more, with no setting that names codes: those are looked up among the rules."""
    works = asked.fix or asked.unsafe_fixes or asked.diff or asked.statistics or asked.update_baseline
    names_codes = asked.select or asked.ignore or config.select or config.ignore
    has_levels = config.per_file_ignores or config.severity
    reads_more = asked.baseline or config.baseline or asked.stdin_filename
    return not (works or names_codes or has_levels or reads_more)
