"""Options that several commands share, and the settings behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from horsies_codegen.cli.output import finish, print_report
from horsies_codegen.config import Config, find_config, key_place, read_config
from horsies_codegen.diagnostic import Diagnostic, Report
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.lint import Selection, selection_problems

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...")
config_option = click.option(
    "--config",
    "config_path",
    metavar="FILE",
    help="Settings to use instead of the nearest pyproject.toml that has some.",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.FULL.value,
    show_default=True,
    help="How findings are printed.",
)


def settings(config_path: str | None, paths: tuple[str, ...], form: str) -> Config:
    """The settings that hold for this run. Where they are wrong, says so and exits with 2."""
    cwd = Path.cwd()
    config, problems = find_config(cwd) if config_path is None else read_config(Path(config_path), cwd)
    if problems:
        refuse(problems, form)
    return replace(config, paths=paths or config.paths)


def selection_of(config: Config, form: str, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> Selection:
    """What is reported in this run. Where a code is none, says so and exits with 2."""
    problems = tuple(selection_problems(config, select, ignore, partial(key_place, config)))
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
