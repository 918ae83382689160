"""Whatever a report holds: no renderer raises, and what it prints keeps its form."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from diagnostic_samples import json_validator, sarif_validator
from hypothesis import given, settings
from hypothesis import strategies as st

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Level, Related, Report, Safety, Style
from horsies_codegen.diagnostic.cells import width_of
from horsies_codegen.diagnostic.excerpt import MAX_LINES, excerpt
from horsies_codegen.diagnostic.render import Format, render, render_summary
from horsies_codegen.source import Place, Position, SourceText, Span

ODD = st.sampled_from(list('ab \t\r\n\x00\x1b\x9b\u202e\u2028日😀\u200d\ufe0f\u0301🏽\ud800\udce9\ufffe%:,<&"]'))
TEXTS = st.text(alphabet=st.one_of(ODD, st.characters()), max_size=80)
WORDS = st.text(alphabet=st.one_of(ODD, st.characters()), max_size=12)
PATHS = st.one_of(st.sampled_from(["a.py", "b.py"]), WORDS)
POSITIONS = st.builds(Position, st.integers(-1, 9), st.integers(-1, 30))
SPANS = st.builds(Span, POSITIONS, POSITIONS)
PLACES = st.builds(Place, PATHS, SPANS)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
FIXES = st.builds(Fix, WORDS, st.sampled_from(Safety), st.lists(st.builds(Edit, PLACES, WORDS), max_size=2).map(tuple))
DIAGNOSTICS = st.builds(
    Diagnostic,
    code=WORDS,
    name=WORDS,
    level=st.sampled_from(Level),
    message=TEXTS,
    place=st.none() | PLACES,
    label=st.none() | WORDS,
    related=st.lists(st.builds(Related, PLACES, WORDS), max_size=2).map(tuple),
    help=st.lists(TEXTS, max_size=2).map(tuple),
    notes=st.lists(TEXTS, max_size=2).map(tuple),
    fix=st.none() | FIXES,
    task=st.none() | WORDS,
    pointer=st.none() | WORDS,
    witness=JSON,
)
REPORTS = st.builds(
    Report.of,
    st.lists(DIAGNOSTICS, max_size=3),
    files=st.integers(0, 10**6),
    tasks=st.integers(0, 10**6),
    against=st.none() | WORDS,
)
STYLES = st.builds(Style, st.booleans(), st.integers(1, 200))

JSON_VALIDATOR = json_validator()
SARIF_VALIDATOR = sarif_validator()
COLOR = re.compile("\x1b\\[[0-9;]*m")


def no_text(_path: str) -> None:
    """There is nothing to show."""


@given(REPORTS, TEXTS, TEXTS, st.sampled_from(Format), STYLES)
def test_no_renderer_raises_and_all_output_is_text(
    report: Report, first: str, second: str, form: Format, style: Style
) -> None:
    text = render(report, form, {"a.py": first, "b.py": second}.get, style)
    text.encode("utf-8")
    assert text == "" or text.endswith("\n")
    plain = COLOR.sub("", text) if style.color else text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", plain)
    render_summary(report).encode("utf-8")


@given(REPORTS, TEXTS)
def test_json_always_validates(report: Report, text: str) -> None:
    document = json.loads(render(report, Format.JSON, {"a.py": text}.get))
    JSON_VALIDATOR.validate(document)
    assert [finding["code"].encode() for finding in document["findings"]] == [
        finding.code.encode("utf-8", "backslashreplace") for finding in report.diagnostics
    ]


@given(REPORTS, TEXTS)
def test_sarif_always_validates(report: Report, text: str) -> None:
    SARIF_VALIDATOR.validate(json.loads(render(report, Format.SARIF, {"a.py": text}.get)))


@given(REPORTS)
def test_junit_is_always_well_formed(report: Report) -> None:
    root = ElementTree.fromstring(render(report, Format.JUNIT, no_text))
    assert len(root.findall(".//testcase")) == max(len(report.diagnostics), 1)


@given(REPORTS, st.sampled_from([Format.CONCISE, Format.GITHUB]))
def test_a_line_a_finding(report: Report, form: Format) -> None:
    assert render(report, form, no_text).count("\n") == len(report.diagnostics)


@given(REPORTS, TEXTS, STYLES)
def test_a_renderer_is_a_function(report: Report, text: str, style: Style) -> None:
    for form in Format:
        assert render(report, form, {"a.py": text}.get, style) == render(report, form, {"a.py": text}.get, style)


@given(TEXTS, SPANS, st.integers(1, 60))
@settings(max_examples=400)
def test_an_excerpt_ends_in_markers_and_has_as_many_rows_as_the_span_has_lines(
    text: str, span: Span, width_cells: int
) -> None:
    source = SourceText(text)
    rows = excerpt(source, span, "^", width_cells)
    if not 1 <= span.start.line <= source.line_count:
        assert rows == []
        return
    numbers = [row.number for row in rows if row.number is not None]
    assert numbers[0] == span.start.line
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= MAX_LINES
    assert rows[-1].is_marker
    assert rows[-1].text.endswith("^")
    marker_rows = sum(row.is_marker for row in rows)
    assert marker_rows == 1 or (len(numbers) > 1 and marker_rows == 2)
    left_out = numbers[-1] - numbers[0] + 1 > len(numbers)
    assert len(rows) == len(numbers) + marker_rows + left_out


@given(TEXTS, st.data())
def test_markers_are_as_wide_as_what_they_mark(text: str, data: st.DataObject) -> None:
    source = SourceText(text)
    number = data.draw(st.integers(1, source.line_count))
    line = source.line(number)
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    span = Span(Position(number, start + 1), Position(number, end + 1))
    shown, markers = excerpt(source, span, "^", 100_000)
    assert markers.text.count("^") == max(width_of(line[:end]) - width_of(line[:start]), 1)
    assert markers.text.index("^") == width_of(line[:start])
    assert width_of(line.rstrip()) >= 0
    assert shown.number == number


@given(
    st.text(alphabet=st.sampled_from("ab日😀\t\u0301\x1b"), min_size=1, max_size=300), st.data(), st.integers(12, 80)
)
def test_a_cut_line_fits_and_still_shows_what_is_marked(line: str, data: st.DataObject, width_cells: int) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, min(start + 3, len(line))))
    source = SourceText(line)
    shown, markers = excerpt(source, source.span(start, end), "^", width_cells)
    assert width_of(shown.text) <= width_cells
    assert width_of(markers.text) <= width_cells + 1, "one more is the place behind the last character"
