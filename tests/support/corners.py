"""The table of corner cases: one annotation a line, read by the compiler, by the live front end and by pydantic itself.

A line may end with ``# 2.12``, the oldest pydantic that knows what it names. A line of ``corners_refused.txt`` begins with
the code of the refusal.
"""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from schema_normal import is_since

FOLDER = Path(__file__).resolve().parent.parent / "agreement"
MODULE = "agreement_corners"
DEFINITIONS = (FOLDER / "corner_definitions.txt").read_text(encoding="utf-8")


class Corner(NamedTuple):
    """One annotation; ``code`` is that of its refusal, empty where it resolves."""

    annotation: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.annotation}".strip()


def _lines(name: str) -> list[str]:
    """The lines that this pydantic knows, without their marks."""
    parts = [line.partition("  # ") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
    return [line for line, _, since in parts if is_since(since or "2.0")]


RESOLVED = [Corner(line) for line in _lines("corners_resolved.txt")]
REFUSED = [Corner(line.partition(" ")[2], line.partition(" ")[0]) for line in _lines("corners_refused.txt")]
CORNERS = {f"t{number}": corner for number, corner in enumerate((*RESOLVED, *REFUSED))}
"""Every corner by the name of its task."""


def corner_text() -> str:
    """A module with one task a corner."""
    tasks = (
        f'@app.task("{name}")\ndef {name}(*, v: {corner.annotation}) -> TaskResult[{corner.annotation}, TaskError]: ...\n'
        for name, corner in CORNERS.items()
    )
    return DEFINITIONS + "\n" + "\n".join(tasks)


class _NoApp:
    """Leaves functions as they are: a refused one would stop the import of all that follow."""

    def task(self, name: str) -> Any:
        return lambda function: function


@contextmanager
def corner_functions() -> Iterator[dict[str, Any]]:
    """The live functions by name, in a module that is forgotten again."""
    module = types.ModuleType(MODULE)
    sys.modules[MODULE] = module
    module.__dict__["NoApp"] = _NoApp
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = corner_text().replace("app = Horsies()", "app = NoApp()")
            exec(compile(text, f"{MODULE}.py", "exec", dont_inherit=True), module.__dict__)
            yield {name: module.__dict__[name] for name in CORNERS}
    finally:
        del sys.modules[MODULE]
