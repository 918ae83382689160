"""A git repository with one module of tasks, and ``horsies-codegen`` run in it as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

APP = """\
from horsies import Horsies, TaskError, TaskResult

app = Horsies()


@app.task("ship")
def ship(*, order_id: int, fragile: bool = False) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""
COMMAND = [sys.executable, "-c", "from horsies_codegen.cli import main; main()"]


class Project:
    """A git repository with one module of tasks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.exists():
            folder.mkdir(parents=True)
            self.git("init", "-q", "-b", "main")
            self.write(APP)

    def git(self, *arguments: str, **variables: str) -> str:
        names = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        return subprocess.run(
            ["git", *names, *arguments],
            cwd=self.folder,
            env={**os.environ, **variables},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def write(self, text: str, path: str = "src/tasks.py") -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def edit(self, old: str, new: str, path: str = "src/tasks.py") -> None:
        text = (self.folder / path).read_text(encoding="utf-8")
        assert old in text
        self.write(text.replace(old, new), path)

    def commit(self, age_days: float = 0) -> str:
        moment = f"{time.time() - age_days * 86_400:.0f} +0000"
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "state", "--date", moment, GIT_COMMITTER_DATE=moment)
        return self.git("rev-parse", "HEAD")

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self.call([*COMMAND, *arguments], cwd)

    def call(self, command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_COLOR": "1"}
        return subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def breaking(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("breaking", "src", *arguments)

    def findings(self, *arguments: str) -> list[dict[str, object]]:
        answer = self.breaking(*arguments, "--format", "json")
        found = json.loads(answer.stdout)["findings"]
        assert isinstance(found, list)
        return found
