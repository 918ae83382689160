"""Every format, as it looks: snapshots, schemas, and the points where formats are broken in practice."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from diagnostic_samples import REPORT, TEXTS, json_validator, sarif_validator
from syrupy.assertion import SnapshotAssertion

from horsies_codegen.diagnostic import PLAIN, Diagnostic, Level, Report, Style
from horsies_codegen.diagnostic.render import Format, render, render_summary
from horsies_codegen.diagnostic.render.machine import REPORT_SCHEMA_FILE
from horsies_codegen.source import Place, Position, SourceText, Span, point


def sources(path: str) -> str | None:
    return TEXTS.get(path)


def one(text: str, span: Span, message: str = "m", label: str | None = None, style: Style = PLAIN) -> list[str]:
    """The rows of a full report on one finding."""
    finding = Diagnostic(
        code="HC101", name="n", level=Level.ERROR, message=message, place=Place("a.py", span), label=label
    )
    return render(Report.of([finding]), Format.FULL, {"a.py": text}.get, style).split("\n")


@pytest.mark.parametrize("form", Format)
def test_every_format_as_it_looks(form: Format, snapshot: SnapshotAssertion) -> None:
    assert render(REPORT, form, sources) == snapshot


def test_full_with_colours(snapshot: SnapshotAssertion) -> None:
    text = render(REPORT, Format.FULL, sources, Style(color=True))
    assert text.replace("\x1b", "␛") == snapshot


@pytest.mark.parametrize("form", [Format.FULL, Format.CONCISE])
def test_colours_change_nothing_but_colours(form: Format) -> None:
    colored = render(REPORT, form, sources, Style(color=True))
    assert "\x1b[1;31m" in colored
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == render(REPORT, form, sources)


@pytest.mark.parametrize("form", Format)
def test_without_colour_nothing_steers_the_terminal(form: Format) -> None:
    assert "\x1b" not in render(REPORT, form, sources)


@pytest.mark.parametrize("form", Format)
def test_an_empty_report(form: Format, snapshot: SnapshotAssertion) -> None:
    assert render(Report(), form, sources) == snapshot


def test_json_validates_against_the_published_schema() -> None:
    jsonschema_rs.meta.validate(json.loads(REPORT_SCHEMA_FILE.read_text()))
    for report in (REPORT, Report(), replace(REPORT, against="origin/main")):
        json_validator().validate(json.loads(render(report, Format.JSON, sources)))


def test_the_published_schema_is_closed() -> None:
    validator = json_validator()
    document = json.loads(render(REPORT, Format.JSON, sources))
    assert validator.is_valid(document)
    for spoil in ("extra", "version"):
        assert not validator.is_valid({**document, spoil: 99})
    first = document["findings"][0]
    for change in ({"level": "fatal"}, {"path": None}, {"range": None}, {"fingerprint": "1"}, {"column": 3}):
        assert not validator.is_valid({**document, "findings": [{**first, **change}]})


def test_sarif_validates_against_the_official_schema() -> None:
    for report in (REPORT, Report()):
        sarif_validator().validate(json.loads(render(report, Format.SARIF, sources)))


def test_sarif_and_json_carry_the_same_fingerprints() -> None:
    findings = json.loads(render(REPORT, Format.JSON, sources))["findings"]
    (run,) = json.loads(render(REPORT, Format.SARIF, sources))["runs"]
    assert [result["partialFingerprints"]["horsies/v1"] for result in run["results"]] == [
        finding["fingerprint"] for finding in findings
    ]
    assert all(
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"]
    )


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("../é#?.py", "../%C3%A9%23%3F.py"),
        ("a:b.py", "a%3Ab.py"),
        ("/tmp/a.py", "file:///tmp/a.py"),
        ("C:/src/a.py", "file:///C:/src/a.py"),
        ("caf\udce9.py", "caf%E9.py"),
        ("half\ud800.py", "half%5Cud800.py"),
    ],
)
def test_sarif_writes_paths_as_uris(path: str, uri: str) -> None:
    report = Report.of([Diagnostic(code="H", name="n", level=Level.NOTE, message="m", place=Place(path, point(1, 1)))])
    result: Any = json.loads(render(report, Format.SARIF, sources))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_workflow_command_cannot_be_broken_out_of() -> None:
    place = Place("a,b:c.py\n::warning::x", point(1, 2))
    message = "100% of\r\n::error::it\x1b[0m"
    finding = Diagnostic(
        code="HC1", name="a,b:c", level=Level.NOTE, message=message, place=place, help=("one\n::stop-commands::x",)
    )
    text = render(Report.of([finding]), Format.GITHUB, sources)
    assert text.count("\n") == 1
    head, _, data = text.removeprefix("::notice ").partition("::")
    assert head == ("file=a%2Cb%3Ac.py\\x0a%3A%3Awarning%3A%3Ax,line=1,endLine=1,col=2,endColumn=2,title=HC1 a%2Cb%3Ac")
    assert "100%25 of\\x0d\\x0a::error::it\\x1b[0m%0Ahelp: one%0A::stop-commands::x\n" in data


def test_junit_is_one_suite_a_file_and_counts_right() -> None:
    root = ElementTree.fromstring(render(REPORT, Format.JUNIT, sources))
    suites = root.findall("testsuite")
    paths = sorted({finding.path for finding in REPORT.diagnostics if finding.path})
    assert [suite.get("name") for suite in suites] == [*paths, "horsies-codegen"]
    assert int(root.get("tests", 0)) == len(root.findall(".//testcase")) == len(REPORT.diagnostics)
    assert int(root.get("failures", 0)) == len(root.findall(".//failure")) == REPORT.count(Level.ERROR)
    for suite in suites:
        assert int(suite.get("failures", 0)) == len(suite.findall(".//failure"))


def test_junit_survives_what_xml_cannot_say() -> None:
    finding = Diagnostic(
        code="HC1", name="n", level=Level.ERROR, message='<&">\x00\ufffe]]>', help=("\x0c", "line\nline")
    )
    (failure,) = ElementTree.fromstring(render(Report.of([finding]), Format.JUNIT, sources)).iter("failure")
    assert failure.get("message") == '<&">\\x00\ufffd]]>'
    assert failure.text is not None
    assert failure.text.endswith("help: \\x0c\nhelp: line\nline")


@pytest.mark.parametrize("form", [Format.FULL, Format.CONCISE, Format.JSON, Format.SARIF])
def test_a_report_goes_out_in_any_encoding(form: Format) -> None:
    finding = Diagnostic(code="HC1", name="n", level=Level.ERROR, message="\udce9", place=Place("\udce9", point(1, 1)))
    text = render(Report.of([finding]), form, {"\udce9": "x\udce9"}.get)
    text.encode("utf-8")
    if form in (Format.JSON, Format.SARIF):
        text.encode("ascii")


def test_json_says_numbers_that_json_lacks_as_text() -> None:
    finding = Diagnostic(
        code="HC1", name="n", level=Level.ERROR, message="m", witness={"a": [float("nan"), 10**5000, True, 1.5, None]}
    )
    (found,) = json.loads(render(Report.of([finding]), Format.JSON, sources))["findings"]
    assert found["witness"] == {"a": ["nan", hex(10**5000), True, 1.5, None]}


# Excerpts


def test_a_caret_stands_under_each_character_of_the_token() -> None:
    assert one("x = name + 1\n", Span(Position(1, 5), Position(1, 9)), label="here") == [
        "error[HC101]: m",
        " --> a.py:1:5",
        "  |",
        "1 | x = name + 1",
        "  |     ^^^^ here",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("line", "token", "markers"),
    [
        ("\tname", "name", "    ^^^^"),
        ("a\tname", "name", "    ^^^^"),
        ("日本, name", "name", "      ^^^^"),
        ("日本, name", "本", "  ^^"),
        ("'👩\u200d💻', name", "name", "      ^^^^"),
        ("'👩\u200d💻', name", "👩\u200d💻", " ^^"),
        ("'e\u0301', name", "name", "     ^^^^"),
        ("'e\u0301', name", "\u0301", "  ^"),
        ("'\x1b[0m', name", "name", "           ^^^^"),
        ("'\u202e', name", "\u202e", " ^^^^^^"),
        ("name", "", "^"),
    ],
)
def test_carets_align_on_a_terminal(line: str, token: str, markers: str) -> None:
    at = line.index(token)
    rows = one(f"{line}\n", SourceText(line).span(at, at + len(token)))
    assert rows[4] == f"  | {markers}"


@pytest.mark.parametrize(
    ("span", "markers"),
    [
        (Span(Position(1, 3), Position(1, 99)), "  ^^^"),
        (Span(Position(1, 99), Position(1, 120)), "     ^"),
        (point(1, 6), "     ^"),
        (Span(Position(1, 3), Position(2, 1)), "  ^^^"),
        (Span(Position(1, 4), Position(1, 2)), "   ^"),
        (Span(Position(1, 1), Position(9, 9)), "^^^^^"),
    ],
)
def test_spans_that_reach_beyond_the_text_are_marked_as_far_as_there_is_text(span: Span, markers: str) -> None:
    assert one("12345", span)[4] == f"  | {markers}"


def test_a_span_that_takes_only_the_break_of_its_last_line_ends_on_the_line_above() -> None:
    assert one("12345\nb", Span(Position(1, 3), Position(2, 1)))[3:5] == ["1 | 12345", "  |   ^^^"]


@pytest.mark.parametrize("line", [0, -1, 3])
def test_a_line_that_is_not_there_has_no_excerpt(line: int) -> None:
    assert one("a\nb", point(line, 1), label="gone") == [
        "error[HC101]: m",
        f"{' ' * len(str(line))}--> a.py:{line}:1",
        f"{' ' * len(str(line))} | gone",
        "",
        "",
    ]


def test_a_span_over_lines_that_begins_a_line() -> None:
    assert one("a\n  f(\n    x,\n  )\nb\n", Span(Position(2, 3), Position(4, 4)), label="this call")[2:-2] == [
        "  |",
        "2 | /   f(",
        "3 | |     x,",
        "4 | |   )",
        "  | |___^ this call",
    ]


def test_a_span_over_lines_that_begins_within_a_line() -> None:
    assert one("a = f(\n    x,\n)\n", Span(Position(1, 5), Position(3, 2)))[2:-2] == [
        "  |",
        "1 |   a = f(",
        "  |  _____^",
        "2 | |     x,",
        "3 | | )",
        "  | |_^",
    ]


def test_a_long_span_leaves_out_its_middle() -> None:
    text = "f(\n" + "".join(f"  {number},\n" for number in range(2, 12)) + ")\n"
    assert one(text, Span(Position(1, 1), Position(12, 2)))[2:-2] == [
        "   |",
        " 1 | / f(",
        " 2 | |   2,",
        " 3 | |   3,",
        " 4 | |   4,",
        "   : |",
        "11 | |   11,",
        "12 | | )",
        "   | |_^",
    ]


@pytest.mark.parametrize(("before", "after"), [(0, 500), (500, 0), (300, 300), (30, 500), (2, 200), (500, 2)])
def test_a_long_line_is_cut_around_the_caret(before: int, after: int) -> None:
    line = f"{'<' * before}name{'>' * after}"
    rows = one(line, Span(Position(1, before + 1), Position(1, before + 5)), style=Style(width_cells=80))
    shown, markers = rows[3], rows[4]
    assert len(shown) <= 80
    assert shown[markers.index("^") : markers.rindex("^") + 1] == "name"
    assert shown.startswith("1 | ...<") is ("..." in shown.split("name")[0])
    assert ("..." in shown.partition("name")[2]) is (shown.partition("name")[2].count(">") < after)


def test_a_line_of_megabytes_is_not_measured_whole() -> None:
    line = f"X = '{'日' * 5_000_000}', name"
    rows = one(line, SourceText(line).span(len(line) - 4, len(line)))
    assert rows[3].startswith("1 | ...日")
    assert rows[3].endswith("日', name")
    assert rows[4].endswith(" ^^^^")


def test_text_of_the_user_cannot_paint_the_terminal() -> None:
    rows = "\n".join(one("x = '\x1b]0;title\x07\x9b2J'\r\n", point(1, 1), "\x1b[2J", "\u202elabel"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", rows)
    assert "\\x1b]0;title\\x07\\x9b2J'" in rows


# Summary


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (Report(files=1, tasks=0), "checked 0 tasks in 1 file: nothing to report\n"),
        (
            Report(files=3, tasks=1, against="origin/main"),
            "compared 1 task in 3 files against origin/main: nothing to report\n",
        ),
        (
            REPORT,
            "checked 34 tasks in 12 files: 4 errors, 3 warnings, 1 note\n"
            "1 can be repaired with --fix\n"
            "1 more with --fix --unsafe-fixes, which may change what the program does\n"
            "`horsies-codegen explain HC003` says more\n",
        ),
        (
            Report.of([Diagnostic(code="HC9", name="n", level=Level.ERROR, message="m")], complete=False),
            "checked 0 tasks in 0 files: 1 error\n"
            "the job could not be done; what was not found says nothing\n"
            "`horsies-codegen explain HC9` says more\n",
        ),
    ],
)
def test_a_run_ends_with_what_it_did(report: Report, text: str) -> None:
    assert render_summary(report) == text
