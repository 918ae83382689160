"""How fast the compiler is, as ratios to what cannot be avoided: ``python benchmarks/build_scale.py [MODULES] [--line] [--json]``.

Writes a tree of modules with ten tasks each (models, enums, containers, retries) and one of modules without tasks, then measures in
one run: reading the bytes, ``libcst.parse_module`` over all files with tasks on one core, and the command line as a user runs it.
Each bar says what the figure must not exceed. ``--line`` builds growing trees, to show that a task costs the same in each.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import libcst

TASKS_A_MODULE = 10
CODEGEN = str(Path(sys.executable).parent / "horsies-codegen")
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Pip compiles what it installs; without bytecode every run would begin with compiling the compiler."""
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

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

PLAIN = '''
class Repository{number}:
    """Keeps orders."""

    def __init__(self, connection: object) -> None:
        self.connection = connection

    def find(self, order_id: int) -> dict[str, object] | None:
        rows = [row for row in self.rows() if row["order_id"] == order_id and row["state"] != "deleted"]
        return rows[0] if rows else None

    def rows(self) -> list[dict[str, object]]:
        return [{{"order_id": number, "state": "open", "total": number * 100}} for number in range(1_000)]

'''


class Figure(NamedTuple):
    """One measurement: how long, what it is compared with, and the bar for seconds or for the ratio."""

    name: str
    seconds: float
    base: str = ""
    ratio: float | None = None
    bar: str = ""
    holds: bool | None = None


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


def write_plain_tree(root: Path, modules: int) -> list[Path]:
    """A package of modules that speak of no task."""
    package = root / "plain"
    package.mkdir()
    for module in range(modules):
        (package / f"module_{module}.py").write_text("".join(PLAIN.format(number=number) for number in range(20)))
    return sorted(package.iterdir())


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def run(root: Path, *arguments: str) -> None:
    """One command, as a user runs it."""
    subprocess.run((CODEGEN, *arguments), cwd=root, check=True, capture_output=True, timeout=1_800, env=AS_INSTALLED)


def build(root: Path, *more: str) -> None:
    """One build of the tree."""
    run(root, "build", "bench", "--out", "generated", *more)


def parse_all(files: list[Path]) -> None:
    """What any tool on libcst pays at least."""
    for file in files:
        libcst.parse_module(file.read_bytes())


def read_all(files: list[Path]) -> None:
    """The bytes of all files."""
    for file in files:
        file.read_bytes()


