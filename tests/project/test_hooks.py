"""The hooks for pre-commit: what they run is there, and the documentation names them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from horsies_codegen.cli import main

ROOT = Path(__file__).parents[2]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^  entry: (.+)$", HOOKS, re.MULTILINE)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_hook_runs_a_command_that_is_there(
    entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As pre-commit runs it: the entry, then the arguments of the user's file."""
    (tmp_path / "tasks.py").write_text(
        'from horsies import Horsies, TaskError, TaskResult\napp = Horsies()\n\n\n@app.task("x")\n'
        "def x() -> TaskResult[None, TaskError]: ...\n"
    )
    monkeypatch.chdir(tmp_path)
    program, *arguments = entry.split()
    assert program == "horsies-codegen"
    with pytest.raises(SystemExit) as built:
        main(["build", "tasks.py"])
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "tasks.py"])
    assert (built.value.code, ended.value.code) == (0, 0)
    capsys.readouterr()


def test_every_hook_is_documented() -> None:
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    ids = re.findall(r"^- id: (\S+)$", HOOKS, re.MULTILINE)
    assert ids == re.findall(r"^      - id: (\S+)$", page, re.MULTILINE)
    assert len(ids) == len(ENTRIES)
    assert HOOKS.count('additional_dependencies: [".[codegen]"]') == len(ids)
