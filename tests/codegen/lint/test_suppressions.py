"""Suppression comments and the selection of codes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from horsies_codegen.config import Config
from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.lint import Selection, check, selection_problems, suppressed
from horsies_codegen.resolve import resolve
from horsies_codegen.source import START, Place, Span, tree_of

HEADER = "from horsies import Horsies, TaskError, TaskResult\napp = Horsies()\n"


def remaining(source: str) -> tuple[list[str], int]:
    """The codes that remain, and how many findings were silenced."""
    tree = tree_of({"tasks.py": HEADER + source})
    judged = suppressed(check(resolve(tree)), tree.files())
    return sorted(finding.code for finding in judged.findings), judged.silenced


def task(comment: str = "", above: str = "") -> str:
    """A task with a mutable default (HC118) on the line of the comment."""
    return (
        f'@app.task("tag")\n{above}'
        f"def tag(*, labels: list[str] = []) -> TaskResult[None, TaskError]:{comment}\n    return TaskResult(ok=None)\n"
    )


def test_a_finding_without_a_comment_remains() -> None:
    assert remaining(task()) == (["HC118"], 0)


@pytest.mark.parametrize(
    "source",
    [
        task("  # horsies: ignore[HC118] -- never changed inside"),
        task("  #horsies:ignore[ HC118 ]--never changed inside"),
        task("  # noqa: B006  # horsies: ignore[HC118] -- never changed inside"),
        task(above="# horsies: ignore[HC118] -- never changed inside\n"),
    ],
)
def test_a_comment_on_the_line_or_alone_above_it_silences(source: str) -> None:
    assert remaining(source) == ([], 1)


def test_a_reason_is_required() -> None:
    assert remaining(task("  # horsies: ignore[HC118]")) == (["HC911"], 1)


@pytest.mark.parametrize("comment", ["# horsies: ignore", "# horsies: ignore -- why", "# horsies: ignore[] -- why"])
def test_a_comment_must_name_codes(comment: str) -> None:
    assert remaining(task(f"  {comment}")) == (["HC118", "HC911"], 0)


def test_an_unknown_code_is_a_finding() -> None:
    assert remaining(task("  # horsies: ignore[HC999] -- why")) == (["HC118", "HC911"], 0)


def test_one_that_silences_nothing_is_a_finding() -> None:
    assert remaining(task("  # horsies: ignore[HC118, HC204] -- why")) == (["HC910"], 1)


def test_what_could_not_be_read_cannot_be_silenced() -> None:
    source = task("  # horsies: ignore[HC003] -- why").replace("list[str] = []", "Missing")
    assert remaining(source) == (["HC003", "HC911"], 0)


def test_a_comment_in_a_string_is_none() -> None:
    source = task('  # a comment\n    """# horsies: ignore[HC118] -- why"""')
    assert remaining(source) == (["HC118"], 0)


def finding(code: str, path: str | None = None) -> Diagnostic:
    """A warning with a code, in a file."""
    place = None if path is None else Place(path, Span(START, START))
    return Diagnostic(code=code, name="n", level=Level.WARNING, message="m", place=place)


def chosen(selection: Selection, findings: Iterable[Diagnostic]) -> list[str]:
    return [item.code for item in selection.apply(findings)]


ALL = [finding(code) for code in ("HC003", "HC101", "HC113", "HC204", "HC901")]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), ["HC003", "HC101", "HC113", "HC204", "HC901"]),
        (Selection(select=("HC1",)), ["HC003", "HC101", "HC113", "HC901"]),
        (Selection(ignore=("HC1",)), ["HC003", "HC204", "HC901"]),
        (Selection(ignore=("HC1",), select=("HC113",)), ["HC003", "HC113", "HC901"]),
        (Selection(select=("HC1",), ignore=("HC113",)), ["HC003", "HC101", "HC901"]),
        (Selection(ignore=("HC0", "HC9")), ["HC003", "HC101", "HC113", "HC204", "HC901"]),
    ],
)
def test_the_longest_match_decides_and_what_was_not_read_is_always_reported(
    selection: Selection, expected: list[str]
) -> None:
    assert chosen(selection, ALL) == expected


def test_codes_can_be_ignored_in_some_files() -> None:
    selection = Selection(per_file_ignores={"tests/*": ("HC1",)})
    findings = [finding("HC101", "tests/a/tasks.py"), finding("HC101", "src/tasks.py"), finding("HC101")]
    assert [item.path for item in selection.apply(findings)] == ["src/tasks.py", None]


def test_a_severity_replaces_the_level() -> None:
    selection = Selection(severity={"HC204": Level.ERROR})
    assert [item.level for item in selection.apply([finding("HC204"), finding("HC113")])] == [
        Level.ERROR,
        Level.WARNING,
    ]


@pytest.mark.parametrize("code", ["HC888", "E501", "HC1011", "hc101", "HC1 01"])
def test_a_code_that_no_rule_has_is_a_finding(code: str) -> None:
    (problem,) = selection_problems(Config(), (code,), (), lambda _: None)
    assert problem.code == "HC907"
    assert repr(code) in problem.message


def test_a_severity_may_name_the_beginning_of_a_code_and_the_longest_decides() -> None:
    selection = Selection(severity={"HC1": Level.NOTE, "HC11": Level.ERROR})
    findings = [finding("HC101"), finding("HC113"), finding("HC204")]
    assert [item.level for item in selection.apply(findings)] == [Level.NOTE, Level.ERROR, Level.WARNING]


@pytest.mark.parametrize(
    ("pattern", "path", "is_ignored"),
    [
        ("tests", "svc/tests/a/tasks.py", True),
        ("legacy_*.py", "svc/src/legacy_mail.py", True),
        ("src/*.py", "svc/src/a.py", True),
        ("src/*.py", "svc/src/deep/a.py", False),
        ("src/**/*.py", "svc/src/deep/a.py", True),
        ("svc/src", "svc/src/a.py", False),
    ],
)
def test_patterns_are_those_of_exclude_and_count_from_the_settings(pattern: str, path: str, is_ignored: bool) -> None:
    selection = Selection(per_file_ignores={pattern: ("HC1",)}, folder="svc")
    assert (chosen(selection, [finding("HC101", path)]) == []) is is_ignored


def test_a_code_in_the_settings_is_pointed_at() -> None:
    config = Config(path="pyproject.toml", per_file_ignores={"tests/*": ("HC101", "mutable-defaults")})
    (problem,) = selection_problems(config, (), (), lambda keys: Place("/".join(keys), Span(START, START)))
    assert problem.path == "per-file-ignores/tests/*"
    assert problem.help == ("did you mean HC118 (mutable-default)?",)
