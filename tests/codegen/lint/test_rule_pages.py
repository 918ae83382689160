"""The pages of rules: as Markdown, on the command line and in ``docs/rules``, which must be fresh."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rule_examples import named

from horsies_codegen.cli import main
from horsies_codegen.lint import Kind, Rule, all_rules
from horsies_codegen.lint.page import FAMILIES, fix_of, index, markdown

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs/rules"


def test_the_committed_pages_are_those_of_the_docstrings() -> None:
    """``make generate`` writes them anew."""
    expected = {f"{rule.code}.md": markdown(rule) for rule in all_rules()} | {"README.md": index(all_rules())}
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("rule", all_rules(), ids=named)
def test_a_page_has_all_its_parts(rule: Rule) -> None:
    page = markdown(rule)
    assert page.startswith(f"# {rule.code}: {rule.name}\n\n")
    assert "``" not in page.replace("```", "")
    assert "::\n" not in page
    if rule.kind in (Kind.LAW, Kind.REFUSAL, Kind.RULE):
        assert page.count("```python\n") == len(rule.examples("Bad")) + len(rule.examples("Good"))
        assert page.count("```") % 2 == 0
        assert "Level: " in page
    if rule.may_be_suppressed:
        assert f"# horsies: ignore[{rule.code}] -- why" in page


def test_the_index_lists_every_rule_once() -> None:
    listed = re.findall(r"^\| \[(HC\d{3})\]\((HC\d{3})\.md\)", index(all_rules()), re.MULTILINE)
    assert listed == [(rule.code, rule.code) for rule in all_rules()]
    assert {rule.code[:3] for rule in all_rules()} == {prefix for prefix, _, _ in FAMILIES}


@pytest.mark.parametrize(
    ("code", "fix"),
    [("HC101", "safe, unsafe"), ("HC105", "unsafe"), ("HC106", ""), ("HC111", "safe"), ("HC910", "safe")],
)
def test_the_index_says_which_repairs_there_are(code: str, fix: str) -> None:
    assert fix_of(next(rule for rule in all_rules() if rule.code == code)) == fix


def test_there_are_more_than_fifty_rules_on_what_users_write() -> None:
    judged = [rule for rule in all_rules() if rule.kind in (Kind.LAW, Kind.REFUSAL, Kind.RULE)]
    assert len(judged) > 50


def test_pages_can_be_written_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main(["explain", "--all", "--out", str(tmp_path / "rules")])
        assert ended.value.code in (0, None)
    assert len(list((tmp_path / "rules").iterdir())) == len(all_rules()) + 1
    with pytest.raises(SystemExit) as ended:
        main(["explain", "HC101", "--out", str(tmp_path)])
    assert ended.value.code == 2
    capsys.readouterr()
