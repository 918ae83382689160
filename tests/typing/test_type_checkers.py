"""Both type checkers, really run, on decorated functions and on a generated client.

The good files are clean; the bad ones have an error on exactly the marked lines, with exactly the text in the snapshots.
"""

from __future__ import annotations

import fcntl
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOOD = HERE / "good_tasks.py"
GOOD_FILES = [GOOD, HERE / "good_client.py"]
BAD_FILES = [HERE / "bad" / "bad_calls.py", HERE / "bad" / "bad_client_calls.py"]

Errors = dict[int, list[str]]


def _mypy(path: Path) -> Errors:
    """Line → messages, by mypy in the repository's own strict settings."""
    command = [sys.executable, "-m", "mypy", "--output", "json", "--no-error-summary", str(path)]
    with _alone():
        ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=500)
    assert ran.returncode in (0, 1), ran.stderr
    found: Errors = {}
    for line in ran.stdout.splitlines():
        item = json.loads(line)
        if item["severity"] == "error":
            assert Path(item["file"]).name == path.name, item
            found.setdefault(item["line"], []).append(item["message"])
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """One mypy at a time: pytest-xdist's processes share its cache, a database that does not wait for long for its lock."""
    cache = ROOT / ".mypy_cache"
    cache.mkdir(exist_ok=True)
    with (cache / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pyright(path: Path) -> Errors:
    """Line → messages, by pyright in strict mode."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=500)
    report = json.loads(ran.stdout)
    found: Errors = {}
    for item in report["generalDiagnostics"]:
        if item["severity"] == "error":
            found.setdefault(item["range"]["start"]["line"] + 1, []).append(item["message"])
    assert report["summary"]["filesAnalyzed"] == 1
    return found


CHECKERS = [pytest.param(_mypy, id="mypy"), pytest.param(_pyright, id="pyright")]


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.slow
@pytest.mark.parametrize("path", GOOD_FILES, ids=_name)
@pytest.mark.parametrize("check", CHECKERS)
def test_right_uses_are_clean(check: Callable[[Path], Errors], path: Path) -> None:
    assert check(path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("path", BAD_FILES, ids=_name)
@pytest.mark.parametrize("check", CHECKERS)
def test_wrong_uses_are_errors_where_they_stand(
    check: Callable[[Path], Errors], path: Path, snapshot: SnapshotAssertion
) -> None:
    lines = path.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "  # E: " in line}
    found = check(path)
    assert marked
    assert set(found) == marked, found
    assert {lines[number - 1].strip(): messages for number, messages in sorted(found.items())} == snapshot


def test_what_type_checkers_read_runs() -> None:
    names = runpy.run_path(str(GOOD))
    assert names["by_method"]() == "Order 1 processed None"
