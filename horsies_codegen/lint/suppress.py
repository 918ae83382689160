"""Suppression comments: ``# horsies: ignore[HC204] -- why``, on the line of the finding or alone on the line above.

The reason is required, unknown codes are findings, and so is a comment that silences nothing: it would go on to silence what
comes later.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Level, Safety
from horsies_codegen.lint.registry import find_rule
from horsies_codegen.source import Place, Position, SourceFile, Span

MARK = b"horsies:"

_COMMENT = re.compile(r"#\s*horsies:\s*ignore(?:\[(?P<codes>[^\]]*)\])?(?P<rest>.*)")
_REASON = re.compile(r"\s*--\s*(\S.*)")

Judge = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Comment:
    """One suppression: its codes, the line whose findings it silences, whether it gives a reason, and where it is."""

    codes: tuple[str, ...]
    line: int
    has_reason: bool
    place: Place
    codes_place: Place
    """What stands between the brackets."""
    removal: Place
    """What goes when it goes: the blanks before it too, and its whole line where nothing else stands there."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The findings that remain, those about the comments among them, and how many were silenced."""

    findings: tuple[Diagnostic, ...]
    silenced: int


def suppressed(findings: Iterable[Diagnostic], files: Iterable[SourceFile]) -> Suppressed:
    """Heed the comments in some files (each may be asked for once; those without the mark are passed over)."""
    return heeded(findings, [comment for file in files if may_hold_comments(file) for comment in comments_in(file)])


def may_hold_comments(file: SourceFile) -> bool:
    """Whether a file's bytes say that a suppression may stand in it: a filter before it is decoded."""
    return file.mentions(MARK) and not file.problem


def heeded(findings: Iterable[Diagnostic], comments: Sequence[Comment]) -> Suppressed:
    """The findings that some comments leave, with what is wrong with those comments."""
    table = {(comment.place.path, comment.line, code): comment for comment in comments for code in comment.codes}
    used: set[tuple[Place, str]] = set()
    kept: list[Diagnostic] = []
    silenced = 0
    for finding in findings:
        comment = _comment_on(finding, table)
        if comment is None:
            kept.append(finding)
        else:
            silenced += 1
            used.add((comment.place, finding.code))
    kept.extend(problem for comment in comments for problem in _problems(comment, used))
    return Suppressed(tuple(kept), silenced)


def comments_in(file: SourceFile) -> Iterator[Comment]:
    """The suppressions in a file."""
    for row, column, text in _comment_tokens(file):
        found = _COMMENT.search(text)
        if found is None:
            continue
        stands_alone = not file.line(row)[:column].strip()
        column += found.start()
        codes = tuple(code.strip() for code in (found["codes"] or "").split(",") if code.strip())
        start = Position(row, column + 1)
        place = file.place(Span(start, Position(row, column + 1 + len(found[0]))))
        yield Comment(
            codes,
            line=row + 1 if stands_alone else row,
            has_reason=_REASON.match(found["rest"]) is not None,
            place=place,
            codes_place=file.place(_within(row, column - found.start(), found)),
            removal=_removal(file, row, column),
        )


def _within(row: int, column: int, found: re.Match[str]) -> Span:
    start, end = found.span("codes") if found["codes"] is not None else (found.end(), found.end())
    return Span(Position(row, column + start + 1), Position(row, column + end + 1))


def _removal(file: SourceFile, row: int, column: int) -> Place:
    before = file.line(row)[:column].rstrip()
    if before:
        return file.place(Span(Position(row, len(before) + 1), Position(row, len(file.line(row)) + 1)))
    return file.place(Span(Position(row, 1), Position(row + 1, 1)))


def _comment_tokens(file: SourceFile) -> Iterator[tuple[int, int, str]]:
    """Line, column from 0, and text of each comment, up to where the tokenizer gives up."""
    reader = io.StringIO(file.text).readline
    try:
        for token in tokenize.generate_tokens(reader):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError):
        return  # the file's syntax problem is reported where it was parsed


def _comment_on(finding: Diagnostic, table: dict[tuple[str, int, str], Comment]) -> Comment | None:
    rule = find_rule(finding.code)
    if finding.place is None or rule is None or not rule.may_be_suppressed:
        return None
    return table.get((finding.place.path, finding.place.span.start.line, finding.code))


def _problems(comment: Comment, used: set[tuple[Place, str]]) -> Iterator[Diagnostic]:
    if not comment.codes:
        yield _finding(
            "HC911", comment, "this suppression names no code", "name the codes: # horsies: ignore[HC204] -- why"
        )
    if comment.codes and not comment.has_reason:
        codes = ", ".join(comment.codes)
        yield _finding(
            "HC911", comment, "this suppression gives no reason", f"say why: # horsies: ignore[{codes}] -- the reason"
        )
    for code in comment.codes:
        rule = find_rule(code)
        if rule is None:
            yield _finding(
                "HC911", comment, f"no rule has the code {code!r}", "horsies-codegen explain lists every code"
            )
        elif not rule.may_be_suppressed:
            yield _finding("HC911", comment, f"{code} cannot be suppressed", "what could not be read cannot be judged")
        elif (comment.place, code) not in used:
            yield _unused(comment, code, used)


def _unused(comment: Comment, code: str, used: set[tuple[Place, str]]) -> Diagnostic:
    return Diagnostic(
        code="HC910",
        name="unused-suppression",
        level=Level.ERROR,
        message=f"nothing on that line is reported as {code}",
        place=comment.place,
        help=("remove it; it would silence whatever comes later",),
        fix=_without_unused(comment, [code for code in comment.codes if (comment.place, code) in used]),
    )


def _without_unused(comment: Comment, kept: list[str]) -> Fix:
    """The comment without the codes that silence nothing; the whole comment gone if none is left."""
    if not kept:
        return Fix("Remove the suppression", Safety.SAFE, (Edit(comment.removal, ""),))
    return Fix("Remove the codes that silence nothing", Safety.SAFE, (Edit(comment.codes_place, ", ".join(kept)),))


def _finding(code: str, comment: Comment, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        name="invalid-suppression",
        level=Level.ERROR,
        message=message,
        place=comment.place,
        help=(remedy,),
    )
