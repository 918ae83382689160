"""``horsies-codegen explain``: the page of a code."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from horsies_codegen.cli.files import replace_files
from horsies_codegen.cli.output import note
from horsies_codegen.diagnostic import ExitCode
from horsies_codegen.lint import all_rules, find_rule
from horsies_codegen.lint.page import index, markdown


@click.command("explain")
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Print every page, as Markdown.")
@click.option("--out", metavar="DIR", help="With --all: write each page to a file of its own, with an index.")
def command(code: str | None, *, everything: bool, out: str | None) -> None:
    """Say what CODE (or a rule's name) means, with examples; without CODE, list all of them."""
    if out is not None and (not everything or code is not None):
        raise click.UsageError("--out goes with --all")
    if out is not None:
        _write_pages(Path(out))
    elif everything:
        click.echo("\n".join(markdown(rule) for rule in all_rules()), nl=False)
    elif code is None:
        _print_list()
    else:
        _print_page(code)


def _write_pages(folder: Path) -> None:
    pages = {f"{rule.code}.md": markdown(rule) for rule in all_rules()}
    pages["README.md"] = index(all_rules())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_files({str(folder / name): text.encode() for name, text in pages.items()})
    except OSError as error:
        note(f"error: the pages cannot be written: {error}")
        sys.exit(ExitCode.FAILED)
    note(f"{len(pages):,} pages written to {folder.as_posix()}")


def _print_list() -> None:
    for rule in all_rules():
        click.echo(f"{rule.code}  {rule.name:<32} {rule.summary}")


def _print_page(code: str) -> None:
    wanted = code.strip()
    rule = find_rule(wanted.upper()) or next((rule for rule in all_rules() if rule.name == wanted.lower()), None)
    if rule is None:
        note(f"error: no rule has the code or name {wanted!r}; {_instead(wanted)}")
        sys.exit(ExitCode.FAILED)
    click.echo(markdown(rule), nl=False)


def _instead(wanted: str) -> str:
    """What was probably meant: of a code, those that begin like it."""
    start = wanted.upper()
    while len(start) > len("HC") and start.startswith("HC"):
        family = [rule for rule in all_rules() if rule.code.startswith(start)]
        if len(family) == 1:
            return f"did you mean {family[0].code}?"
        if family:
            lines = (f"\n  {rule.code}  {rule.name}" for rule in family)
            return f"those that begin with {start} are{''.join(lines)}"
        start = start[:-1]
    near = difflib.get_close_matches(wanted.lower(), [rule.name for rule in all_rules()], n=1, cutoff=0.4)
    return f"did you mean {near[0]}?" if near else "horsies-codegen explain lists every code"
