"""Runs a Markdown page as its reader would: every file is written, every command run, every output compared.

Fenced blocks and what is done with them::

    ```python file=tasks.py     (any language with file=) is written to that file in the page's folder
    ```python                   is run as a script there
    ```console                  lines with "$ " are run by bash; the lines below are what must come out ("..." stands for anything)
    ```console exit=1           the same for a command that must fail so
    ```text                     is shown only

A page may say that it begins with a copy of a folder of the repository::

    <!-- begins with: examples/legacy -->

A command that ends in " &" runs in the background until the page is over, and must then end cleanly on SIGTERM; the lines below
it are what must appear before the next command is run.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
BEGINS = re.compile(r"<!-- begins with: (?P<folder>\S+) -->")
ROOT = Path(__file__).parents[2]
SHOWN_ONLY = frozenset({"text", "diff"})
COMMAND_LIMIT_S = 300
START_LIMIT_S = 120


@dataclass(frozen=True)
class Block:
    """One fenced block: language, attributes, text and the line it starts on."""

    language: str
    attributes: dict[str, str]
    body: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in FENCE.finditer(page):
        language, *words = match["info"].split() or [""]
        attributes = dict(word.split("=", 1) for word in words)
        yield Block(language, attributes, match["body"], page.count("\n", 0, match.start()) + 1)


@dataclass
class PageRun:
    """One page being followed in a folder of its own."""

    folder: Path
    name: str
    background: list[tuple[str, subprocess.Popen[bytes], Path]] = field(
        default_factory=list[tuple[str, "subprocess.Popen[bytes]", Path]]
    )

    @property
    def environment(self) -> dict[str, str]:
        """The reader's shell: the project's tools on the PATH, an embedded database of the page's own."""
        tools = str(Path(sys.executable).parent)
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("HORSIES_")},
            "PATH": tools + os.pathsep + os.environ["PATH"],
            "HORSIES_DATA_DIR": str(self.folder / ".horsies"),
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def follow(self, page: str) -> int:
        """Do all that the page says and return how many blocks were executed."""
        done = 0
        begins = BEGINS.search(page)
        if begins is not None:
            shutil.copytree(ROOT / begins["folder"], self.folder, dirs_exist_ok=True)
        try:
            for block in blocks(page):
                done += self._follow_block(block)
        finally:
            self._stop_background()
        return done

    def _follow_block(self, block: Block) -> int:
        where = f"{self.name}:{block.line}"
        if "file" in block.attributes:
            path = self.folder / block.attributes["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.language == "python":
            self._run(f"{sys.executable} - <<'PAGE'\n{block.body}PAGE", "...", 0, where)
        elif block.language == "console":
            for command, expected in _commands(block.body):
                if command.endswith(" &"):
                    self._start(command[:-2], expected, where)
                else:
                    self._run(command, expected, int(block.attributes.get("exit", "0")), where)
        else:
            assert block.language in SHOWN_ONLY, f"{where}: nothing is known of a block called {block.language!r}"
            return 0
        return 1

    def _run(self, command: str, expected: str, exit_code: int, where: str) -> None:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_LIMIT_S,
            check=False,
        )
        output = done.stdout.decode()
        shown = (
            f"{where}: $ {command}\n--- shown on the page\n{expected}\n--- came out (exit {done.returncode})\n{output}"
        )
        assert done.returncode == exit_code, shown
        assert _fits(expected, output), shown

    def _start(self, command: str, expected: str, where: str) -> None:
        log = self.folder / f".background-{len(self.background)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.background.append((command, process, log))
        give_up = time.monotonic() + START_LIMIT_S
        while not _fits(expected.rstrip("\n") + "\n...", log.read_text() + "\n"):
            assert process.poll() is None, f"{where}: {command!r} ended:\n{log.read_text()}"
            assert time.monotonic() < give_up, f"{where}: {command!r} did not say {expected!r}:\n{log.read_text()}"
            time.sleep(0.05)

    def _stop_background(self) -> None:
        for command, process, log in reversed(self.background):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(timeout=START_LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
            assert code == 0, f"{command!r} ended with {code}:\n{log.read_text()}"


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output shown below it ("..." if none is)."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        command = [lines.pop(0)]
        while command[-1].endswith("\\"):
            command.append(lines.pop(0).removeprefix("> "))
        expected = "\n".join(lines).strip("\n")
        yield "\n".join(command), expected + "\n" if expected else "..."


def _fits(expected: str, output: str) -> bool:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(expected, output, flags)
