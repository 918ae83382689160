"""The whole way of a task, on this machine, in about a minute: ``make demo``.

Compiles the shop, shows a module that is refused, type-checks a right and a wrong caller, starts an embedded Postgres and
a worker, sends from a process that has none of the worker's code, stops, and checks that no process is left.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
WORKER_START_LIMIT_S = 60
WORKER_STOP_LIMIT_S = 30
PRODUCER_LIMIT_S = 120


def main() -> int:
    """Run every step; the exit code is 0 only if each did what it should."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="horsies-demo-") as folder:
        work = Path(folder)
        work.chmod(0o755)
        compile_the_shop(work)
        refuse_a_broken_module(work)
        check_the_callers(work)
        with worker(work):
            send_from_the_storefront(work)
        nothing_is_left(work)
    print(f"\nDone in {time.monotonic() - started:.0f} seconds.")
    return 0


def compile_the_shop(work: Path) -> None:
    """Build lock, schemas and client from the sources."""
    title("1. Compile the shop: no import, only parsing")
    shown("horsies-codegen", "build", "examples/shop", "--out", str(work / "generated"), "--package", "shop_client")
    for path in sorted((work / "generated").rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            print("   ", path.relative_to(work))


def refuse_a_broken_module(work: Path) -> None:
    """Every mistake of a module, found without importing it: it needs a package that is not installed."""
    title("2. Refuse a module that would fail later")
    out = work / "never"
    shown("horsies-codegen", "build", "examples/broken", "--out", str(out), expect=1)
    check(not out.exists(), "a refused build writes nothing")


def check_the_callers(work: Path) -> None:
    """mypy over a right caller and a wrong one, against the generated client alone."""
    title("3. Type-check a right caller and a wrong one against the generated client")
    mypy = ("mypy", "--strict", "--no-error-summary", "--no-incremental")
    env = {"MYPYPATH": str(work / "generated")}
    shown(*mypy, "examples/storefront/storefront.py", env=env)
    print("    storefront.py: no mistake found")
    shown(*mypy, "examples/storefront/wrong_calls.py", env=env, expect=1)


@contextmanager
def worker(work: Path) -> Iterator[None]:
    """A worker with four children, ended cleanly afterwards."""
    title("4. Start an embedded Postgres and a worker")
    log = work / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(BIN / "horsies"), "worker", "shop.app:app", "--processes", "4"],
            cwd=HERE / "shop",
            env=environment(work),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, log)
        yield
        title("6. Stop")
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=WORKER_STOP_LIMIT_S)
        print("    " + log.read_text().strip().replace("\n", "\n    "))
        check(code == 0, f"the worker ended with {code}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            print(log.read_text(), file=sys.stderr)
    check(not group_lives(process.pid), "a child of the worker was left behind")


def wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    """Show a dot while the worker starts."""
    print("    horsies worker shop.app:app --processes 4 ", end="", flush=True)
    give_up = time.monotonic() + WORKER_START_LIMIT_S
    while "ready" not in log.read_text():
        check(process.poll() is None, f"the worker did not start:\n{log.read_text()}")
        check(time.monotonic() < give_up, f"the worker is not ready:\n{log.read_text()}")
        print(".", end="", flush=True)
        time.sleep(0.2)
    print(" ready")


def send_from_the_storefront(work: Path) -> None:
    """Run the producer where only the generated package can be imported."""
    title("5. Send from a process without the worker's code: results, an error, a retry, a timeout")
    producer = work / "storefront.py"
    shutil.copy(HERE / "storefront" / "storefront.py", producer)
    done = subprocess.run(
        [sys.executable, "-P", str(producer)],
        cwd=work,
        env={**environment(work), "PYTHONPATH": str(work / "generated")},
        timeout=PRODUCER_LIMIT_S,
        check=False,
    )
    check(done.returncode == 0, f"the storefront ended with {done.returncode}")


def nothing_is_left(work: Path) -> None:
    """The embedded server stops when its last user is gone."""
    give_up = time.monotonic() + WORKER_STOP_LIMIT_S
    while processes_of(work):
        check(time.monotonic() < give_up, f"processes were left behind: {processes_of(work)}")
        time.sleep(0.1)
    print("    no process is left")


def environment(work: Path) -> dict[str, str]:
    """One database folder and one state folder for worker and producer."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HORSIES_")}
    state = work / "state"
    state.mkdir(exist_ok=True)
    return {**kept, "HORSIES_DATA_DIR": str(work / "postgres"), "SHOP_STATE_DIR": str(state)}


def group_lives(group: int) -> bool:
    """Whether any process of a group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def processes_of(work: Path) -> list[str]:
    """The processes whose command line names the demo's folder."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in listed.splitlines() if str(work) in line and str(os.getpid()) not in line.split()]


def shown(*command: str, env: dict[str, str] | None = None, expect: int = 0) -> None:
    """Run one of the project's tools as a user would, showing command and output."""
    print("    $", " ".join(command), flush=True)
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=HERE.parent,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print("    " + done.stdout.strip().replace("\n", "\n    "))
    check(done.returncode == expect, f"{command[0]} ended with {done.returncode}, not {expect}")


def title(text: str) -> None:
    """A headline."""
    print(f"\n{text}", flush=True)


def check(holds: bool, message: str) -> None:
    """End the demo with a message if something is not as it should be."""
    if not holds:
        raise SystemExit(f"demo: {message}")


if __name__ == "__main__":
    sys.exit(main())
