"""The public face: every name is there, cheap to import, and the same for people and type checkers."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import horsies
import horsies.client

FORBIDDEN = ("psycopg", "pydantic", "pydantic_core", "jsonschema_rs", "libcst", "click", "asyncio", "sqlite3")


def _loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running the code."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import horsies",
        "import horsies.client",
        "from horsies import Horsies, AppConfig, PostgresConfig, TaskResult, TaskError, RetryPolicy, QueueConfig",
        "from horsies import Horsies; app = Horsies(); app.discover_tasks(['a.b'])",
        "from horsies import Horsies, TaskResult, TaskError; app = Horsies()\n"
        "@app.task('t')\n"
        "def t(*, x: int, tags: 'list[str] | None' = None) -> TaskResult[dict[str, int], TaskError]: return TaskResult(ok={})",
    ],
)
def test_importing_loads_nothing_heavy(code: str) -> None:
    assert not _loaded_by(code) & set(FORBIDDEN)


def test_everything_may_be_imported_at_once() -> None:
    names: dict[str, object] = {}
    exec("from horsies import *", names)  # as at the head of a module
    assert _declared() <= names.keys()


def test_importing_is_quick(tmp_path: Path) -> None:
    """By processor time, which other processes disturb least, and measured by what asyncio takes on the same machine."""
    bare = "import time; print(time.process_time())"
    program = bare.replace("print", "from horsies import Horsies, AppConfig, TaskResult; import horsies.client; print")
    asyncio = bare.replace("print", "import asyncio; print")
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}

    def seconds(code: str) -> float:
        command = [sys.executable, "-c", code]
        return float(subprocess.run(command, capture_output=True, check=True, timeout=120, env=environment).stdout)

    for code in (program, asyncio):
        seconds(code)  # writes the bytecode
    ours, theirs, neither = (min(seconds(code) for _ in range(5)) for code in (program, asyncio, bare))
    assert ours - neither < 3 * (theirs - neither)


def _declared() -> set[str]:
    """The names that type checkers see."""
    tree = ast.parse(Path(horsies.__file__).read_text(encoding="utf-8"))
    [guarded, _] = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        alias.asname or alias.name for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_type_checkers_and_programs_see_the_same_names() -> None:
    assert _declared() == set(horsies._HOME_OF)
    for name in _declared():
        assert getattr(horsies, name) is not None
    assert _declared() <= set(dir(horsies))


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="Horse"):
        _ = horsies.Horse  # type: ignore[attr-defined]


def test_the_version_is_the_packages() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{horsies.__version__}"' in text


def test_the_clients_face() -> None:
    assert repr(horsies.client.UNSET) == "UNSET"
    assert set(horsies.client.__all__) <= set(dir(horsies.client))
