"""Running `horsies-codegen` in this process: small projects, what it prints, and its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from horsies_codegen.cli import main

APP = "from horsies import Horsies\n\napp = Horsies()\n"
HEADER = "from horsies import RetryPolicy, TaskError, TaskResult\nfrom shop.app import app\n\n"
SEND = '''
@app.task("send_email")
def send_email(*, to: str, cc: list[str] | None = None) -> TaskResult[None, TaskError]:
    """Send an e-mail."""
    return TaskResult(err=TaskError(error_code="BAD_ADDRESS"))
'''
SHIP = """
@app.task("ship", timeout_ms=5_000)
def ship(*, order_id: int) -> TaskResult[str, TaskError]:
    return TaskResult(ok="")
"""


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str


class Project:
    """A folder with a package ``shop`` below ``src``, which is the working folder too."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.write("src/shop/__init__.py", "")
        self.write("src/shop/app.py", APP)

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def read(self, path: str) -> str:
        """The text of a file of the project."""
        return (self.folder / path).read_text(encoding="utf-8")

    def tasks(self, *tasks: str, module: str = "tasks") -> Path:
        """Write a module of tasks."""
        return self.write(f"src/shop/{module}.py", HEADER + "".join(tasks))

    def run(self, *arguments: str) -> Ran:
        """Run a command. Whatever ends with another code than 0 must have said why."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        code = int(ended.value.code or 0)
        captured = self._capsys.readouterr()
        assert code == 0 or captured.out or captured.err, "failed without a word"
        return Ran(code, captured.out, captured.err)
