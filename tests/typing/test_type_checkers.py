"""Both type checkers, really run: the good file is clean, and the bad one has an error on exactly the marked lines."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOOD = HERE / "good_tasks.py"
BAD = HERE / "bad" / "bad_calls.py"

Errors = dict[int, list[str]]


def _mypy(path: Path) -> Errors:
    """Line → messages, by mypy in the repository's own strict settings."""
    command = [sys.executable, "-m", "mypy", "--output", "json", "--no-error-summary", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=170)
    assert ran.returncode in (0, 1), ran.stderr
    found: Errors = {}
    for line in ran.stdout.splitlines():
        item = json.loads(line)
        if item["severity"] == "error":
            assert Path(item["file"]).name == path.name, item
            found.setdefault(item["line"], []).append(item["message"])
    return found


def _pyright(path: Path) -> Errors:
    """Line → messages, by pyright in strict mode."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=170)
    report = json.loads(ran.stdout)
    found: Errors = {}
    for item in report["generalDiagnostics"]:
        if item["severity"] == "error":
            found.setdefault(item["range"]["start"]["line"] + 1, []).append(item["message"])
    assert report["summary"]["filesAnalyzed"] == 1
    return found


CHECKERS = [pytest.param(_mypy, id="mypy"), pytest.param(_pyright, id="pyright")]


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKERS)
def test_right_uses_are_clean(check: Callable[[Path], Errors]) -> None:
    assert check(GOOD) == {}


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKERS)
def test_wrong_uses_are_errors_where_they_stand(check: Callable[[Path], Errors]) -> None:
    marked = {number for number, line in enumerate(BAD.read_text().splitlines(), 1) if "  # E: " in line}
    found = check(BAD)
    assert marked
    assert set(found) == marked, found


def test_what_type_checkers_read_runs() -> None:
    names = runpy.run_path(str(GOOD))
    assert names["by_method"]() == "Order 1 processed None"
