"""The examples on the pages of rules, as files that can be linted and imported."""

from __future__ import annotations

import re

from horsies_codegen.lint import Kind, Rule, all_rules, check
from horsies_codegen.resolve import resolve
from horsies_codegen.source import tree_of

PRELUDE = """\
from horsies import AppConfig, Horsies, JsonValue, QueueConfig, QueueMode, RetryPolicy, TaskError, TaskResult
"""
RULES = all_rules()
JUDGED = [rule for rule in RULES if rule.kind in (Kind.LAW, Kind.REFUSAL, Kind.RULE)]


def sources(example: str) -> dict[str, str]:
    """The files of an example: one, or those behind ``# file:`` lines. A lone one gets the usual imports and an app."""
    parts = re.split(r"^# file: (\S+)\n", example, flags=re.MULTILINE)
    if len(parts) > 1:
        return {"shop/__init__.py": "", **dict(zip(parts[1::2], parts[2::2], strict=True))}
    app = "" if re.search(r"^app = ", example, re.MULTILINE) else "app = Horsies()\n"
    return {"tasks.py": PRELUDE + app + example}


def codes(example: str) -> set[str]:
    """The codes that an example is reported under."""
    return {finding.code for finding in check(resolve(tree_of(sources(example))))}


def named(rule: Rule) -> str:
    return f"{rule.code}-{rule.name}"
