"""Asking live modules for contracts, from a safe distance."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from horsies_core.contract.task import TaskContract
from horsies_core.contract.wire import WireError, decode_contract

_TOLD = 300
"""How much of what a process said on its way out is told."""


class Limits(NamedTuple):
    """What importing may take. ``seconds`` bounds processor time, and time on the clock."""

    seconds: int = 60
    megabytes: int = 4096


class Answer(NamedTuple):
    """Contracts by source (``module:function``), and why there is none, by module or by source."""

    contracts: Mapping[str, TaskContract]
    errors: Mapping[str, str]

    def reason(self, source: str) -> str:
        """Why there is no contract of a task."""
        module = source.partition(":")[0]
        return (
            self.errors.get(source) or self.errors.get(module) or "the module defines no such task when it is imported"
        )


def ask(roots: Sequence[str], modules: Sequence[str], limits: Limits) -> Answer:
    """The contracts of the tasks in some modules, by importing them in a process of its own. Never raises for them."""
    with tempfile.TemporaryDirectory(prefix="horsies-import-") as folder:
        request, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        request.write_text(
            json.dumps({"roots": list(roots), "modules": list(modules), **limits._asdict()}), encoding="utf-8"
        )
        problem = _run(request, answer, limits)
        if problem is None:
            problem, found = _read(answer)
            if found is not None:
                return found
    return Answer({}, dict.fromkeys(modules, problem or "the process left no answer"))


def _run(request: Path, answer: Path, limits: Limits) -> str | None:
    """Why there is no answer, or None."""
    command = [
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-B",
        "-m",
        "horsies_core.cli",
        "describe",
        str(request),
        str(answer),
    ]
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = child.communicate(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return f"importing took longer than {limits.seconds} s"
    finally:
        _kill(child)
    if child.returncode == 0:
        return None
    if child.returncode == -signal.SIGXCPU:
        return f"importing took more than {limits.seconds} s of processor time"
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return f"the process ended with {child.returncode}: {lines[-1][:_TOLD] if lines else 'it said nothing'}"


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the process with all that it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


def _read(answer: Path) -> tuple[str | None, Answer | None]:
    try:
        body = cast("Mapping[str, object]", json.loads(answer.read_text(encoding="utf-8")))
        contracts = [decode_contract(item) for item in cast("list[object]", body["tasks"])]
        errors = cast("Mapping[str, str]", body["errors"])
    except (OSError, ValueError, KeyError, TypeError, WireError) as error:
        return f"the answer cannot be read: {error}", None
    return None, Answer({contract.source: contract for contract in contracts}, errors)
