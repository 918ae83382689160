"""The old code base of examples/legacy, in every format that programs read."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from diagnostic_samples import json_validator, sarif_validator
from syrupy.assertion import SnapshotAssertion

from horsies_codegen.cli import main

LEGACY = Path(__file__).parents[3] / "examples/legacy"
EVERY_HABIT = {
    "HC001", "HC005", "HC101", "HC102", "HC103", "HC104", "HC105", "HC106", "HC107", "HC109", "HC110", "HC111", "HC112",
    "HC113", "HC114", "HC116", "HC117", "HC119", "HC120", "HC121", "HC123", "HC126", "HC127", "HC201", "HC202", "HC206",
    "HC207", "HC208", "HC301", "HC302", "HC303", "HC304", "HC305", "HC306", "HC307", "HC308", "HC309", "HC401", "HC403",
    "HC910",
}  # fmt: skip


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    monkeypatch.chdir(LEGACY)

    def run(form: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["lint", "shop", "--no-cache", "--format", form])
        assert ended.value.code == 1
        return capsys.readouterr().out

    return run


def test_there_are_fifty_functions_with_every_habit(printed: Callable[[str], str]) -> None:
    decorated = sum(path.read_text(encoding="utf-8").count("app.task") for path in LEGACY.rglob("*.py"))
    assert decorated >= 50
    findings = json.loads(printed("json"))["findings"]
    assert len(findings) > 200
    assert {finding["code"] for finding in findings} == EVERY_HABIT


def test_what_is_said_of_it(printed: Callable[[str], str], snapshot: SnapshotAssertion) -> None:
    assert printed("concise") == snapshot


def test_json_is_that_of_the_published_schema_sorted_and_unique(printed: Callable[[str], str]) -> None:
    document = json.loads(printed("json"))
    json_validator().validate(document)
    places = [
        (item["path"], item["range"]["start"]["line"], item["range"]["start"]["column"], item["code"], item["message"])
        for item in document["findings"]
    ]
    assert len(set(places)) == len(places)
    assert [place[:3] for place in places] == sorted(place[:3] for place in places)
    assert len({item["fingerprint"] for item in document["findings"]}) == len(places)


def test_ranges_stand_on_tokens(printed: Callable[[str], str]) -> None:
    """Every range begins and ends where a word or a sign does."""
    for item in json.loads(printed("json"))["findings"]:
        lines = (LEGACY / item["path"]).read_text(encoding="utf-8").split("\n")
        start, end = item["range"]["start"], item["range"]["end"]
        assert start["column"] <= len(lines[start["line"] - 1]) + 1
        if start["line"] == end["line"] and start["column"] < end["column"]:
            text = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]
            assert text == text.strip()


def test_sarif_is_that_of_the_official_schema(printed: Callable[[str], str]) -> None:
    document = json.loads(printed("sarif"))
    sarif_validator().validate(document)
    assert len(document["runs"][0]["results"]) > 200


def test_junit_and_github_have_a_place_for_each(printed: Callable[[str], str]) -> None:
    root = ElementTree.fromstring(printed("junit"))
    lines = printed("github").splitlines()
    assert int(root.get("tests", 0)) == len(lines) > 200
    assert all(re.match(r"::(error|warning|notice) file=shop/\w+\.py,line=\d+", line) for line in lines)


def test_what_all_repairs_make_of_it_is_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (LEGACY / "shop").glob("*.py"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "search.py").unlink()
    monkeypatch.chdir(tmp_path.parent)
    with pytest.raises(SystemExit):
        main(["lint", tmp_path.name, "--fix", "--unsafe-fixes", "--statistics"])
    for path in tmp_path.glob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))
