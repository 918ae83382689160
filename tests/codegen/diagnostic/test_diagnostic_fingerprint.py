"""Fingerprints survive what does not touch the finding's own line."""

from __future__ import annotations

from horsies_codegen.diagnostic import Diagnostic, Level, fingerprints
from horsies_codegen.source import Place, point


def finding(line: int, code: str = "HC101", path: str = "a.py", task: str | None = "send") -> Diagnostic:
    place = Place(path, point(line, 1))
    return Diagnostic(code=code, name="n", level=Level.ERROR, message="m", place=place, task=task)


def prints(text: str, *findings: Diagnostic) -> tuple[str, ...]:
    return fingerprints(findings, {"a.py": text, "b.py": text}.get)


def test_moving_and_indenting_a_line_keeps_its_fingerprint() -> None:
    assert prints("def f(x): ...\n", finding(1)) == prints("import os\n\n    def f(x): ...\n", finding(3))


def test_another_message_or_level_keeps_it() -> None:
    softer = Diagnostic(
        code="HC101", name="n", level=Level.NOTE, message="other words", place=finding(1).place, task="send"
    )
    assert prints("x\n", finding(1)) == prints("x\n", softer)


def test_editing_the_line_changes_it() -> None:
    assert prints("def f(x): ...\n", finding(1)) != prints("def f(y): ...\n", finding(1))


def test_code_path_and_task_are_part_of_it() -> None:
    variants = [finding(1), finding(1, code="HC102"), finding(1, path="b.py"), finding(1, task=None)]
    assert len({prints("x\n", variant) for variant in variants}) == 4


def test_findings_alike_are_told_apart_by_their_order() -> None:
    twice = prints("x\nx\n", finding(1), finding(2))
    assert len(set(twice)) == 2
    assert prints("x\n", finding(1)) == twice[:1]


def test_parts_cannot_run_into_each_other() -> None:
    assert prints("b\n", finding(1, task="c")) != prints("bc\n", finding(1, task=""))


def test_without_place_or_text_there_is_still_one() -> None:
    bare = Diagnostic(code="HC001", name="n", level=Level.ERROR, message="m")
    (fingerprint,) = fingerprints([bare], lambda path: None)
    assert len(fingerprint) == 32
    (other,) = fingerprints([finding(9)], lambda path: None)
    assert len(other) == 32
