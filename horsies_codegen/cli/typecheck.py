"""``build --typecheck``: mypy on the client that was written, its verdict as findings."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from horsies_codegen.diagnostic import Diagnostic, Level
from horsies_codegen.source import Place, point

_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.*)")
TIMEOUT_S = 600


def typechecked(out: str, package: str) -> Iterator[Diagnostic]:
    """What mypy, strict and without the project's settings, says of a client; also that it says nothing."""
    command = [
        sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "--show-column-numbers",
        "--no-color-output", "--no-pretty", "--hide-error-context", "--cache-dir=.mypy_cache", "-p", package,
    ]  # fmt: skip
    try:
        ran = subprocess.run(command, cwd=out, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        yield _no_verdict(str(error))
        return
    findings = [_finding(out, found) for line in ran.stdout.splitlines() if (found := _LINE.fullmatch(line))]
    if ran.returncode not in (0, 1) or (ran.returncode == 1 and not findings):
        yield _no_verdict((ran.stderr or ran.stdout).strip().partition("\n")[0])
    yield from findings


def _finding(out: str, found: re.Match[str]) -> Diagnostic:
    return Diagnostic(
        code="HC931",
        name="client-type-error",
        level=Level.ERROR,
        message=f"mypy: {found['message']}",
        place=Place((Path(out) / found["path"]).as_posix(), point(int(found["line"]), int(found["column"]))),
        help=("with the built-in templates this is a defect of horsies-codegen: please report it",),
    )


def _no_verdict(reason: str) -> Diagnostic:
    return Diagnostic(
        code="HC932",
        name="no-type-checker",
        level=Level.ERROR,
        message=f"mypy gave no verdict on the client: {reason}",
        help=("install mypy beside horsies-codegen: pip install mypy",),
    )
