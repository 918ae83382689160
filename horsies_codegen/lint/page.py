"""The page of a rule as Markdown: from its docstring, with what the rule itself knows added below."""

from __future__ import annotations

import re
from collections.abc import Iterable

from horsies_codegen.lint.rule import Kind, Rule

_EXAMPLE = re.compile(r"^(Bad|Good)::\n\n((?:(?:    .*)?\n)+)", re.MULTILINE)
_LITERAL = re.compile(r"``([^`]+)``")

_REPORTED_BY = {
    Kind.LAW: "`lint` and `build` report it; when the module is loaded, horsies refuses it under the same code.",
    Kind.REFUSAL: "`lint` and `build` report it: without an answer there is no contract.",
    Kind.RULE: "`lint` and `build` report it.",
    Kind.CHANGE: "`breaking` reports it.",
    Kind.TOOL: "The tool reports it of itself.",
}

FAMILIES = (
    ("HC0", "Reading", "What could not be read. A build cannot go on; nothing of it can be suppressed."),
    ("HC1", "Definitions", "Functions, their signatures, and the lists of modules that hold them."),
    ("HC2", "Types on the wire", "What parameters and results are made of."),
    ("HC3", "Errors and retries", "Error codes, exception mappers, retry policies."),
    ("HC4", "Routing", "Queues, timeouts, former names."),
    ("HC5", "Changes", "What a change of contracts breaks; see [compatibility](../compatibility.md)."),
    ("HC9", "The tool", "Generated files, settings, suppressions, baselines."),
)
"""The first digits of codes, what they are about, and a sentence on them."""


def markdown(rule: Rule) -> str:
    """The page of a rule, ending in a line break."""
    return f"# {rule.code}: {rule.name}\n\n{body_of(rule)}\n\n{_facts(rule)}\n"


def body_of(rule: Rule) -> str:
    """The docstring: literals and examples as Markdown has them."""
    return _EXAMPLE.sub(_fenced, _LITERAL.sub(r"`\1`", rule.page + "\n")).strip()


def index(rules: Iterable[Rule]) -> str:
    """The page that lists all others."""
    listed = tuple(rules)
    parts = [
        "# Rules\n\nMade by `horsies-codegen explain --all --out docs/rules`; do not edit. The same pages are printed by "
        "`horsies-codegen explain CODE`.\n"
    ]
    for prefix, title, about in FAMILIES:
        rows = [_row(rule) for rule in listed if rule.code.startswith(prefix)]
        head = "| code | name | what | level | fix |\n|---|---|---|---|---|\n"
        parts.append(f"\n## {prefix}xx: {title}\n\n{about}\n\n{head}{''.join(rows)}")
    return "".join(parts)


def fix_of(rule: Rule) -> str:
    """Which kinds of repair a rule's page speaks of: ``safe``, ``unsafe``, both, or nothing."""
    _, _, fixes = rule.page.partition("\nFix (")
    words = re.findall(r"\b(safe|unsafe)\b", fixes.lower())
    return ", ".join(kind for kind in ("safe", "unsafe") if kind in words)


def _fenced(match: re.Match[str]) -> str:
    code = re.sub(r"^    ", "", match[2], flags=re.MULTILINE).strip("\n")
    return f"{match[1]}:\n\n```python\n{code}\n```\n\n"


def _row(rule: Rule) -> str:
    summary = _LITERAL.sub(r"`\1`", rule.summary).replace("|", "\\|")
    level = "by mode" if rule.kind is Kind.CHANGE else rule.level.value
    return f"| [{rule.code}]({rule.code}.md) | {rule.name} | {summary} | {level} | {fix_of(rule)} |\n"


def _facts(rule: Rule) -> str:
    facts = [_REPORTED_BY[rule.kind]]
    if rule.kind is not Kind.CHANGE:
        facts.append(f"Level: {rule.level.value}.")
    if rule.may_be_suppressed:
        facts.append(
            f"Settings: `select`, `ignore`, `per-file-ignores` and `severity` take `{rule.code}`; on one line it is silenced by "
            f"`# horsies: ignore[{rule.code}] -- why`."
        )
    elif rule.kind is Kind.CHANGE:
        facts.append("An intended one is acknowledged, with a reason and a date.")
    else:
        facts.append("It cannot be silenced.")
    return "\n".join(facts)
