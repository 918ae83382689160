"""Options that several commands share, and the settings behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from horsies_codegen.cache import Cache, cache_folder
from horsies_codegen.cli.output import finish, print_report
from horsies_codegen.config import Config, find_projects, key_place, read_projects, within
from horsies_codegen.diagnostic import Diagnostic, Level, Report
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.source import Place, point

if TYPE_CHECKING:
    from horsies_codegen.emit.templates import TemplateError
    from horsies_codegen.lint import Selection

NO_CACHE_VARIABLE = "HORSIES_NO_CACHE"

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")


def config_option(function: FunctionT) -> FunctionT:
    """``--config`` and ``--project``; what the latter names is kept with the invocation."""
    option = click.option(
        "--config",
        "config_path",
        metavar="FILE",
        help="Settings to use instead of the nearest pyproject.toml that has some.",
    )
    project = click.option(
        "--project",
        metavar="NAME",
        help="One of the projects in the settings.  [default: all]",
        expose_value=False,
        callback=_keep_project,
    )
    return option(project(function))


format_option = click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.FULL.value,
    show_default=True,
    help="How findings are printed.",
)
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Work in this many processes.  [default: one for each core]",
)
no_cache_option = click.option(
    "--no-cache", is_flag=True, envvar=NO_CACHE_VARIABLE, help="Neither read nor keep results of earlier runs."
)


def cache_of(config: Config, *, no_cache: bool) -> Cache | None:
    """The cache of a run, with what nobody asked for in a long time deleted."""
    if no_cache:
        return None
    cache = Cache(cache_folder(config.path))
    cache.prune()
    return cache


def settings(config_path: str | None, paths: tuple[str, ...], form: str) -> Config:
    """The settings of the one project of this run. Where they are wrong, or there are several, says so and exits with 2."""
    return the_one(projects(config_path, paths, form), form)


def the_one(found: tuple[Config, ...], form: str) -> Config:
    """The only project of a run. Where there are several, says so and exits with 2."""
    config, *others = found
    if others:
        names = ", ".join(str(config.name) for config in found)
        refuse((_problem("this command works on one project", f"name it with --project: {names}"),), form)
    return config


def projects(config_path: str | None, paths: tuple[str, ...], form: str) -> tuple[Config, ...]:
    """The settings of every project of this run. Where they are wrong, says so and exits with 2.

    PATHs of the command line replace those of the one project. Of several, they choose the projects that they lie in.
    """
    cwd = Path.cwd()
    found, problems = find_projects(cwd) if config_path is None else read_projects(Path(config_path), cwd)
    if problems:
        refuse(problems, form)
    chosen = _chosen(found, form)
    if not paths:
        return chosen
    if len(chosen) == 1:
        return (replace(chosen[0], paths=paths),)
    strays = [path for path in paths if not within(chosen, (path,))]
    if strays:
        names = ", ".join(str(config.name) for config in chosen)
        refuse((_problem(f"{strays[0]!r} lies in no project", f"the projects are {names}"),), form)
    return within(chosen, paths)


def _keep_project(context: click.Context, _: click.Parameter, name: str | None) -> None:
    context.meta[_PROJECT] = name


_PROJECT = "horsies.project"


def _chosen(found: tuple[Config, ...], form: str) -> tuple[Config, ...]:
    """The project of ``--project``, or all."""
    name = click.get_current_context().meta.get(_PROJECT)
    if name is None:
        return found
    chosen = tuple(config for config in found if config.name == name)
    if not chosen:
        names = [config.name for config in found if config.name is not None]
        remedy = f"the projects are {', '.join(names)}" if names else "the settings name no projects"
        refuse((_problem(f"there is no project {name!r}", remedy),), form)
    return chosen


def template_problem(error: TemplateError) -> Diagnostic:
    """The finding about a template of the user's that cannot be used."""
    return Diagnostic(
        code="HC930",
        name="invalid-template",
        level=Level.ERROR,
        message=error.message,
        place=Place(error.path, point(error.line, 1)),
        help=(error.remedy,),
    )


def _problem(message: str, remedy: str) -> Diagnostic:
    return Diagnostic(code="HC907", name="invalid-config", level=Level.ERROR, message=message, help=(remedy,))


def selection_of(config: Config, form: str, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> Selection:
    """What is reported in this run. Where a code is none, says so and exits with 2."""
    from horsies_codegen.lint import Selection, selection_problems  # not at the top: with it come all rules

    problems = tuple(selection_problems(config, select, ignore, lambda keys: key_place(config, (*config.key, *keys))))
    if problems:
        refuse(problems, form)
    return Selection.of(config, select, ignore)


def refuse(problems: tuple[Diagnostic, ...], form: str) -> NoReturn:
    """Print why the job cannot be done, and exit with 2."""
    report = Report.of(problems, complete=False)
    print_report(report, Format(form), _text_of)
    finish(report)


def _text_of(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
