"""What an editor shows: pyright's language server is asked for the hover over decorated tasks and over a client's stubs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = '''\
from shop_client import Client

from horsies import Horsies, TaskError, TaskResult

app = Horsies()


@app.task("process_order")
def process_order(*, order_id: int, note: str | None = None) -> TaskResult[str, TaskError]:
    """Process an order, with a note."""
    return TaskResult(ok=f"{order_id} {note}")


process_order.send(order_id=1)
Client(app).send_email.send(to="a", subject="b")
'''


class LanguageServer:
    """pyright's language server over a folder, spoken to over its pipes."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [Path(sys.executable).parent / "pyright-langserver", "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self.tell("initialized", {})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a request; whatever the server asks meanwhile is answered with nothing."""
        self._number += 1
        self._write({"id": self._number, "method": method, "params": params})
        while True:
            heard = self._read()
            if "method" in heard and "id" in heard:
                items = (
                    heard.get("params", {}).get("items", []) if heard["method"] == "workspace/configuration" else None
                )
                self._write({"id": heard["id"], "result": None if items is None else [None] * len(items)})
            elif heard.get("id") == self._number:
                assert "error" not in heard, heard
                return heard["result"]

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification."""
        self._write({"method": method, "params": params})

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _write(self, body: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        data = json.dumps({"jsonrpc": "2.0", **body}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert length, "the language server ended"
        heard: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return heard


@pytest.fixture(scope="module")
def hover(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What is shown over the first occurrence of a word behind another text."""
    folder = tmp_path_factory.mktemp("hover")
    shutil.copytree(ROOT / "generated" / "shop_client", folder / "shop_client")
    settings = {"extraPaths": [str(ROOT)], "venvPath": str(Path(sys.prefix).parent), "venv": Path(sys.prefix).name}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    program = folder / "program.py"
    program.write_text(PROGRAM)
    server = LanguageServer(folder)
    document = {"uri": program.as_uri(), "languageId": "python", "version": 1, "text": PROGRAM}
    server.tell("textDocument/didOpen", {"textDocument": document})

    def shown(before: str, word: str) -> str:
        offset = PROGRAM.index(before + word) + len(before)
        line = PROGRAM.count("\n", 0, offset)
        place = {"line": line, "character": offset - (PROGRAM.rfind("\n", 0, offset) + 1)}
        answer = server.ask("textDocument/hover", {"textDocument": {"uri": program.as_uri()}, "position": place})
        return " ".join(str(answer["contents"]["value"]).split())

    yield shown
    server.stop()


def test_a_decorated_task_shows_its_signature(hover: Any) -> None:
    text = hover("\n\n\n", "process_order.send")
    assert "order_id: int" in text
    assert "note: str | None = None" in text
    assert "Process an order, with a note." in text


def test_sending_a_decorated_task_shows_what_it_takes(hover: Any) -> None:
    text = hover("process_order.", "send(")
    assert "order_id: int" in text
    assert "TaskHandle[str, str]" in text
    assert "Enqueue the task." in text


def test_a_stub_shows_signature_and_docstring_at_the_send(hover: Any) -> None:
    text = hover("send_email.", "send(to")
    assert 'template: Literal["receipt", "shipped", "delayed"]' in text.replace("'", '"')
    assert "Send an e-mail." in text
    assert "The address is checked for an @ and nothing else." in text


def test_a_stub_shows_how_its_task_runs(hover: Any) -> None:
    assert "Send an e-mail." in hover("Client(app).", "send_email")
