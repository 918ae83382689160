"""Every page's examples, run: the bad ones are reported under the page's code, the good ones are clean."""

from __future__ import annotations

import re

import pytest

from horsies_codegen.lint import Kind, Rule, all_rules, check
from horsies_codegen.resolve import resolve
from horsies_codegen.source import tree_of
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, LAWS
from horsies_core.contract.refusals import REFUSALS

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


@pytest.mark.parametrize("rule", JUDGED, ids=named)
def test_the_bad_example_is_reported_and_the_good_one_is_clean(rule: Rule) -> None:
    bad, good = rule.examples("Bad"), rule.examples("Good")
    assert bad
    assert good
    for example in bad:
        assert rule.code in codes(example), example
    for example in good:
        assert codes(example) == set(), example


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_page_begins_with_one_sentence_and_says_more(rule: Rule) -> None:
    first, empty, *rest = rule.page.split("\n")
    assert first.endswith(".")
    assert empty == ""
    assert rest


def test_codes_and_names_are_used_once_and_in_order() -> None:
    listed = [rule.code for rule in RULES]
    assert listed == sorted(set(listed))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_law_and_every_refusal_has_its_page() -> None:
    expected = {law.code: law.name for law in LAWS} | {DUPLICATE_TASK_NAME[0]: DUPLICATE_TASK_NAME[1]}
    assert {rule.code: rule.name for rule in RULES if rule.kind is Kind.LAW} == expected
    refusals = {rule.code: rule.name for rule in RULES if rule.kind is Kind.REFUSAL}
    assert {code: refusal.name for code, refusal in REFUSALS.items()}.items() <= refusals.items()
