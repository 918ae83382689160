"""A comparison as Markdown: ready to be a comment on a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from horsies_codegen.diagnostic import Diagnostic, Level, Report

_HEADINGS = {Level.ERROR: "Breaking", Level.WARNING: "Behaves otherwise", Level.NOTE: "For information"}
_MAX_WITNESS_LENGTH = 2000


def render_markdown(report: Report, orders: Sequence[tuple[str, str]]) -> str:
    """The report, and the order of deployment of each task that changed as pairs of task and advice."""
    return "\n".join(_lines(report, orders)) + "\n"


def _lines(report: Report, orders: Sequence[tuple[str, str]]) -> Iterator[str]:
    count = report.count(Level.ERROR)
    verdict = f"{count} breaking change{'' if count == 1 else 's'}" if report.complete else "not compared"
    yield f"## Task contracts: {verdict if count else 'nothing breaks'}"
    yield ""
    yield f"Compared {report.tasks} task{'' if report.tasks == 1 else 's'} against {_code(report.against or 'nothing')}."
    for level, heading in _HEADINGS.items():
        found = [finding for finding in report.diagnostics if finding.level is level]
        if found:
            yield from ("", f"### {heading}", "")
            for finding in found:
                yield from _finding(finding)
    if orders:
        yield from ("", "### Order of deployment", "", "| task | order |", "|---|---|")
        yield from (f"| {_code(task)} | {_plain(advice)} |" for task, advice in orders)


def _finding(finding: Diagnostic) -> Iterator[str]:
    place = "" if finding.place is None else f" ({_code(f'{finding.place.path}:{finding.place.span.start.line}')})"
    yield f"- **{finding.code} {finding.name}** {_plain(finding.message)}{place}"
    yield from (f"  - {_plain(note)}" for note in finding.notes)
    if finding.witness is not None:
        witness = json.dumps(finding.witness, ensure_ascii=False)
        shown = witness if len(witness) <= _MAX_WITNESS_LENGTH else witness[:_MAX_WITNESS_LENGTH] + "..."
        yield f"  - for example {_code(shown)}"
    yield from (f"  - *What to do:* {_plain(text)}" for text in finding.help)


def _plain(text: str) -> str:
    """Text with nothing in it that Markdown or HTML would read."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~@&])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """A code span around any text."""
    text = " ".join(text.split()).replace("|", "¦") if "\n" in text else text
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