def processor_s() -> float:
    """The processor time that all commands took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(times: int, work: Callable[[], object]) -> float:
    """The shortest of several runs of something short."""
    return min(seconds(work) for _ in range(times))


def within(name: str, took: float, limit_s: float) -> Figure:
    """A figure with a bar in seconds."""
    return Figure(name, took, bar=f"{limit_s} s", holds=took <= limit_s)


def against(name: str, took: float, base: str, base_s: float, limit: float) -> Figure:
    """A figure with a bar as a ratio."""
    ratio = took / base_s
    return Figure(name, took, base, ratio, f"{limit} x", ratio <= limit)


def lint_figures(root: Path, files: list[Path], parse_s: float) -> Iterator[Figure]:
    """The bars of the linter."""
    cold = seconds(lambda: run(root, "lint", "bench"))
    yield against("lint, cold", cold, "bare parse / cores", parse_s / CORES, 1.3)
    yield within("lint, warm", best(3, lambda: run(root, "lint", "bench")), 0.5)
    yield within("lint of one file", best(3, lambda: run(root, "lint", str(files[0]), "--no-cache")), 0.4)
    yield within("--help", best(5, lambda: run(root, "--help")), 0.15)
    shutil.rmtree(root / ".horsies-cache", ignore_errors=True)


def build_figures(root: Path, files: list[Path], parse_s: float) -> Iterator[Figure]:
    """The bars of the build."""
    yield against("build, cold", seconds(lambda: build(root)), "bare parse", parse_s, 2)
    yield within("build, nothing to do", best(3, lambda: build(root)), 0.6)
    files[0].write_text(files[0].read_text().replace("amount: int", "amount: float", 1))
    yield within("build, one edit", seconds(lambda: build(root)), 1.0)


def plain_figures(root: Path, modules: int) -> Iterator[Figure]:
    """Lint of a tree with no task, against reading its bytes."""
    files = write_plain_tree(root, modules)
    read_s = best(3, lambda: read_all(files))
    yield Figure(f"read {len(files):,} files, no task", read_s)
    yield against("lint, no task", best(3, lambda: run(root, "lint", "plain")), "reading", read_s, 2)


def checker_figures() -> Iterator[Figure]:
    """Type checkers on the client of 1,000 tasks, with nothing cached."""
    with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder:
        small = Path(folder)
        write_tree(small, 100)
        build(small)
        target = small / "generated"
        mypy = (sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=.warm")
        needs = "import collections.abc, datetime, decimal, enum, typing_extensions, uuid, horsies, horsies.client"
        subprocess.run((*mypy, "-c", needs), cwd=target, check=True, capture_output=True)  # these stay checked
        client = (*mypy, "-p", "tasks_client")
        took = seconds(lambda: subprocess.run(client, cwd=target, check=True, capture_output=True))
        yield within("mypy strict, 1,000 tasks", took, 3.0)
        (target / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "include": ["tasks_client"]}')
        pyright = (str(Path(sys.executable).parent / "pyright"), "-p", ".", "--pythonpath", sys.executable)
        took = seconds(lambda: subprocess.run(pyright, cwd=target, check=True, capture_output=True))
        yield within("pyright strict, 1,000 tasks", took, 6.0)


def measure(modules: int) -> list[Figure]:
    """All figures of one run."""
    with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder:
        root = Path(folder)
        files = write_tree(root, modules)
        parse_s = seconds(lambda: parse_all(files))
        figures = [Figure("bare libcst parse, one core", parse_s)]
        figures.extend(lint_figures(root, files, parse_s))
        peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        figures.append(Figure("peak memory of lint, MB", peak_mb, bar="300 MB", holds=peak_mb < 300))
        figures.extend(build_figures(root, files, parse_s))
        figures.extend(plain_figures(root, modules * 20))
        figures.extend(checker_figures())
        return figures


def line(sizes: tuple[int, ...]) -> list[Figure]:
    """Cold builds of growing trees: the ratio is milliseconds of processor time a task, whatever else the machine does."""
    figures: list[Figure] = []
    for modules in sizes:
        with tempfile.TemporaryDirectory(prefix="horsies-bench-") as folder:
            root = Path(folder)
            write_tree(root, modules)
            before_s = processor_s()
            took = seconds(lambda root=root: build(root))  # type: ignore[misc]
            tasks = modules * TASKS_A_MODULE
            figures.append(
                Figure(f"{tasks:,} tasks", took, "CPU ms a task", (processor_s() - before_s) * 1_000 / tasks)
            )
    return figures


def shown(figures: list[Figure]) -> Iterator[str]:
    """The table."""
    yield f"{'':30} {'seconds':>9} {'ratio':>7} {'to':20} {'bar':>8}"
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        verdict = {True: "ok", False: "OVER", None: ""}[figure.holds]
        yield f"{figure.name:30} {figure.seconds:9.2f} {ratio:>7} {figure.base:20} {figure.bar:>8} {verdict}".rstrip()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="?", type=int, default=100, help="modules of ten tasks (default: 100)")
    parser.add_argument("--line", action="store_true", help="cold builds of growing trees, up to 5,000 modules")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    figures = line((100, 500, 1_000, 2_500, 5_000)) if arguments.line else measure(arguments.modules)
    if arguments.json:
        print(json.dumps([figure._asdict() for figure in figures], indent=2))
        return 0
    print(f"{CORES} cores" if arguments.line else f"{arguments.modules * TASKS_A_MODULE:,} tasks, {CORES} cores")
    print("\n".join(shown(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
