"""``horsies-codegen build``: compile, then write or compare."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NoReturn, cast, get_args

import click

from horsies_codegen.cli.compiled import Compiled, Opened, compile_all, conclude, open_all, report_of, sources_of
from horsies_codegen.cli.options import (
    cache_of,
    config_option,
    format_option,
    jobs_option,
    no_cache_option,
    paths_argument,
    projects,
    refuse,
    template_problem,
)
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.cli.progress import told
from horsies_codegen.cli.typecheck import typechecked
from horsies_codegen.cli.watch import watch
from horsies_codegen.config import Config, ModelStyle
from horsies_codegen.diagnostic import Built, Diagnostic, ExitCode, Level
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.emit import ClientOptions, TemplateError, is_package_name
from horsies_codegen.imported import Limits
from horsies_codegen.pipeline import Effort, Order, plan_of, tombstones_after
from horsies_codegen.source import available_cores
from horsies_codegen.write import (
    MANIFEST_NAME,
    Applied,
    Comparison,
    ManifestFormatError,
    apply,
    compare,
    diff_of,
    finding_of_format,
    findings_of,
)


@click.command("build")
@paths_argument
@click.option("--out", metavar="DIR", help="The folder to write to.  [default: generated]")
@click.option("--package", metavar="NAME", help="The import name of the client.  [default: tasks_client]")
@click.option(
    "--package-metadata", is_flag=True, help="Write a pyproject.toml beside the client, so that it can be published."
)
@click.option(
    "--models",
    type=click.Choice(get_args(ModelStyle)),
    help="What the user's types become in the client.  [default: typed-dict]",
)
@click.option("--templates", metavar="DIR", help="Templates of your own, before the built-in ones.")
@click.option(
    "--check", "mode", flag_value="check", help="Write nothing; report every file that is not as it should be."
)
@click.option("--diff", "mode", flag_value="diff", help="Write nothing; print what would change.")
@click.option(
    "--allow-import",
    is_flag=True,
    help="Import task modules whose types cannot be read, in a process of its own, and ask them.",
)
@click.option("--watch", "is_watching", is_flag=True, help="Build again whenever a source changes, until Ctrl-C.")
@click.option("--typecheck", is_flag=True, help="Run mypy on the client that was written.")
@click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
@jobs_option
@no_cache_option
@format_option
@config_option
def command(
    paths: tuple[str, ...],
    out: str | None,
    package: str | None,
    *,
    package_metadata: bool,
    templates: str | None,
    models: str | None,
    mode: str | None,
    allow_import: bool,
    is_watching: bool,
    typecheck: bool,
    is_json: bool,
    jobs: int | None,
    no_cache: bool,
    form: str,
    config_path: str | None,
) -> None:
    """Compile the tasks under PATH into a lock, JSON Schemas and a typed client.

    Nothing is imported, unless --allow-import says so. If anything is wrong, nothing is written.
    """
    form = Format.JSON.value if is_json else form
    if mode is not None and (is_watching or typecheck):
        raise click.UsageError("--check and --diff write nothing: they cannot be combined with --watch or --typecheck")

    def read() -> tuple[Config, ...]:
        chosen = projects(config_path, paths, form)
        if len(chosen) > 1 and (out or package):
            raise click.UsageError("--out and --package belong to one project: name it with --project")
        return tuple(
            replace(
                config,
                out=config.out if out is None else out,
                package=config.package if package is None else package,
                package_metadata=config.package_metadata or package_metadata,
                templates=config.templates if templates is None else templates,
                models=config.models if models is None else cast("ModelStyle", models),
            )
            for config in chosen
        )

    def build(chosen: tuple[Config, ...]) -> NoReturn:
        effort = Effort(jobs or available_cores(), cache_of(chosen[0], no_cache=no_cache))
        limits = Limits() if allow_import else None
        _build(chosen, effort, limits, mode, Format(form), is_typechecking=typecheck)

    if is_watching:
        watch(read, build)
    build(read())


def _build(
    chosen: Sequence[Config],
    effort: Effort,
    limits: Limits | None,
    mode: str | None,
    form: Format,
    *,
    is_typechecking: bool,
) -> NoReturn:
    problems = [problem for config in chosen for problem in (*_package_problems(config), *_folder_problems(config))]
    if problems:
        refuse(tuple(problems), form.value)
    with ExitStack() as trees, told("compiling") as progress:
        opened = open_all(chosen, form, trees, replace(effort, progress=progress), limits)
        if mode is None:
            _stop_if_unchanged(opened, form, is_typechecking=is_typechecking)
        compiled = compile_all(opened, form, "nothing was written")
        try:
            deliveries = [
                _Delivery(*pair, effort, trusts_record=mode is None) for pair in zip(compiled, opened, strict=True)
            ]
            _deliver(deliveries, mode, form, is_typechecking=is_typechecking)
        except TemplateError as error:
            refuse((template_problem(error),), form.value)
        except OSError as error:
            refuse((_unwritable(error),), form.value)


def _stop_if_unchanged(opened: Sequence[Opened], form: Format, *, is_typechecking: bool) -> None:
    """The whole of a build that would change nothing. Several projects are always compared with each other."""
    (first, *others) = opened
    unchanged = None if others else first.building.unchanged()
    if unchanged is not None:
        inspection, files = unchanged
        _conclude_written(
            [Compiled(first.config, first.tree, inspection)],
            [Applied(0, 0, files)],
            form,
            is_typechecking=is_typechecking,
        )


class _Delivery:
    """One project on its way to its out folder. Raises `ManifestFormatError`, OSError.

    ``trusts_record`` says whether files that the system says were not written since the last build need not be read.
    """

    def __init__(self, compiled: Compiled, opened: Opened, effort: Effort, *, trusts_record: bool) -> None:
        self._trusts_record = trusts_record
        self.compiled = compiled
        self.out = compiled.config.out
        self._building = opened.building
        tombstones = tombstones_after(Path(self.out), compiled.portions, effort.cache)
        self._plan = plan_of(compiled.portions, _order(compiled.config), tombstones, effort)

    @cached_property
    def comparison(self) -> Comparison:
        """How the folder differs."""
        settled = self._building.settled(self._plan.digests) if self._trusts_record else frozenset[str]()
        self._plan.prepare(settled)
        return compare(Path(self.out), self._plan, self._plan.digests, settled)

    def write(self) -> Applied:
        """Bring the folder to what was compiled."""
        comparison, digests = self.comparison, self._plan.digests
        applied = apply(Path(self.out), self._plan, comparison, digests)
        written = {MANIFEST_NAME, *(change.path for change in comparison.changes)}
        self._building.finished(self.compiled.analysis, self.compiled.portions, digests, written)
        return applied


def _deliver(deliveries: Sequence[_Delivery], mode: str | None, form: Format, *, is_typechecking: bool) -> NoReturn:
    """Bring the out folders to what was compiled, or say how they differ."""
    compiled = [delivery.compiled for delivery in deliveries]
    unread = tuple(_unread_manifests(deliveries))
    if unread:
        conclude(compiled, unread, form, is_complete=False)
    if mode == "diff":
        _print_diff(deliveries)
    drift = [finding for item in deliveries for finding in findings_of(item.comparison.changes, item.out)]
    if mode == "check":
        conclude(compiled, drift, form)
    obstacles = [finding for item in deliveries for finding in findings_of(item.comparison.obstacles, item.out)]
    if obstacles:
        conclude(compiled, obstacles, form)
    _write(deliveries, form, is_typechecking=is_typechecking)


def _unread_manifests(deliveries: Sequence[_Delivery]) -> Iterator[Diagnostic]:
    for delivery in deliveries:
        try:
            _ = delivery.comparison
        except ManifestFormatError as error:
            yield finding_of_format(error, delivery.out)


def _write(deliveries: Sequence[_Delivery], form: Format, *, is_typechecking: bool) -> NoReturn:
    applied = [delivery.write() for delivery in deliveries]
    _conclude_written([delivery.compiled for delivery in deliveries], applied, form, is_typechecking=is_typechecking)


def _conclude_written(
    compiled: Sequence[Compiled], applied: Sequence[Applied], form: Format, *, is_typechecking: bool
) -> NoReturn:
    for item, count in zip(compiled, applied, strict=True):
        deleted = f", {count.deleted:,} deleted" if count.deleted else ""
        note(f"{item.summary}: {count.written:,} written, {count.unchanged:,} unchanged{deleted}")
    checked = [
        finding
        for item in (compiled if is_typechecking else ())
        for finding in typechecked(item.config.out, item.config.package)
    ]
    is_complete = not any(finding.code == "HC932" for finding in checked)
    report = replace(report_of(compiled, checked, is_complete=is_complete), built=_built(compiled, applied))
    if report.diagnostics or form not in (Format.FULL, Format.CONCISE):
        print_report(report, form, sources_of(compiled))
    finish(report)


def _built(compiled: Sequence[Compiled], applied: Sequence[Applied]) -> Built:
    return Built(
        modules=sum(item.analysis.modules for item in compiled),
        written=sum(count.written for count in applied),
        unchanged=sum(count.unchanged for count in applied),
        deleted=sum(count.deleted for count in applied),
    )


def _print_diff(deliveries: Sequence[_Delivery]) -> NoReturn:
    """The diffs of all projects; where there are several, paths begin with the out folder."""
    for delivery in deliveries:
        folder = f"{delivery.out}/" if len(deliveries) > 1 else ""
        for line in diff_of(delivery.comparison, folder):
            click.echo(line, nl=False)
        comparison = delivery.comparison
        note(
            f"{delivery.compiled.summary}: {len(comparison.changes):,} files differ, "
            f"{comparison.unchanged:,} are as they should be"
        )
    is_clean = not any(delivery.comparison.changes for delivery in deliveries)
    sys.exit(ExitCode.CLEAN if is_clean else ExitCode.FINDINGS)


def _order(config: Config) -> Order:
    version = config.package_version if config.package_metadata else None
    return Order(
        config.package, ClientOptions(models=config.models, templates=config.templates, package_version=version)
    )


def _unwritable(error: OSError) -> Diagnostic:
    return _config_problem(
        f"the file {str(error.filename)!r} cannot be written: {error.strerror or error}",
        "name a folder that can be made and written with --out",
    )


def _folder_problems(config: Config) -> tuple[Diagnostic, ...]:
    if config.templates is not None and not Path(config.templates).is_dir():
        missing = f"the folder of templates {config.templates!r} is not there"
        return (_config_problem(missing, "name a folder that holds *.j2 files"), *_out_problems(config))
    return _out_problems(config)


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
