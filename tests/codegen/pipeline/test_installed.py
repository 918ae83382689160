"""Types of installed packages are read as source; what is wrong with them is found where the project uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from horsies_codegen.cache import Cache
from horsies_codegen.config import Config
from horsies_codegen.lint import Selection
from horsies_codegen.pipeline import Effort, analyse, inspect
from horsies_codegen.source import discover

MODELS = """from enum import Enum
from pydantic import BaseModel, field_serializer
from .money import Money

class Level(Enum):
    LOW = "low"

class Invoice(BaseModel):
    number: int
    level: Level = Level.LOW
    total: Money | None = None

class Odd(BaseModel):
    a: int
    @field_serializer("a")
    def written(self, value): return str(value)
"""
TASKS = """from acme_pay import {0}
from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("pay")
def pay(*, what: {0}) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an environment of its own beside it."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.chdir(tmp_path)
    package = tmp_path / ".venv/lib/python3.11/site-packages/acme_pay"
    package.mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").touch()
    (package / "__init__.py").write_text("from acme_pay.models import *\n")
    (package / "models.py").write_text(MODELS)
    (package / "money.py").write_text("from typing import NewType\nMoney = NewType('Money', int)\n")
    (tmp_path / "src").mkdir()
    return tmp_path


def _write(project: Path, name: str) -> None:
    (project / "src/tasks.py").write_text(TASKS.format(name))


def test_a_model_of_an_installed_package_resolves(project: Path) -> None:
    _write(project, "Invoice")
    with discover(["src"]) as tree:
        found = analyse(tree, Config(), Selection())
    assert found.findings == ()
    names = set(found.resolution.tasks[0].draft.definitions)
    assert names == {"acme_pay.models:Invoice", "acme_pay.models:Level", "acme_pay.money:Money"}


def test_what_is_wrong_in_a_package_is_found_where_it_is_used(project: Path) -> None:
    _write(project, "Odd")
    with discover(["src"]) as tree:
        [finding] = inspect(tree, Config(), Selection()).findings
    assert finding.code == "HC007"
    assert finding.place is not None
    assert (finding.place.path, finding.place.span.start.line) == ("src/tasks.py", 7)
    assert finding.related[0].place.path.endswith("acme_pay/models.py")


def test_an_update_of_a_package_counts(project: Path) -> None:
    _write(project, "Invoice")
    effort = Effort(cache=Cache(project / "cache"))
    with discover(["src"]) as tree:
        assert inspect(tree, Config(), Selection(), effort).findings == ()
    (project / ".venv/lib/python3.11/site-packages/acme_pay/money.py").unlink()
    with discover(["src"]) as tree:
        [finding] = inspect(tree, Config(), Selection(), effort).findings
    assert finding.code == "HC005"
