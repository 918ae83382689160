"""``horsies-codegen build``: compile, then write or compare."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, cast

import click

from horsies_codegen.cli.options import config_option, format_option, paths_argument, refuse, selection_of, settings
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, ExitCode, Level
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.emit import LOCK_PATH, is_package_name
from horsies_codegen.pipeline import Analysis, analyse, files_of, gated
from horsies_codegen.source import SourceTree, discover
from horsies_codegen.write import (
    Comparison,
    ManifestFormatError,
    apply,
    compare,
    diff_of,
    finding_of_format,
    findings_of,
)
from horsies_core.contract.lock import Lock, read_lock, served_names
from horsies_core.contract.wire import WireError


@click.command("build")
@paths_argument
@click.option("--out", metavar="DIR", help="The folder to write to.  [default: generated]")
@click.option("--package", metavar="NAME", help="The import name of the client.  [default: tasks_client]")
@click.option(
    "--check", "mode", flag_value="check", help="Write nothing; report every file that is not as it should be."
)
@click.option("--diff", "mode", flag_value="diff", help="Write nothing; print what would change.")
@format_option
@config_option
def command(
    paths: tuple[str, ...], out: str | None, package: str | None, mode: str | None, form: str, config_path: str | None
) -> None:
    """Compile the tasks under PATH into a lock, JSON Schemas and a typed client.

    Nothing is imported. If anything is wrong, nothing is written.
    """
    config = settings(config_path, paths, form)
    config = replace(
        config,
        out=config.out if out is None else out,
        package=config.package if package is None else package,
    )
    selection = selection_of(config, form)
    problems = (*_package_problems(config), *_out_problems(config))
    if problems:
        refuse(problems, form)
    exclude = (*config.exclude, *_own_output(config.out))
    with discover(config.paths, exclude=exclude, roots=config.roots) as tree:
        analysis = gated(analyse(tree, config, selection))
        if analysis.has_errors or not analysis.resolution.tasks:
            _stop(analysis, tree, form)
        try:
            _deliver(analysis, tree, config, mode, Format(form))
        except OSError as error:
            refuse((_unwritable(config.out, error),), form)


def _own_output(out: str) -> tuple[str, ...]:
    """The pattern that leaves the generated files out of what is read."""
    return () if Path(out) == Path() else (f"/{Path(out).as_posix()}",)


def _deliver(analysis: Analysis, tree: SourceTree, config: Config, mode: str | None, form: Format) -> NoReturn:
    """Bring the out folder to what was compiled, or say how it differs."""
    out = Path(config.out)
    files = files_of(analysis, config.package, _previous(out, analysis))
    try:
        comparison = compare(out, files)
    except ManifestFormatError as error:
        _conclude(analysis, (finding_of_format(error, config.out),), tree, form, is_complete=False)
    if mode == "diff":
        _print_diff(comparison, analysis)
    if mode == "check":
        _conclude(analysis, tuple(findings_of(comparison.changes, config.out)), tree, form)
    if comparison.obstacles:
        _conclude(analysis, tuple(findings_of(comparison.obstacles, config.out)), tree, form)
    _write(analysis, tree, out, files, comparison, form)


def _write(
    analysis: Analysis, tree: SourceTree, out: Path, files: Mapping[str, str], comparison: Comparison, form: Format
) -> NoReturn:
    applied = apply(out, files, comparison)
    report = analysis.report()
    if report.diagnostics or form not in (Format.FULL, Format.CONCISE):
        print_report(report, form, tree.text)
    deleted = f", {applied.deleted:,} deleted" if applied.deleted else ""
    note(f"{_compiled(analysis)}: {applied.written:,} written, {applied.unchanged:,} unchanged{deleted}")
    finish(report)


def _conclude(
    analysis: Analysis, more: tuple[Diagnostic, ...], tree: SourceTree, form: Format, *, is_complete: bool = True
) -> NoReturn:
    report = analysis.report(more, is_complete=is_complete)
    print_report(report, form, tree.text)
    if not more and not report.count(Level.ERROR):
        note(f"{_compiled(analysis)}: everything generated is up to date")
    finish(report)


def _stop(analysis: Analysis, tree: SourceTree, form: str) -> NoReturn:
    """The gate is shut: report, and write nothing."""
    more = () if analysis.has_errors else (_no_tasks(),)
    report = analysis.report(more, is_complete=not more)
    print_report(report, Format(form), tree.text)
    note("nothing was written")
    finish(report)


def _no_tasks() -> Diagnostic:
    return Diagnostic(
        code="HC912",
        name="no-tasks",
        level=Level.ERROR,
        message="no task was found: nothing here is decorated with @app.task(...) of a Horsies app",
        help=("name the folder that holds the tasks, and the one that holds the app they import",),
    )


def _print_diff(comparison: Comparison, analysis: Analysis) -> NoReturn:
    for line in diff_of(comparison):
        click.echo(line, nl=False)
    note(
        f"{_compiled(analysis)}: {len(comparison.changes):,} files differ, {comparison.unchanged:,} are as they should be"
    )
    sys.exit(ExitCode.FINDINGS if comparison.changes else ExitCode.CLEAN)


def _compiled(analysis: Analysis) -> str:
    tasks = analysis.resolution.tasks
    modules = len({task.module for task in tasks})
    return f"compiled {len(tasks):,} task{'s' * (len(tasks) != 1)} in {modules:,} module{'s' * (modules != 1)}"


def _previous(out: Path, analysis: Analysis) -> Lock | None:
    """The committed lock, if there is a name in it to bury.

    A lock that cannot be read was not written by us: comparing finds it.
    """
    try:
        text = (out / LOCK_PATH).read_text(encoding="utf-8")
        return read_lock(text) if _buries(text, analysis) else None
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, WireError):
        return None


_NO_TOMBSTONES = '\n  "tombstones": {}\n'
"""How a lock without tombstones ends."""


def _buries(text: str, analysis: Analysis) -> bool:
    """Whether a lock holds a tombstone, or a name that is gone; asked first, because `read_lock` checks every fingerprint."""
    drafts = [task.draft for task in analysis.resolution.tasks]
    served = {name for draft in drafts for name in (draft.name, *_aliases(draft.options.aliases))}
    return _NO_TOMBSTONES not in text or not served >= served_names(text)


def _aliases(aliases: object) -> tuple[object, ...]:
    return cast("tuple[object, ...]", aliases) if isinstance(aliases, tuple) else ()


def _unwritable(out: str, error: OSError) -> Diagnostic:
    return _config_problem(
        f"the folder {out!r} cannot be written: {error.strerror or error}",
        "name a folder that can be made and written with --out",
    )


def _out_problems(config: Config) -> tuple[Diagnostic, ...]:
    """What is wrong with the out folder before anything is read: none is named, it is a file, or it would hold the sources."""
    if not config.out:
        return (_config_problem("--out names no folder", "name one: --out generated"),)
    out = Path(config.out).absolute()
    if out.is_file():
        return (_config_problem(f"--out names the file {config.out!r}", "name a folder: --out generated"),)
    for path in config.paths:
        source = Path(path).absolute()
        if source != Path.cwd() and (source == out or out in source.parents):
            message = f"the out folder {config.out!r} would hold the sources {path!r}: generated files are not compiled"
            return (_config_problem(message, "name a folder of its own with --out"),)
    return ()


def _package_problems(config: Config) -> tuple[Diagnostic, ...]:
    if is_package_name(config.package):
        return ()
    message = f"the package name {config.package!r} cannot be imported"
    return (_config_problem(message, "use a name such as shop_client or acme.shop.client"),)


def _config_problem(message: str, remedy: str) -> Diagnostic:
    return Diagnostic(code="HC907", name="invalid-config", level=Level.ERROR, message=message, help=(remedy,))
