"""How long a build takes, as ratios to the bare parse of the same files: ``python benchmarks/build_scale.py [MODULES]``.

Writes a tree of modules with ten tasks each (models, enums, containers, retries), then measures in one run: reading the bytes,
``libcst.parse_module`` over all files on one core, a cold build, a build with nothing to do, and a build after one edit.
Prints a table and, with ``--json``, the figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import libcst

TASKS_A_MODULE = 10
CODEGEN = str(Path(sys.executable).parent / "horsies-codegen")

HEADER = """\
from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel

from bench.app import app
from horsies import RetryPolicy, TaskError, TaskResult


class State{module}(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Order{module}(BaseModel):
    order_id: int
    state: State{module}
    total: Decimal
    placed_at: datetime
    notes: list[str] = []

"""

TASK = '''
@app.task(
    "task_{module}_{number}",
    timeout_ms=60_000,
    retry_policy=RetryPolicy.exponential(base_seconds=5, max_retries=3, auto_retry_for=["REMOTE_DOWN"]),
    exception_mapper={{ConnectionError: "REMOTE_DOWN"}},
)
def task_{module}_{number}(
    *, order: Order{module}, amount: int, tags: list[str] | None = None, weights: dict[str, float] | None = None
) -> TaskResult[Order{module}, TaskError]:
    """Task {number} of module {module}."""
    if amount < 0:
        return TaskResult(err=TaskError(error_code="NEGATIVE_AMOUNT", message="amounts are not negative"))
    return TaskResult(ok=order)

'''


def write_tree(root: Path, modules: int) -> list[Path]:
    """A package of so many modules; returns those with tasks."""
    package = root / "bench"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "app.py").write_text("from horsies import Horsies\n\napp = Horsies()\n")
    written: list[Path] = []
    for module in range(modules):
        tasks = "".join(TASK.format(module=module, number=number) for number in range(TASKS_A_MODULE))
        written.append(package / f"tasks_{module}.py")
        written[-1].write_text(HEADER.format(module=module) + tasks)
    return written


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def build(root: Path) -> None:
    """One build of the tree, as a user runs it."""
    command = [CODEGEN, "build", "bench", "--out", "generated"]
    subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=600)


def parse_all(files: list[Path]) -> None:
    """What any tool on libcst pays at least."""
    for file in files:
        libcst.parse_module(file.read_bytes())


def read_all(files: list[Path]) -> None:
    """The bytes of all files."""
    for file in files:
        file.read_bytes()


def measure(modules: int) -> dict[str, float]:
    """All figures of one run, in seconds."""
    with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder:
        root = Path(folder)
        files = write_tree(root, modules)
        figures = {"read": seconds(lambda: read_all(files)), "parse": seconds(lambda: parse_all(files))}
        figures["cold build"] = seconds(lambda: build(root))
        figures["nothing to do"] = seconds(lambda: build(root))
        files[0].write_text(files[0].read_text().replace("amount: int", "amount: float", 1))
        figures["one edit"] = seconds(lambda: build(root))
        return figures


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
    print(f"{arguments.modules * TASKS_A_MODULE:,} tasks in {arguments.modules:,} modules")
    print(f"{'':16} {'seconds':>9} {'÷ bare parse':>13}")
    for name, figure in figures.items():
        print(f"{name:16} {figure:9.2f} {figure / figures['parse']:13.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
