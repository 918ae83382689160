"""``horsies-codegen schema``: the JSON Schema of one task, from its source."""

from __future__ import annotations

import difflib
import sys

import click

from horsies_codegen.cli.options import config_option, settings
from horsies_codegen.cli.output import finish, note, print_report
from horsies_codegen.diagnostic import ExitCode
from horsies_codegen.diagnostic.render import Format
from horsies_codegen.emit import schema_text
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline import analyse, gated, lock_entries
from horsies_codegen.source import discover
from horsies_core.contract.schema import parameters_schema, result_schema
from horsies_core.contract.task import TaskContract


@click.command("schema")
@click.argument("task")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--result", is_flag=True, help="The schema of the result instead of the payload.")
@config_option
def command(task: str, paths: tuple[str, ...], *, result: bool, config_path: str | None) -> None:
    """Print the JSON Schema of the payload of TASK, found under PATH."""
    config = settings(config_path, paths, Format.FULL)
    with discover(config.paths, exclude=config.exclude, roots=config.roots) as tree:
        analysis = gated(analyse(tree, config, Selection.of(config)))
        if analysis.has_errors:
            report = analysis.report()
            print_report(report, Format.FULL, tree.text)
            finish(report)
    contract = _find(task, [entry.contract for entry in lock_entries(analysis.resolution)])
    click.echo(schema_text(result_schema(contract) if result else parameters_schema(contract)), nl=False)


def _find(task: str, contracts: list[TaskContract]) -> TaskContract:
    found = next((contract for contract in contracts if contract.name == task), None)
    if found is None:
        near = difflib.get_close_matches(task, [contract.name for contract in contracts], n=1)
        remedy = f"; did you mean {near[0]!r}?" if near else ""
        note(f"error: none of the {len(contracts):,} tasks is called {task!r}{remedy}")
        sys.exit(ExitCode.FAILED)
    return found
