"""``horsies-codegen docs``: a page on all tasks."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import click

from horsies_codegen.cli.files import replace_files
from horsies_codegen.cli.options import config_option, paths_argument, projects, refuse, selection_of, template_problem
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level, Report
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.emit import TemplateError, asyncapi_text, markdown_text
from horsies_codegen.lint import duplicates_across
from horsies_codegen.pipeline import Analysis, analyse, gated, lock_entries
from horsies_codegen.source import START, Place, SourceTree, Span, discover
from horsies_core.contract.lock import LockEntry

MARKDOWN = "markdown"
ASYNCAPI = "asyncapi"
_FORM = Format.FULL.value


@click.command("docs")
@paths_argument
@click.option(
    "--format",
    "kind",
    type=click.Choice([MARKDOWN, ASYNCAPI]),
    default=MARKDOWN,
    show_default=True,
    help="What to print.",
)
@click.option("--output", metavar="FILE", help="Write the page to FILE instead of printing it.")
@click.option("--check", is_flag=True, help="Write nothing; report if FILE is not what would be written.")
@click.option("--title", default="Tasks", show_default=True, help="The title of the page.")
@click.option("--templates", metavar="DIR", help="Templates of your own, before the built-in ones.")
@config_option
def command(
    paths: tuple[str, ...],
    kind: str,
    output: str | None,
    *,
    check: bool,
    title: str,
    templates: str | None,
    config_path: str | None,
) -> None:
    """Print a page on the tasks under PATH: what each takes, gives back and fails with, and how it runs.

    Nothing is imported.
    """
    if check and output is None:
        raise click.UsageError("--check compares with a file: name it with --output")
    found = projects(config_path, paths, _FORM)
    entries = _entries(found)
    folder = templates or found[0].templates
    try:
        text = _asyncapi(entries, title, found[0]) if kind == ASYNCAPI else _markdown(entries, title, folder)
    except TemplateError as error:
        refuse((template_problem(error),), _FORM)
    if output is None:
        click.echo(text, nl=False)
    elif check:
        _compare(Path(output), text, len(entries))
    else:
        _write(Path(output), text, len(entries))


def _asyncapi(entries: Sequence[LockEntry], title: str, config: Config) -> str:
    return asyncapi_text(entries, title=title, version=config.package_version)


def _markdown(entries: Sequence[LockEntry], title: str, templates: str | None) -> str:
    return markdown_text(entries, title=title, templates=templates)


def _entries(found: Sequence[Config]) -> tuple[LockEntry, ...]:
    """The contracts of every project. Where something is wrong with one, reports it and exits."""
    with ExitStack() as stack:
        trees = [
            stack.enter_context(
                discover(config.paths, exclude=(*config.exclude, *_own_output(config)), roots=config.roots)
            )
            for config in found
        ]
        analyses = [
            gated(analyse(tree, config, selection_of(config, _FORM))) for tree, config in zip(trees, found, strict=True)
        ]
        clashes = tuple(duplicates_across([analysis.claims for analysis in analyses]))
        tasks = sum(len(analysis.resolution.tasks) for analysis in analyses)
        if clashes or not tasks or any(analysis.has_errors for analysis in analyses):
            _refuse(analyses, trees, clashes, tasks)
        entries = {entry.contract.name: entry for analysis in analyses for entry in lock_entries(analysis.resolution)}
    return tuple(entries[name] for name in sorted(entries))


def _own_output(config: Config) -> tuple[str, ...]:
    return () if Path(config.out) == Path() else (f"/{Path(config.out).as_posix()}",)


def _refuse(
    analyses: Sequence[Analysis], trees: Sequence[SourceTree], clashes: Sequence[Diagnostic], tasks: int
) -> NoReturn:
    findings = [*clashes, *(finding for analysis in analyses for finding in analysis.findings)]
    is_empty = not any(finding.level is Level.ERROR for finding in findings)
    report = Report.of(
        [*findings, _no_tasks()] if is_empty else findings,
        files=sum(analysis.resolution.files for analysis in analyses),
        tasks=tasks,
        complete=not is_empty and all(analysis.is_complete for analysis in analyses),
    )
    print_report(report, Format.FULL, lambda path: next(filter(None, (tree.text(path) for tree in trees)), None))
    finish(report)


def _no_tasks() -> Diagnostic:
    return Diagnostic(
        code="HC912",
        name="no-tasks",
        level=Level.ERROR,
        message="no task was found: nothing here is decorated with @app.task(...) of a Horsies app",
        help=("name the folder that holds the tasks, and the one that holds the app they import",),
    )


def _compare(output: Path, text: str, tasks: int) -> NoReturn:
    """Report a page that is missing or not what the tasks say now."""
    is_there = output.is_file()
    if is_there and output.read_bytes().replace(b"\r\n", b"\n") == text.encode():
        note(f"{output}: the page on {_many(tasks)} is up to date")
        finish(Report.of((), tasks=tasks))
    finding = Diagnostic(
        code="HC902" if is_there else "HC901",
        name="outdated-generated-file" if is_there else "missing-generated-file",
        level=Level.ERROR,
        message="this page is not what the tasks say now" if is_there else "this page is missing",
        place=Place(output.as_posix(), Span(START, START)),
        help=("run the same command without --check, and commit what it writes",),
    )
    report = Report.of((finding,), tasks=tasks)
    print_report(report, Format.FULL, lambda _: None)
    finish(report)


def _write(output: Path, text: str, tasks: int) -> None:
    """Replace the page, if it is another one."""
    try:
        if not output.is_file() or output.read_bytes() != text.encode():
            output.parent.mkdir(parents=True, exist_ok=True)
            replace_files({output.as_posix(): text.encode()})
    except OSError as error:
        message = f"the file {output.as_posix()!r} cannot be written: {error.strerror or error}"
        wrong = Diagnostic(code="HC907", name="invalid-config", level=Level.ERROR, message=message)
        refuse((wrong,), _FORM)
    note(f"{output}: {_many(tasks)}")


def _many(tasks: int) -> str:
    return f"{tasks:,} task{'s' * (tasks != 1)}"
