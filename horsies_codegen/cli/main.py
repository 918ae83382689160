"""The entry point: which commands there are, and the last resort for what none of them expected."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, cast

import click
from typing_extensions import override

from horsies_codegen.diagnostic.exits import ExitCode

_GC_THRESHOLDS = (200_000, 20, 20)
"""Trees and summaries have no cycles: looking for some after every 700 new objects takes a fifth of a run and finds none."""

TRACEBACK_VARIABLE = "HORSIES_TRACEBACK"

_OF_THE_EXTRA = frozenset({"libcst", "jinja2"})
"""What the extra ``codegen`` installs; a producer and a worker do without."""


@dataclass(frozen=True, slots=True)
class _Command:
    module: str
    help: str


COMMANDS: Mapping[str, _Command] = {
    "build": _Command(
        "horsies_codegen.cli.build", "Compile task modules into a lock, JSON Schemas and a typed client."
    ),
    "lint": _Command("horsies_codegen.cli.lint", "Report everything about tasks that would fail later."),
    "breaking": _Command(
        "horsies_codegen.cli.breaking", "Say what a change would break: queued payloads, stored results."
    ),
    "explain": _Command("horsies_codegen.cli.explain", "Say what a finding's code means, with examples."),
    "docs": _Command("horsies_codegen.cli.docs", "Print a page on all tasks: Markdown, or AsyncAPI."),
    "schema": _Command("horsies_codegen.cli.schema", "Print the JSON Schema of one task's payload or result."),
}
"""Every command, in the order of the help page."""


class _ReaderLeftError(Exception):
    """Nobody reads stdout any more. No OSError, of which click would make an exit with 1 that says nothing."""


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called: the help page needs their names and lines only."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        return cast("click.Command", importlib.import_module(entry.module).command)

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        is_name = not args[0].startswith("-")
        if is_name and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"No such command {args[0]!r}{_instead(args[0])}")
        return super().resolve_command(ctx, args)

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return cast("object", super().invoke(ctx))
        except BrokenPipeError as error:
            raise _ReaderLeftError from error

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="horsies", prog_name="horsies-codegen")
@click.option(
    "--traceback", is_flag=True, help=f"Show the traceback of an internal error (or set {TRACEBACK_VARIABLE})."
)
def _group(*, traceback: bool) -> None:
    """Compile horsies task modules, without importing them.

    Exit codes: 0 clean, 1 findings or drift, 2 could not do the job.
    """
    if traceback:
        os.environ[TRACEBACK_VARIABLE] = "1"


def _instead(name: str) -> str:
    """The command that was probably meant."""
    from difflib import get_close_matches  # needed here alone, and this module is part of every start

    near = get_close_matches(name.lower(), COMMANDS, n=1, cutoff=0.5)
    return f". Did you mean {near[0]!r}?" if near else f"; there are {', '.join(COMMANDS)}."


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code."""
    gc.set_threshold(*_GC_THRESHOLDS)
    atexit.register(gc.freeze)  # else Python looks for cycles in all that is left, to free what goes with the process
    try:
        _group.main(args=None if arguments is None else list(arguments), prog_name="horsies-codegen")
    except _ReaderLeftError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered goes nowhere
        with contextlib.suppress(BrokenPipeError):  # it may have read stderr too
            click.echo("error: whoever read the output has left before its end", err=True)
        sys.exit(ExitCode.FAILED)
    except ModuleNotFoundError as error:
        if error.name not in _OF_THE_EXTRA:
            _report_internal_error(error)
        else:
            click.echo(f"error: the compiler needs {error.name}, which is not installed", err=True)
            click.echo("  = help: pip install 'horsies[codegen]'", err=True)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever arrives here is a defect of ours
        _report_internal_error(error)
    sys.exit(ExitCode.FAILED)


def _report_internal_error(error: Exception) -> None:
    summary = " ".join(str(error).split())
    click.echo(f"error[HC909]: internal error: {type(error).__name__}: {summary}", err=True)
    if os.environ.get(TRACEBACK_VARIABLE):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
    else:
        click.echo(f"  = help: run it again with {TRACEBACK_VARIABLE}=1 and report what it prints", err=True)
