"""Printing: reports to stdout in the format that was asked for, summaries to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

import click

from horsies_codegen.diagnostic import Level, Report, Sources, Style, choose_style, exit_code
from horsies_codegen.diagnostic.render import Format, render, render_summary

_FOR_PEOPLE = (Format.FULL, Format.CONCISE)


def print_report(report: Report, form: Format, sources: Sources) -> None:
    """The report on stdout; for people also its summary on stderr."""
    click.echo(render(report, form, sources, terminal_style()), nl=False)
    if form in _FOR_PEOPLE:
        note(render_summary(report).rstrip("\n"))


def finish(report: Report, fail_on: Level = Level.ERROR) -> NoReturn:
    """Exit with the report's code."""
    sys.exit(exit_code(report, fail_on))


def note(text: str) -> None:
    """A line on stderr."""
    click.echo(text, err=True)


def terminal_style() -> Style:
    """How text on stdout may look."""
    is_terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if is_terminal else None
    return choose_style(os.environ, is_terminal=is_terminal, columns=columns)
