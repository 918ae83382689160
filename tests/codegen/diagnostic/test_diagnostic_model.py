"""Diagnostics as values: order, uniqueness, exit codes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_codegen.diagnostic import Diagnostic, ExitCode, Level, Report, exit_code, in_order
from horsies_codegen.source import Place, point


def finding(code: str = "HC101", path: str | None = "a.py", line: int = 1, **rest: str) -> Diagnostic:
    place = None if path is None else Place(path, point(line, 1))
    return Diagnostic(code=code, name="some-rule", level=Level.ERROR, message=rest.get("message", "m"), place=place)


def at_level(level: Level) -> Diagnostic:
    return Diagnostic(code="HC101", name="some-rule", level=level, message="m")


def test_findings_come_by_place_then_code_and_those_without_place_last() -> None:
    ordered = [
        finding(path="a.py", line=2),
        finding(path="a.py", line=10, code="HC101"),
        finding(path="a.py", line=10, code="HC102"),
        finding(path="a.py", line=10, code="HC102", message="n"),
        finding(path="b.py", line=1),
        finding(path=None),
    ]
    shuffled = ordered[:]
    random.Random(7).shuffle(shuffled)
    assert shuffled != ordered
    assert Report.of(shuffled).diagnostics == tuple(ordered)


def test_a_finding_made_twice_is_reported_once() -> None:
    assert in_order([finding(), finding(), finding(line=2)]) == (finding(), finding(line=2))


@given(
    st.lists(st.builds(finding, st.sampled_from(["HC1", "HC2"]), st.sampled_from(["a", "b", None]), st.integers(1, 3)))
)
def test_order_is_one_for_any_order_of_finding(findings: list[Diagnostic]) -> None:
    assert in_order(findings) == in_order(reversed(findings)) == in_order(in_order(findings))


def test_a_diagnostic_with_a_witness_can_be_hashed() -> None:
    first = Diagnostic(code="HC1", name="n", level=Level.ERROR, message="m", witness={"to": [1, None]})
    second = Diagnostic(code="HC1", name="n", level=Level.ERROR, message="m", witness={"to": [1, None]})
    assert len({first, second}) == 1


@pytest.mark.parametrize(
    ("levels", "fail_on", "expected"),
    [
        ([], Level.ERROR, ExitCode.CLEAN),
        ([Level.WARNING, Level.NOTE], Level.ERROR, ExitCode.CLEAN),
        ([Level.ERROR], Level.ERROR, ExitCode.FINDINGS),
        ([Level.NOTE], Level.WARNING, ExitCode.CLEAN),
        ([Level.WARNING], Level.WARNING, ExitCode.FINDINGS),
        ([Level.ERROR], Level.WARNING, ExitCode.FINDINGS),
    ],
)
def test_the_exit_code_follows_the_worst_level(levels: list[Level], fail_on: Level, expected: ExitCode) -> None:
    assert exit_code(Report.of(map(at_level, levels)), fail_on) is expected


def test_a_job_that_could_not_be_done_exits_2_and_says_why() -> None:
    assert exit_code(Report.of([at_level(Level.ERROR)], complete=False)) is ExitCode.FAILED
    with pytest.raises(ValueError, match="must hold the error"):
        Report.of([at_level(Level.WARNING)], complete=False)


@given(st.lists(st.sampled_from(Level)), st.sampled_from(Level), st.booleans())
def test_no_exit_code_but_0_comes_without_a_diagnostic(levels: list[Level], fail_on: Level, complete: bool) -> None:
    try:
        report = Report.of(map(at_level, levels), complete=complete)
    except ValueError:
        return
    assert report.diagnostics or exit_code(report, fail_on) is ExitCode.CLEAN


def test_the_numbers_are_the_documented_ones() -> None:
    assert {code.name: code.value for code in ExitCode} == {"CLEAN": 0, "FINDINGS": 1, "FAILED": 2}


def test_counts() -> None:
    report = Report.of([finding(), finding(line=2), at_level(Level.WARNING)], files=3, tasks=4)
    assert [report.count(level) for level in Level] == [2, 1, 0]
