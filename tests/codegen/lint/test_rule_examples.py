"""Every page's examples, run: the bad ones are reported under the page's code, the good ones are clean."""

from __future__ import annotations

import pytest
from rule_examples import JUDGED, RULES, codes, named

from horsies_codegen.lint import Kind, Rule
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, LAWS
from horsies_core.contract.refusals import REFUSALS


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
    assert expected.items() <= {rule.code: rule.name for rule in RULES if rule.kind is Kind.LAW}.items()
    refusals = {rule.code: rule.name for rule in RULES if rule.kind is Kind.REFUSAL}
    assert {code: refusal.name for code, refusal in REFUSALS.items()}.items() <= refusals.items()
