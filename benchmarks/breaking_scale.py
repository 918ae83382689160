"""How long ``breaking`` takes on many tasks, in seconds and as ratios to reading both locks as plain JSON.

``python -m benchmarks.breaking_scale [MODULES]`` writes a git repository of modules with ten tasks each, commits it with its lock,
changes a parameter of ten tasks, and measures in one run, each the best of three warm runs of the installed command:
two locks (``--locked``), the sources against a lock, and the locks of a retention window. Prints a table and, with ``--json``, the
figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.build_scale import CODEGEN, TASKS_A_MODULE, build, seconds, write_tree

RUNS = 3
CHANGED = 10
LOCK = "generated/horsies.lock.json"


def git(root: Path, *arguments: str) -> None:
    """One git command in the repository."""
    names = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True, timeout=60)


def breaking(root: Path, *arguments: str) -> None:
    """One comparison, as a user runs it. Raises RuntimeError unless it finds what was changed."""
    command = [CODEGEN, "breaking", "bench", "--against", "HEAD", "--format", "concise", *arguments]
    ran = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True, timeout=600)
    if ran.returncode != 1 or "HC510" not in ran.stdout:
        raise RuntimeError(f"breaking ended with {ran.returncode}: {ran.stderr}")


def best(work: Callable[[], object]) -> float:
    """The shortest of some runs, after one to warm up."""
    work()
    return min(seconds(work) for _ in range(RUNS))


def prepare(root: Path, modules: int) -> None:
    """The repository: a commit with its lock, and a work tree with one changed task in ten modules, built too."""
    files = write_tree(root, modules)
    build(root)
    git(root, "init", "-q")
    (root / ".gitignore").write_text(".horsies-cache\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "State")
    for file in files[:CHANGED]:
        file.write_text(
            file.read_text().replace("amount: int", "amount: str", 1).replace("amount < 0", "not amount", 1)
        )
    build(root)


def measure(modules: int) -> dict[str, float]:
    """All figures of one run, in seconds."""
    with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder:
        root = Path(folder)
        prepare(root, modules)
        text = (root / LOCK).read_text()
        return {
            "both locks as JSON": best(lambda: (json.loads(text), json.loads(text))),
            "two locks": best(lambda: breaking(root, "--locked")),
            "sources against a lock": best(lambda: breaking(root)),
            "a retention window": best(lambda: breaking(root, "--locked", "--retention", "30")),
        }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="?", type=int, default=100, help="modules of ten tasks (default: 100)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.modules)
    if arguments.json:
        print(json.dumps(figures))
        return 0
    print(
        f"{arguments.modules * TASKS_A_MODULE:,} tasks in {arguments.modules:,} modules, {CHANGED} of them with a changed task"
    )
    print(f"{'':24} {'seconds':>9} {'÷ JSON':>9}")
    for name, figure in figures.items():
        print(f"{name:24} {figure:9.2f} {figure / figures['both locks as JSON']:9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
