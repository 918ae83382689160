"""A set of frozen objects through a generated client, whose own classes no set can hold."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from codegen_commands import Project

from horsies import Ok
from horsies_core.testing import inline_sends

TASKS = """\
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from horsies import Horsies, TaskError, TaskResult

app = Horsies()


class Line(BaseModel):
    model_config = ConfigDict(frozen=True)
    sku: str


class Pair(NamedTuple):
    line: Line
    count: int


@app.task("count")
def count(*, lines: set[Line], pairs: frozenset[Pair], words: set[str]) -> TaskResult[set[Line], TaskError]:
    return TaskResult(ok=lines | {pair.line for pair in pairs})
"""


@pytest.mark.parametrize("style", ["typed-dict", "dataclass", "pydantic"])
def test_they_go_there_and_come_back(
    style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "out"))
    source, package = f"counting_{style[:2]}", f"{style[:2]}_client"
    (tmp_path / f"{source}.py").write_text(TASKS)
    built = Project(tmp_path, capsys).run(
        "build", f"{source}.py", "--models", style, "--out", "out", "--package", package
    )
    assert built.code == 0, built.out
    importlib.invalidate_caches()
    app = importlib.import_module(source).app
    client = importlib.import_module(package).Client(app)
    models = importlib.import_module(f"{package}.models")
    lines = [models.Line(sku="b"), models.Line(sku="a")]
    with inline_sends(app) as sent:
        result = client.count.send(lines=lines, pairs=[models.Pair(lines[0], 2)], words={"x"}).get()
    assert sent[0].row.payload == b'{"lines":[{"sku":"b"},{"sku":"a"}],"pairs":[[{"sku":"b"},2]],"words":["x"]}'
    match result:
        case Ok(found):
            assert sorted(item["sku"] if isinstance(item, dict) else item.sku for item in found) == ["a", "b"]
        case other:
            raise AssertionError(other)
    for name in [name for name in sys.modules if name.startswith((source, package))]:
        del sys.modules[name]
