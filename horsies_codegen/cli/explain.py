"""``horsies-codegen explain``: the page of a code."""

from __future__ import annotations

import difflib
import sys

import click

from horsies_codegen.cli.output import note
from horsies_codegen.diagnostic import ExitCode
from horsies_codegen.lint import Rule, all_rules, find_rule


@click.command("explain")
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Print every page, as Markdown.")
def command(code: str | None, *, everything: bool) -> None:
    """Say what CODE (or a rule's name) means, with examples; without CODE, list all of them."""
    if everything:
        click.echo("\n".join(page_of(rule) for rule in all_rules()), nl=False)
    elif code is None:
        _print_list()
    else:
        _print_page(code)


def page_of(rule: Rule) -> str:
    """The page of a rule as Markdown."""
    heading = f"# {rule.code}: {rule.name}"
    facts = (
        f"Reported as {rule.level.value} by the {rule.kind.value}."
        if rule.kind != "tool"
        else "Reported by the tool itself."
    )
    silence = " It cannot be suppressed." if not rule.may_be_suppressed else ""
    return f"{heading}\n\n{rule.page}\n\n{facts}{silence}\n"


def _print_list() -> None:
    for rule in all_rules():
        click.echo(f"{rule.code}  {rule.name:<32} {rule.summary}")


def _print_page(code: str) -> None:
    wanted = code.strip()
    rule = find_rule(wanted.upper()) or next((rule for rule in all_rules() if rule.name == wanted.lower()), None)
    if rule is None:
        names = [name for rule in all_rules() for name in (rule.code, rule.name)]
        near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
        remedy = f"did you mean {near[0]}?" if near else "horsies-codegen explain lists every code"
        note(f"error: no rule has the code or name {wanted!r}; {remedy}")
        sys.exit(ExitCode.FAILED)
    click.echo(page_of(rule), nl=False)
