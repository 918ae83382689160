"""The entry point: which commands there are, and the last resort for what none of them expected."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import NoReturn, cast

import click
from typing_extensions import override

from horsies_core.outcome.errors import HorsiesError

TRACEBACK_VARIABLE = "HORSIES_TRACEBACK"
COULD_NOT = 2

COMMANDS: Mapping[str, tuple[str, str]] = {
    "worker": ("horsies_core.cli.worker", "Run tasks."),
    "check": ("horsies_core.cli.check", "Import an app with its tasks and report everything that is wrong."),
    "migrate": ("horsies_core.cli.migrate", "Create the tables, or bring them up to date."),
    "live": ("horsies_core.cli.live", "Print which contracts occur among live rows, for horsies-codegen breaking."),
    "grants": ("horsies_core.cli.grants", "Print what a role needs that sends, runs or watches tasks."),
    "status": ("horsies_core.cli.status", "Show what waits, runs and has ended, and who works."),
}
"""Every command with its module and its line on the help page, in that order."""

HIDDEN: Mapping[str, str] = {"describe": "horsies_core.cli.describe"}
"""What programs call, not people."""


class _ReaderLeftError(Exception):
    """Nobody reads stdout any more. No OSError, of which click would make an exit with 1 that says nothing."""


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS[cmd_name][0] if cmd_name in COMMANDS else HIDDEN.get(cmd_name)
        return None if module is None else cast("click.Command", importlib.import_module(module).command)

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
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="horsies", prog_name="horsies")
@click.option("--traceback", "with_traceback", is_flag=True, help=f"Show tracebacks (or set {TRACEBACK_VARIABLE}).")
def _group(*, with_traceback: bool) -> None:
    """Run background tasks on Postgres.

    APP is written MODULE:NAME, such as shop.app:app. Exit codes: 0 done, 1 something is wrong, 2 could not do the job.
    """
    if with_traceback:
        os.environ[TRACEBACK_VARIABLE] = "1"


def _instead(name: str) -> str:
    """The command that was probably meant."""
    from difflib import get_close_matches  # needed here alone, and this module is part of every start

    near = get_close_matches(name.lower(), COMMANDS, n=1, cutoff=0.5)
    return f". Did you mean {near[0]!r}?" if near else f"; there are {', '.join(COMMANDS)}."


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code."""
    try:
        _group.main(args=None if arguments is None else list(arguments), prog_name="horsies")
    except _ReaderLeftError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered goes nowhere
        with contextlib.suppress(BrokenPipeError):  # it may have read stderr too
            click.echo("error: whoever read the output has left before its end", err=True)
    except HorsiesError as error:
        _report(str(error), error)
    except Exception as error:  # noqa: BLE001 - the last resort: whatever arrives here is a defect of ours
        _report(f"internal error: {type(error).__name__}: {error}", error)
    sys.exit(COULD_NOT)


def _report(message: str, error: Exception) -> None:
    wants_traceback = bool(os.environ.get(TRACEBACK_VARIABLE))
    if wants_traceback:
        click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(f"error: {message}", err=True)
    is_plain = isinstance(error, HorsiesError) and error.__cause__ is None
    if not (wants_traceback or is_plain):
        click.echo(f"  (set {TRACEBACK_VARIABLE}=1 to see where it comes from)", err=True)
