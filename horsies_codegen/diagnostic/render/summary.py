"""The last lines of a run, for stderr: how much was looked at and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from horsies_codegen.diagnostic.cells import harmless
from horsies_codegen.diagnostic.model import Level, Report, Safety


def render_summary(report: Report) -> str:
    """What was looked at and compared, what was found, and what to run next. Never empty: silence would be no proof."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    looked = f"{_count(report.tasks, 'task')} in {_count(report.files, 'file')}"
    if report.against is None:
        yield f"checked {looked}: {_found(report)}"
    else:
        yield f"compared {looked} against {harmless(report.against)}: {_found(report)}"
    if not report.complete:
        yield "the job could not be done; what was not found says nothing"
    yield from _fixable(report)
    if report.diagnostics:
        worst = max(report.diagnostics, key=lambda diagnostic: diagnostic.level.rank)
        yield f"`horsies-codegen explain {harmless(worst.code)}` says more"


def _found(report: Report) -> str:
    counts = [_count(report.count(level), level.value) for level in Level if report.count(level)]
    return ", ".join(counts) or "nothing to report"


def _fixable(report: Report) -> Iterator[str]:
    fixes = [diagnostic.fix.safety for diagnostic in report.diagnostics if diagnostic.fix is not None]
    safe = fixes.count(Safety.SAFE)
    if safe:
        yield f"{safe} can be repaired with --fix"
    if len(fixes) > safe:
        yield f"{len(fixes) - safe} {'more ' if safe else ''}with --fix --unsafe-fixes, which may change what the program does"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
