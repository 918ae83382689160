"""The exit codes of every command, as one pure rule."""

from __future__ import annotations

from enum import IntEnum

from horsies_codegen.diagnostic.model import Level, Report


class ExitCode(IntEnum):
    """What a command says to the shell."""

    CLEAN = 0
    """The job was done and nothing at or above the failing level was found."""
    FINDINGS = 1
    """The job was done and found something: a broken rule, drift, a breaking change."""
    FAILED = 2
    """The job could not be done; nothing may be concluded from what was not found."""


def exit_code(report: Report, fail_on: Level = Level.ERROR) -> ExitCode:
    """The exit code for a report; findings below ``fail_on`` do not count.

    No code but 0 comes without a diagnostic: an incomplete report holds the error that says why.
    """
    if not report.complete:
        return ExitCode.FAILED
    fails = any(diagnostic.level.rank >= fail_on.rank for diagnostic in report.diagnostics)
    return ExitCode.FINDINGS if fails else ExitCode.CLEAN
